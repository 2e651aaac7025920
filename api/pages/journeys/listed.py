"""All journeys: filters in the address, search by reference, and by an exact name or number that stands in no address."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Response

from activities.casework.permits import demand
from activities.domain.states import JourneyState
from activities.plan.access import Verb
from api.deps import Desk
from api.pages.communes import communes
from api.pages.journeys.sheet import sheet
from api.pages.show import show
from api.pages.visitor import Posted, Visitor, Visits, in_language_of
from api.pages.wording import Wording
from api.reads import journeys
from api.reads.journeys import Filter
from api.sheets import MEDIA

router = APIRouter(include_in_schema=False)
PER_PAGE = 50
SHEET = 5_000  # rows of one sheet
Code = Annotated[str, Query(max_length=60)]


async def wanted(
    state: Code = "",
    stage: Code = "",
    commune: Code = "",
    reference: Code = "",
    overdue: Code = "",
    child: Code = "",
    place: Code = "",
) -> dict[str, str]:
    """The filters of an address; empty ones are left out."""
    given = {
        "state": state,
        "stage": stage,
        "commune": commune,
        "reference": reference.strip(),
        "overdue": overdue,
        "child": child,
        "place": place.strip(),
    }
    return {name: value for name, value in given.items() if value}


Wanted = Annotated[dict[str, str], Depends(wanted)]


@router.get("/journeys")
async def listed(visitor: Visits, given: Wanted, cursor: Annotated[str, Query(max_length=300)] = "") -> Response:
    """The journeys the caller leads or watches, newest first."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.READ_BOARD)
        return await _page(visitor, desk, given, cursor)


@router.post("/journeys/search")
async def search(visitor: Visits, form: Posted) -> Response:
    """Find a journey by an exact name, paper number or telephone: it is looked for by its seal and kept nowhere."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.START_JOURNEY)
        found = await journeys.with_identity(desk, str(form.get("identity", ""))[:500])
        page = await journeys.page(desk, "", PER_PAGE, Filter(ids=found))
        return await _page(visitor, desk, {}, "", page, searched=True)


@router.get("/journeys.xlsx")
async def exported(visitor: Visits, given: Wanted) -> Response:
    """The same rows and columns as a sheet, newest first; who the person is stands in none of them."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.READ_BOARD)
        page = await journeys.page(desk, "", SHEET, as_filter(given))
        wording, cut_at = Wording(in_language_of(visitor, desk).language), SHEET if page["next"] else 0
        body = sheet(page["items"], wording, desk.office.now(), cut_at=cut_at)
    return Response(body, media_type=MEDIA, headers={"Content-Disposition": 'attachment; filename="homeward.xlsx"'})


def as_filter(given: dict[str, str]) -> Filter:
    """The filters as the read takes them; a state nobody knows finds nothing rather than everything."""
    state = next((each for each in JourneyState if each == given.get("state")), None)
    return Filter(
        state, given.get("stage", ""), given.get("commune", ""), given.get("reference", ""),
        bool(given.get("overdue")), bool(given.get("child")), () if given.get("state") and not state else None, given.get("place", ""),
    )  # fmt: skip


async def _page(
    visitor: Visitor,
    desk: Desk,
    given: dict[str, str],
    cursor: str,
    page: dict[str, Any] | None = None,
    *,
    searched: bool = False,
) -> Response:
    page = page or await journeys.page(desk, cursor, PER_PAGE, as_filter(given))
    wording = Wording(in_language_of(visitor, desk).language)
    plan = desk.office.shelf.on(desk.office.today())
    return await show(
        visitor, desk, "coordinator/journeys.html", page=page, given=given, query=urlencode(given), searched=searched,
        stages=plan.stages, states=list(JourneyState), communes=await communes(desk, wording),
        leads=desk.actor.lead and "coordinator" in desk.actor.roles, labels={each.code: each.label for each in plan.stages},
        without={name: urlencode({other: value for other, value in given.items() if other != name}) for name in given},
    )  # fmt: skip
