"""The communes of a territory as a form offers them."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from activities.casework.holders import held_on
from activities.store.organisations import Organisation, RoleHolder
from api.deps import Desk
from api.pages.wording import Wording
from api.sorting import by_name

HELD = (
    select(Organisation)
    .join(RoleHolder, RoleHolder.organisation_id == Organisation.id)
    .where(RoleHolder.role == "commune", RoleHolder.territory == bindparam("territory"), held_on(bindparam("day")))
)
"""Those of a territory that hold the role on a day."""


async def communes(desk: Desk, wording: Wording) -> list[tuple[str, str]]:
    """Code and name of each commune of the caller's territory today, as the language sorts them."""
    given = {"territory": desk.actor.territory, "day": desk.office.today()}
    return offered(await desk.session.scalars(HELD, given), wording)


def offered(found: Iterable[Organisation], wording: Wording) -> list[tuple[str, str]]:
    """Code and name of each of these, as the language sorts them."""
    return by_name([(each.commune, wording.named(each)) for each in found], lambda each: each[1])
