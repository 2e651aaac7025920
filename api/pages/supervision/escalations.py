"""Who was told of what is overdue, and what of it came to nobody; that is sent once more from here."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from activities.casework.permits import demand
from activities.casework.resending import resend
from activities.plan.access import Verb
from api.pages.show import show, to, within
from api.pages.visitor import Posted, Visits
from api.reads import escalations as reads

router = APIRouter(prefix="/board/escalations")
PER_PAGE = 20


@router.get("")
async def page(
    visitor: Visits,
    box: Annotated[str, Query(max_length=20)] = "overdue",
    cursor: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """One page of ladders."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.READ_BOARD)
        found = await reads.page(desk, box, cursor, PER_PAGE)
        return await show(visitor, desk, "supervisor/escalations.html", page=found, box=box, boxes=reads.BOXES)


@router.post("/{task_id}/resend")
async def send_again(task_id: str, visitor: Visits, form: Posted) -> Response:
    """Send what came to nobody once more."""
    async with visitor.desk() as desk:
        await resend(desk.session, desk.office, desk.actor, task_id)
    return to(within(str(form.get("back", "/board/escalations"))), "resent")
