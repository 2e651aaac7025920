"""My work: one list, most urgent first; beside it what came back, what may come, what is done."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from activities.casework.errors import InvalidError
from activities.domain.states import Role
from api.deps import Desk
from api.pages.show import show
from api.pages.visitor import Visits
from api.reads import results
from api.reads import work as reads
from api.reads.upcoming import upcoming

router = APIRouter(include_in_schema=False)
PER_PAGE = 50
LISTS = ("agency", "mine", "returned", "look_again", "handed_down", "upcoming", "done")


@router.get("/work")
async def work(
    visitor: Visits,
    box: Annotated[str, Query(max_length=20)] = "agency",
    cursor: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """The officer's list of one box."""
    async with visitor.desk() as desk:
        page, groups = await _page(desk, box, cursor)
        whole = box == "upcoming" and not cursor and not page["next"]
        coming = (
            {"upcoming": len(page["items"])} if whole else {}
        )  # derived, not stored: counted where all of it is read
        return await show(
            visitor, desk, "officer/work.html", box=box, lists=LISTS, groups=groups, page=page,
            counts=await reads.counts(desk, box) | coming, answers_returns=Role.COORDINATOR in desk.actor.roles,
        )  # fmt: skip


async def _page(desk: Desk, box: str, cursor: str) -> tuple[dict[str, Any], list[tuple[str, list[dict[str, Any]]]]]:
    """The rows, and the same in groups: by urgency, or of what is done by journey."""
    if box not in LISTS:
        raise InvalidError("box-unknown")
    if box == "upcoming":
        page = await upcoming(desk, cursor)
        return page, [("upcoming", page["items"])] if page["items"] else []
    if box == "done":
        page = await results.page(desk, cursor, PER_PAGE)
        return page, _by_journey(page["items"])
    page = await reads.page(desk, box, cursor, PER_PAGE)
    named = [(name, [row for row in page["items"] if row["group"] == name]) for name in reads.GROUPS]
    return page, [(name, rows) for name, rows in named if rows]


def _by_journey(items: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """All rows of a journey in one place, that with the newest row first; rows whose journey is not to be known keep together."""
    found = dict[str, list[dict[str, Any]]]()
    for row in items:
        found.setdefault(str(row["journey"]["reference"]) if row["journey"] else "", []).append(row)
    return list(found.items())
