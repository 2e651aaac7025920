"""All organisations of a territory at once: as a tree, and as names to choose from."""

from collections import defaultdict
from typing import Any

from sqlalchemy import select

from activities.store.organisations import Organisation
from api.deps import Desk
from api.reads.organisations import some
from api.sorting import by_name


async def tree(desk: Desk, language: str) -> list[dict[str, Any]]:
    """Every organisation, each under the one that directs it; `depth` from 0, `officers`: how many could answer a task."""
    rows = by_name(await some(desk), lambda each: each["name"]["en" if language == "en" else "vi"])
    codes = {each["code"] for each in rows}
    below = defaultdict[str, list[dict[str, Any]]](list)
    for each in rows:
        below[each["parent"] if each["parent"] in codes else ""].append(each)
    found = list[dict[str, Any]]()

    def grow(parent: str, depth: int) -> None:
        for each in below[parent]:
            found.append(each | {"depth": depth})
            grow(each["code"], depth + 1)

    grow("", 0)
    return found


async def names(desk: Desk, language: str) -> list[tuple[str, str]]:
    """Code and name of each, as the language sorts them."""
    name = Organisation.name_en if language == "en" else Organisation.name_vi
    wanted = select(Organisation.code, name).where(Organisation.territory == desk.actor.territory)
    return by_name([(row[0], row[1]) for row in await desk.session.execute(wanted)], lambda each: each[1])
