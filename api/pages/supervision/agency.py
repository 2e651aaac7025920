"""One agency: its numbers, who has how much in hand, its oldest rows, how it is reached. Fit for print."""

from fastapi import APIRouter, Response

from activities.casework.contacts import reached
from activities.casework.permits import demand
from activities.plan.access import Verb
from api.pages.show import show
from api.pages.supervision.board import NUMBERS
from api.pages.visitor import Visits
from api.reads import agencies, contacts, tasks
from api.reads.board import board

router = APIRouter(prefix="/board/agencies")
ROWS = 20


@router.get("/{code}")
async def agency(code: str, visitor: Visits) -> Response:
    """As of now, the part of it the caller watches."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.READ_BOARD)
        own = await agencies.one(desk, code)
        found = await board(desk)
        numbers = next((each for each in found["agencies"] if each["organisation"]["code"] == code), None)
        page = await tasks.page(desk, tasks.box(desk, "board", "open", code), "", ROWS)
        return await show(
            visitor, desk, "supervisor/agency.html", organisation=own, as_of=found["as_of"], own=numbers, numbers=NUMBERS,
            load=await agencies.load(desk, own.id), rows=page["items"], more=page["next"],
            contact=contacts.shape((await reached(desk.session, desk.office, [own]))[0]),
            silent=next((each for each in found["silent"] if each["organisation"]["code"] == code), None),
        )  # fmt: skip
