"""All organisations of a territory at once: as a tree, and as names to choose from."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, select

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
    return called(await desk.session.execute(CALLED, {"territory": desk.actor.territory}), language)


CALLED = select(Organisation.code, Organisation.name_vi, Organisation.name_en).where(
    Organisation.territory == bindparam("territory")
)
"""Code, Vietnamese and English name of each organisation of a territory."""


def called(found: Iterable[tuple[str, str, str]], language: str) -> list[tuple[str, str]]:
    """Code and name of each of these, as the language sorts them."""
    return by_name([(code, en if language == "en" else vi) for code, vi, en in found], lambda each: each[1])
