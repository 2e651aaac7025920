"""How long work stays where, and how much of it is on time."""

from fastapi import APIRouter, Response

from activities.casework.permits import demand
from activities.plan.access import Verb
from api.pages.show import show
from api.pages.visitor import Visits, in_language_of
from api.reads import flow as reads
from api.reads import labels

router = APIRouter(prefix="/board/flow")


@router.get("")
async def page(visitor: Visits) -> Response:
    """The year behind, and how journeys stand now."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.READ_BOARD)
        found = await reads.flow(desk, in_language_of(visitor, desk).language)
        return await show(visitor, desk, "supervisor/flow.html", flow=found, stages=labels.stages(desk))
