"""Everything an officer holds goes to a colleague, or to their agency's queue."""

from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.colleagues import heir_of, officer_named
from activities.casework.context import Office
from activities.casework.errors import InvalidError
from activities.casework.hands import give, lock_held
from activities.casework.permits import demand
from activities.casework.strength import demand_strength
from activities.domain.ids import new_id
from activities.plan.access import Actor, Verb
from activities.store.absences import Handover
from activities.store.organisations import Officer


async def take_over(
    session: AsyncSession, office: Office, actor: Actor, from_officer: str, to: str, reason: str
) -> Handover:
    """The head of an agency gives all live tasks of one officer (a username) to another, or with `to` empty to the queue."""
    leaver, subject = await officer_named(session, actor, from_officer)
    demand(actor, Verb.HAND_OVER, subject)
    if not reason.strip():
        raise InvalidError("reason-missing")
    heir = await heir_of(session, office, leaver, to, "to") if to else None
    await demand_strength(session, office, leaver.organisation_id)
    return await hand_all(session, office, leaver, heir, reason, by=actor.officer_id)


async def hand_all(
    session: AsyncSession, office: Office, leaver: Officer, heir: Officer | None, reason: str, *, by: str
) -> Handover:
    """Carry it out under lock, whoever decided it: each task journalled, each new holder told."""
    held = await lock_held(session, [leaver.id])
    row = Handover(
        id=new_id("handover"), organisation_id=leaver.organisation_id, from_id=leaver.id,
        to_id=heir.id if heir else None, reason=reason, tasks=len(held), by_id=by, at=office.now(),
    )  # fmt: skip
    session.add(row)
    for each in held:
        await give(session, office, each, heir, "handover", by=by, row=row.id)
    return row
