"""All organisations of a territory at once: as a tree, and as names to choose from."""

from collections import defaultdict
from typing import Any

from sqlalchemy import func, select

from activities.casework.away import can_answer
from activities.store.organisations import Officer, Organisation, RoleHolder
from api.deps import Desk
from api.reads.organisations import role
from api.sorting import by_name


async def tree(desk: Desk, language: str) -> list[dict[str, Any]]:
    """Every organisation, each under the one that directs it; `depth` from 0, `officers`: how many could answer a task."""
    rows = await _rows(desk, language)
    ids = [row.id for row in rows]
    held = defaultdict[str, list[dict[str, Any]]](list)
    roles = select(RoleHolder).where(RoleHolder.organisation_id.in_(ids)).order_by(RoleHolder.since, RoleHolder.role)
    for each in await desk.session.scalars(roles):
        held[each.organisation_id].append(role(each))
    counted = select(Officer.organisation_id, func.count()).where(can_answer()).group_by(Officer.organisation_id)
    able = {row[0]: row[1] for row in await desk.session.execute(counted)}
    below = defaultdict[str | None, list[Organisation]](list)
    for row in rows:
        below[row.parent_id if row.parent_id in ids else None].append(row)
    found = list[dict[str, Any]]()

    def grow(parent: str | None, depth: int) -> None:
        for row in below[parent]:
            name = {"vi": row.name_vi, "en": row.name_en}
            found.append({"code": row.code, "name": name, "depth": depth, "roles": held[row.id], "officers": able.get(row.id, 0)})  # fmt: skip
            grow(row.id, depth + 1)

    grow(None, 0)
    return found


async def names(desk: Desk, language: str) -> list[tuple[str, str]]:
    """Code and name of each, as the language sorts them."""
    return [(row.code, _name(row, language)) for row in await _rows(desk, language)]


async def _rows(desk: Desk, language: str) -> list[Organisation]:
    wanted = select(Organisation).where(Organisation.territory == desk.actor.territory)
    return by_name(await desk.session.scalars(wanted), lambda row: _name(row, language))


def _name(row: Organisation, language: str) -> str:
    return row.name_en if language == "en" else row.name_vi
