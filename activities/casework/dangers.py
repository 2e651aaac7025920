"""A danger is raised: any officer whose agency has or had a part, and the coordinator, at any moment."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import journal
from activities.casework.context import Office
from activities.casework.locks import lock_journey
from activities.casework.news import still_open, tell
from activities.casework.notices import notify
from activities.casework.permits import demand, of_journey
from activities.domain.ids import new_id
from activities.plan.access import Actor, Verb
from activities.security.columns import seal_with_ring
from activities.store.journeys import Danger


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
