"""A correction is decided by coordinator and supervisor, two people, neither of whom asked for it."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import agreements, journal
from activities.casework.basis import Basis, basis_of
from activities.casework.context import Office
from activities.casework.correcting import apply, chooses, proposed, said, sealed
from activities.casework.effects import Effect, Foresee, effect_of
from activities.casework.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, StaleError
from activities.casework.locks import lock_task
from activities.casework.news import still_open
from activities.casework.notices import notify
from activities.casework.permits import demand, of_task
from activities.domain.states import DecisionKind
from activities.plan.access import Actor, Subject, Verb, may
from activities.store.corrections import Correction
from activities.store.journeys import Journey
from activities.store.tasks import Task


async def lock_correction(session: AsyncSession, correction_id: str) -> tuple[Journey, Task, Correction]:
    """A correction, its task and its journey: the journey's lock keeps them all. NotFoundError for an unknown id."""
    task_id = await session.scalar(select(Correction.task_id).where(Correction.id == correction_id))
    if task_id is None:
        raise NotFoundError("correction-unknown")
    journey, task = await lock_task(session, task_id)
    return journey, task, await session.get_one(Correction, correction_id)


async def effect_now(basis: Basis, office: Office, task: Task, row: Correction, foresee: Foresee) -> Effect:
    """What the correction would change as things stand."""
    return await effect_of(basis, office, task, *proposed(office, task, row), foresee)


async def decide_correction(
    session: AsyncSession,
    office: Office,
    actor: Actor,
    correction_id: str,
    *,
    grant: bool,
    reason: str,
    digest: str,
    foresee: Foresee,
) -> Correction:
    """Agree, or refuse with a reason; StaleError where the effect is no longer the one that was shown (`digest`).

    Who agreed to another effect before is asked again: both agree to the same, or nothing is done.
    """
    journey, task, row = await lock_correction(session, correction_id)
    subject = of_task(journey, task)
    demand(actor, Verb.READ_TASK, subject, unknown="correction-unknown")
    as_coordinator = may(actor, Verb.RECORD_WISH, subject).allowed
    _may_decide(actor, subject, row, as_coordinator=as_coordinator)
    if row.state != "proposed":
        raise ConflictError("correction-decided", winner={"state": row.state, "at": row.decided_at})
    if not grant:
        return _refused(session, office, journey, task, row, actor, reason)
    effect = await effect_now(await basis_of(session, office, journey), office, task, row, foresee)
    turns = effect.turns or chooses(task, proposed(office, task, row)[0], row.fields)
    if turns:
        still_open(journey)
    if effect.digest != digest:
        raise StaleError("effect-changed", effect=effect.shown(), digest=effect.digest)
    await agreements.ask_again(session, office, journey, task, row, actor, digest)
    agreements.agree(session, office, journey, task, row, actor, _as(as_coordinator=as_coordinator), digest)
    if row.coordinator_id and (row.supervisor_id or not turns):
        row.effect, row.digest = effect.shown(), effect.digest
        await apply(session, office, journey, task, row, effect, actor.officer_id)
        _tell(session, office, journey, task, row, "correction-applied")
    return row


def waits_for(actor: Actor, journey: Journey, task: Task, row: Correction, digest: str = "") -> bool:
    """Whether the correction waits for this actor's word: theirs to decide, and not given yet, or to another effect (`digest`: today's)."""
    subject = of_task(journey, task)
    as_coordinator = may(actor, Verb.RECORD_WISH, subject).allowed
    try:
        _may_decide(actor, subject, row, as_coordinator=as_coordinator)
    except (ForbiddenError, NotFoundError):
        return False
    role = _as(as_coordinator=as_coordinator)
    giver, _ = agreements.given(row, role)
    return row.state == "proposed" and (giver is None or role in agreements.asked_again(row, digest))


def _as(*, as_coordinator: bool) -> str:
    return agreements.COORDINATOR if as_coordinator else agreements.SUPERVISOR


def _may_decide(actor: Actor, subject: Subject, row: Correction, *, as_coordinator: bool) -> None:
    if not as_coordinator and row.by_id != actor.officer_id:
        demand(actor, Verb.DECIDE, subject, decision=DecisionKind.REASSIGN)
    other = row.supervisor_id if as_coordinator else row.coordinator_id
    if actor.officer_id in (row.by_id, other):
        raise ForbiddenError("own-request")


def _refused(
    session: AsyncSession, office: Office, journey: Journey, task: Task, row: Correction, actor: Actor, reason: str
) -> Correction:
    if not reason.strip():
        raise InvalidError("reason-missing")
    row.state, row.decided_at = "refused", office.now()
    row.sealed = sealed(office, row.id, said(office, row) | {"answer": reason})
    journal.write(
        session, office, journey, "correction-refused", officer=actor.officer_id, task=task.id, kind=task.kind,
        correction=row.id, said=reason,
    )  # fmt: skip
    _tell(session, office, journey, task, row, "correction-refused")
    return row


def _tell(session: AsyncSession, office: Office, journey: Journey, task: Task, row: Correction, code: str) -> None:
    """The one who asked hears how it was decided."""
    notify(session, office, journey, row.organisation_id, code, task=task.id, officer=row.by_id)
