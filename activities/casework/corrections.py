"""What an agency answered is corrected: the old value is kept, who relied on it is told, and the way follows forward."""

from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import answers, clocks, journal, outbox
from activities.casework.basis import basis_of
from activities.casework.context import Office
from activities.casework.correcting import answering, apply, chooses, sealed
from activities.casework.effects import Effect, Foresee, effect_of
from activities.casework.errors import ConflictError, ForbiddenError, InvalidError
from activities.casework.locks import lock_task
from activities.casework.news import still_open
from activities.casework.notices import notify
from activities.casework.permits import demand, of_task
from activities.casework.winners import stands
from activities.domain.ids import new_id
from activities.domain.outcomes import Outcome
from activities.domain.states import TaskState
from activities.plan.access import Actor, Verb
from activities.plan.model import Plan
from activities.store.corrections import Correction
from activities.store.journeys import Journey
from activities.store.tasks import Task


class Corrected(BaseModel):
    """What should have been answered. `happened_at`: the fact's own time, where that was wrong too."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcome: dict[str, Any]
    happened_at: AwareDatetime | None = None
    reason: str


class Correcting:
    """One correction as it is asked for, on locked rows."""

    def __init__(self, office: Office, journey: Journey, task: Task, asked: Corrected) -> None:
        self.office, self.journey, self.task, self.reason = office, journey, task, asked.reason
        self.outcome: Outcome = answers.checked(office, task.kind, asked.outcome)
        self.happened_at: datetime = asked.happened_at or task.happened_at or office.now()
        if self.happened_at > office.now():
            raise InvalidError("happened-in-future")
        self.old, self.new = answers.whole(office, task), self.outcome.model_dump(mode="json")
        self.fields = sorted(name for name in self.new if self.new[name] != self.old.get(name))
        if self.happened_at != task.happened_at:
            self.fields.append("happened_at")
        if not self.fields:
            raise InvalidError("correction-empty")

    async def effect(self, session: AsyncSession, foresee: Foresee) -> tuple[Effect, bool]:
        """What would change beside the answer itself, and whether two must agree: then the journey must still be open."""
        basis = await basis_of(session, self.office, self.journey)
        effect = await effect_of(basis, self.office, self.task, self.outcome, self.happened_at, foresee)
        decided = effect.turns or chooses(self.task, self.outcome, self.fields)
        if decided:
            still_open(self.journey)
        return effect, decided

    def row(self, actor: Actor, effect: Effect, *, objection: bool) -> Correction:
        """The correction as it is kept: both values sealed, for either may tell of the person."""
        said = {
            "reason": self.reason, "old": self.old, "new": self.new, "happened_at": self.happened_at.isoformat(),
            "happened_before": self.task.happened_at.isoformat() if self.task.happened_at else "",
        }  # fmt: skip
        id_ = new_id("correction")
        return Correction(
            id=id_, task_id=self.task.id, journey_id=self.journey.id, state="proposed", objection=objection,
            sealed=sealed(self.office, id_, said), fields=self.fields,
            effect=effect.shown(), digest=effect.digest, by_id=actor.officer_id, organisation_id=actor.organisation_id,
            at=self.office.now(),
        )  # fmt: skip


async def preview(
    session: AsyncSession, office: Office, actor: Actor, task_id: str, asked: Corrected, foresee: Foresee
) -> dict[str, Any]:
    """What a correction would change, before anybody asks for it; nothing is written."""
    correcting, objection = await _correcting(session, office, actor, task_id, asked)
    effect, decided = await correcting.effect(session, foresee)
    return {
        "fields": correcting.fields,
        "effect": effect.shown(),
        "needs_decision": decided or objection,
        "objection": objection,
    }


async def correct(
    session: AsyncSession, office: Office, actor: Actor, task_id: str, asked: Corrected, foresee: Foresee
) -> Correction:
    """Correct one's answer: at once where no way was chosen by it, else once coordinator and supervisor agree.

    An agency whose paper somebody else entered objects within the plan's term: that is a request for correction.
    """
    correcting, objection = await _correcting(session, office, actor, task_id, asked)
    journey, task = correcting.journey, correcting.task
    waiting = select(Correction.id).where(Correction.task_id == task.id, Correction.state == "proposed")
    if await session.scalar(waiting) is not None:
        raise ConflictError("correction-waits", winner={"state": "proposed"})
    effect, decided = await correcting.effect(session, foresee)
    row = correcting.row(actor, effect, objection=objection)
    session.add(row)
    await session.flush()
    if not decided and not objection:
        await apply(session, office, journey, task, row, effect, actor.officer_id)
        return row
    await _put_before(session, office, journey, task, row)
    return row


async def _put_before(session: AsyncSession, office: Office, journey: Journey, task: Task, row: Correction) -> None:
    """Those who decide are told, and a clock climbs until they do."""
    plan = await office.shelf.ensure(session, journey.plan_hash)
    kind = plan.kind(task.kind)
    row.due_at = clocks.due_of(office, office.now(), kind.reply.budget or kind.grace)
    journal.write(
        session, office, journey, "correction-proposed", officer=row.by_id, task=task.id, kind=task.kind,
        correction=row.id, fields=row.fields, objection=row.objection,
    )  # fmt: skip
    notify(session, office, journey, journey.lead_id, "correction-proposed", task=task.id, audience="coordinator")
    notify(
        session,
        office,
        journey,
        task.answerable_id or task.organisation_id,
        "correction-proposed",
        task=task.id,
        audience="supervisor",
    )
    await outbox.send(session, journey.id, "watch", code=row.id)


async def _correcting(
    session: AsyncSession, office: Office, actor: Actor, task_id: str, asked: Corrected
) -> tuple[Correcting, bool]:
    """The correction on its locked rows, and whether it is an objection to what was entered from a paper."""
    journey, task = await lock_task(session, task_id)
    subject = of_task(journey, task)
    demand(actor, Verb.CORRECT, subject)
    ours = actor.organisation_id in answering(task)
    if not ours and task.on_behalf_of is None:
        raise ForbiddenError("not-your-verb")
    if task.state is not TaskState.DONE:
        raise ConflictError("task-not-done", winner=stands(task))
    if not asked.reason.strip():
        raise InvalidError("reason-missing")
    objection = ours and task.on_behalf_of is not None and actor.organisation_id != journey.lead_id
    if objection:
        until = objection_until(office, await office.shelf.ensure(session, journey.plan_hash), task)
        if until is not None and office.now() > until:
            raise ConflictError("objection-too-late", winner={"state": task.state.value, "until": until})
    return Correcting(office, journey, task, asked), objection


def objection_until(office: Office, plan: Plan, task: Task) -> datetime | None:
    """Until when an agency may object to what was entered from its paper; None where nothing was."""
    if task.on_behalf_of is None or task.ended_at is None:
        return None
    return clocks.due_of(office, task.entered_at or task.ended_at, plan.objection.budget)
