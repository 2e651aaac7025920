"""Whether journeys that begin today are still the coordinator's: the role of the lead passes on, older journeys stay."""

from activities.casework.holders import NobodyHoldsError, holder
from activities.store.organisations import Organisation
from api.deps import Desk


async def others_lead(desk: Desk) -> Organisation | None:
    """Who leads the journeys that begin today, if that is another agency than the coordinator's own."""
    plan = desk.office.shelf.on(desk.office.today())
    try:
        lead = await holder(desk.session, plan.lead, desk.actor.territory, desk.office.today())
    except NobodyHoldsError:
        return None  # whoever opens one is told
    return None if lead.id == desk.actor.organisation_id else lead
