"""Whether journeys that begin today are still the coordinator's: the role of the lead passes on, older journeys stay."""

from activities.casework.holders import HOLDING
from activities.store.organisations import Organisation
from api.deps import Desk


async def others_lead(desk: Desk) -> Organisation | None:
    """Who leads the journeys that begin today, if that is another agency than the coordinator's own."""
    return another(desk, await desk.session.scalar(HOLDING, led_today(desk)))


def led_today(desk: Desk) -> dict[str, object]:
    """What HOLDING is asked with for the lead of today."""
    day = desk.office.today()
    return {"role": desk.office.shelf.on(day).lead, "territory": desk.actor.territory, "day": day, "commune": ""}


def another(desk: Desk, lead: Organisation | None) -> Organisation | None:
    """The lead, if it is not the coordinator's own agency. Where nobody leads, whoever opens a journey is told."""
    return None if lead is None or lead.id == desk.actor.organisation_id else lead
