"""The administrator's front page, and the log of what administrators did."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from activities.casework.permits import demand
from activities.plan.access import Verb
from activities.plan.checks import unconfirmed_wording, unknown_rules
from api.pages.show import show
from api.pages.visitor import Visits
from api.reads import offices
from api.reads import organisations as reads

router = APIRouter(prefix="/administration", include_in_schema=False)
PER_PAGE = 50


@router.get("")
async def front(visitor: Visits) -> Response:
    """The rooms, and in each what waits for the administrator."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.ADMINISTER)
        plan = desk.office.shelf.on(desk.office.today())
        empty = [row for row in await offices.tree(desk, "vi") if row["roles"] and not row["officers"]]
        return await show(
            visitor, desk, "administration/front.html", empty=empty, plan=plan, unknown=len(unknown_rules(plan)),
            unconfirmed=len(unconfirmed_wording(plan)),
        )  # fmt: skip


@router.get("/log")
async def log(visitor: Visits, cursor: Annotated[int, Query(ge=0, lt=2**31)] = 0) -> Response:
    """Newest first."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.ADMINISTER)
        return await show(visitor, desk, "administration/log.html", page=await reads.log(desk, cursor, PER_PAGE))
