"""My work: one list, most urgent first; beside it what came back, what may come, what is done."""

from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from activities.casework.errors import Invalid
from api.deps import Desk
from api.pages.show import show
from api.pages.visitor import Visits
from api.reads import tasks
from api.reads.upcoming import upcoming

router = APIRouter(include_in_schema=False)
PER_PAGE = 50
BOXES = {"agency": "agency", "mine": "mine", "returned": "returned", "done": "done", "handed_down": "handed_down"}


@router.get("/work")
async def work(
    visitor: Visits,
    box: Annotated[str, Query(max_length=20)] = "agency",
    cursor: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """The officer's list of one box."""
    async with visitor.desk() as desk:
        page = await _page(desk, box, cursor)
        return await show(visitor, desk, "officer/work.html", box=box, groups=_groups(page["items"]), page=page)


async def _page(desk: Desk, box: str, cursor: str) -> dict[str, Any]:
    if box == "upcoming":
        return await upcoming(desk)
    if box not in BOXES:
        raise Invalid("box-unknown")
    return await tasks.page(desk, tasks.box(desk, BOXES[box], "", ""), cursor, PER_PAGE)


def _groups(items: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Rows come soonest due first, so those of one urgency stand together."""
    return [(name, list(some)) for name, some in groupby(items, key=lambda row: row.get("due_state", "upcoming"))]
