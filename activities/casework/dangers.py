"""A danger is raised: any officer whose agency has or had a part, and the coordinator, at any moment; read by who acts on it."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import journal
from activities.casework.context import Office
from activities.casework.errors import ForbiddenError, NotFoundError
from activities.casework.locks import lock_journey
from activities.casework.news import still_open, tell
from activities.casework.notices import notify
from activities.casework.permits import demand, of_journey, of_task
from activities.domain.ids import new_id
from activities.domain.states import LIVE
from activities.plan.access import Actor, Verb, scope
from activities.security.columns import open_with_ring, seal_with_ring
from activities.store.journeys import Danger, Journey
from activities.store.organisations import Organisation
from activities.store.tasks import Task

STAGE = "protection"  # of the plan: the tasks a danger opens, one round a danger


async def raise_danger(session: AsyncSession, office: Office, actor: Actor, journey_id: str, note: str = "") -> Danger:
    """Record the danger, open its protection, tell the coordinator. The note is sealed."""
    journey = await lock_journey(session, journey_id)
    demand(actor, Verb.RAISE_DANGER, await of_journey(session, journey))
    still_open(journey)
    count = await session.scalar(select(func.max(Danger.round)).where(Danger.journey_id == journey.id)) or 1
    row = Danger(
        id=new_id("danger"),
        journey_id=journey.id,
        round=count + 1,
        at=office.now(),
        officer_id=actor.officer_id,
        organisation_id=actor.organisation_id,
        sealed=None,
    )
    if note:
        row.sealed = seal_with_ring(office.keyring, f"{row.id}/note", note.encode())
    session.add(row)
    notify(session, office, journey, journey.lead_id, "danger-raised", audience="coordinator")
    journal.write(session, office, journey, "danger-raised", officer=actor.officer_id, round=row.round)
    await tell(session, journey, "danger", round_=row.round)
    return row


async def read_dangers(session: AsyncSession, office: Office, actor: Actor, journey_id: str) -> list[dict[str, Any]]:
    """What was seen, newest first, as far as the caller acts on it; every reading is in the access log.

    The lead reads all. An agency reads the danger of the round in which it has a live task of protection, or answers for one.
    ForbiddenError where it has none.
    """
    journey = await lock_journey(session, journey_id)
    subject = await of_journey(session, journey)
    if not scope(actor).covers(subject):
        raise NotFoundError("journey-unknown")
    rounds = None if journey.lead_id in scope(actor).led_by else await _rounds(session, actor, journey)
    if rounds is not None and not rounds:
        raise ForbiddenError("no-open-task")
    wanted = select(Danger, Organisation).join(Organisation, Organisation.id == Danger.organisation_id)
    wanted = wanted.where(Danger.journey_id == journey.id, *([Danger.round.in_(rounds)] if rounds is not None else []))
    found = (await session.execute(wanted.order_by(Danger.round.desc()))).all()
    await journal.log_access(session, office, journey, actor.officer_id, ["danger"], "")
    return [
        {
            "round": row.round, "at": row.at, "by": by,
            "note": open_with_ring(office.keyring, f"{row.id}/note", row.sealed).decode() if row.sealed else "",
        }
        for row, by in found
    ]  # fmt: skip


def acts_on(actor: Actor, journey: Journey, task: Task) -> bool:
    """Whether the actor needs what was seen for this task: a live one of protection that is theirs, or that they answer for."""
    return task.stage == STAGE and task.state in LIVE and scope(actor).earlier(of_task(journey, task))


async def _rounds(session: AsyncSession, actor: Actor, journey: Journey) -> set[int]:
    theirs = select(Task).where(Task.journey_id == journey.id, Task.stage == STAGE)
    return {task.round for task in await session.scalars(theirs) if acts_on(actor, journey, task)}
