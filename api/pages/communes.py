"""The communes of a territory as a form offers them."""

from sqlalchemy import or_, select

from activities.store.organisations import Organisation, RoleHolder
from api.deps import Desk
from api.pages.wording import Wording
from api.sorting import by_name


async def communes(desk: Desk, wording: Wording) -> list[tuple[str, str]]:
    """Code and name of each commune of the caller's territory today, as the language sorts them."""
    today = desk.office.today()
    held = select(Organisation).join(RoleHolder, RoleHolder.organisation_id == Organisation.id)
    wanted = held.where(
        RoleHolder.role == "commune", RoleHolder.territory == desk.actor.territory, RoleHolder.since <= today,
        or_(RoleHolder.until.is_(None), RoleHolder.until >= today),
    )  # fmt: skip
    found = await desk.session.scalars(wanted)
    named = [(each.commune, wording.named(each)) for each in found]
    return by_name(named, lambda each: each[1])
