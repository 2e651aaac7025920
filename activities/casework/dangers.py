"""A danger is raised: any officer whose agency has or had a part, and the coordinator, at any moment; read by who acts on it."""

from typing import Any

from sqlalchemy import func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import journal
from activities.casework.context import Office
from activities.casework.locks import lock_journey
from activities.casework.news import still_open, tell
from activities.casework.notices import notify
from activities.casework.permits import demand, of_journey, of_task
from activities.domain.ids import new_id
from activities.plan.access import PROTECTION, Actor, Verb, may
from activities.security.columns import open_with_ring, seal_with_ring
from activities.store.journeys import Danger, Journey
from activities.store.organisations import Organisation
from activities.store.tasks import Task


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
    whole = may(actor, Verb.READ_DANGER, subject).allowed
    rounds = set[int]() if whole else await _rounds(session, actor, journey)
    if not rounds:
        demand(actor, Verb.READ_DANGER, subject)
    wanted = select(Danger, Organisation).join(Organisation, Organisation.id == Danger.organisation_id)
    wanted = wanted.where(Danger.journey_id == journey.id, true() if whole else Danger.round.in_(rounds))
    found = (await session.execute(wanted.order_by(Danger.round.desc()))).all()
    await journal.log_access(session, office, journey, actor.officer_id, ["danger"], "")
    return [
        {
            "round": row.round, "at": row.at, "by": by,
            "note": open_with_ring(office.keyring, f"{row.id}/note", row.sealed).decode() if row.sealed else "",
        }
        for row, by in found
    ]  # fmt: skip


async def _rounds(session: AsyncSession, actor: Actor, journey: Journey) -> set[int]:
    """Of the dangers whose protection is in the actor's hands."""
    tasks = await session.scalars(select(Task).where(Task.journey_id == journey.id, Task.stage == PROTECTION))
    return {task.round for task in tasks if may(actor, Verb.READ_DANGER, of_task(journey, task)).allowed}
