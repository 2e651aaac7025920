"""Journeys: reported, started, read."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from activities.casework.journeys import AlreadyDone, Report, Start, report_person, start_journey
from activities.domain.states import JourneyState
from api.deps import Key, SignedIn
from api.errors import documented
from api.moments import Moment
from api.reads import journey as whole_journey
from api.reads import journeys

router = APIRouter(tags=["journeys"])
Limit = Annotated[int, Query(ge=1, le=200)]


REPORT: dict[str, Any] = {
    "commune": "tri-an", "happened_at": "2024-03-04T01:00:00Z", "way_of_return": "self_returned", "child": False,
    "foreigner": False, "danger": False, "language": "vi",
}  # fmt: skip
DONE: dict[str, Any] = {
    "kind": "check_information", "happened_at": "2024-03-01T02:00:00Z",
    "document": {"number": "12/BC", "date": "2024-03-01", "signer": "…"}, "outcome": {},
}  # fmt: skip


class ReportBody(Report):
    """What any officer writes down when a person comes to them. `commune`: the reception commune's code."""

    model_config = ConfigDict(json_schema_extra={"examples": [REPORT]})

    commune: str = Field(max_length=60)
    happened_at: Moment
    language: str = Field("vi", max_length=60)


class DoneBody(AlreadyDone):
    """A task done on paper before the journey was opened here. `outcome`: the shape of the kind, see GET /task-kinds."""

    happened_at: Moment


class StartBody(Start):
    """A report, with what a coordinator may add."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [REPORT | {"residence_commune": "vinh-an", "wish": "home", "already_done": [DONE]}]
        }
    )

    commune: str = Field(max_length=60)
    happened_at: Moment
    language: str = Field("vi", max_length=60)
    residence_commune: str = Field("", max_length=60)
    papers: tuple[str, ...] = Field((), max_length=50)
    already_done: tuple[DoneBody, ...] = Field((), max_length=100)


class Opened(BaseModel):
    """A journey that was opened. The reference is random and says nothing."""

    id: str
    reference: str


class Page(BaseModel):
    """One page of rows, and the cursor of the next (null at the end)."""

    items: list[dict[str, Any]]
    next: str | None


@router.post("/reports", status_code=201, response_model=Opened, responses=documented(400, 401, 403, 409, 422))
async def report(body: ReportBody, caller: SignedIn, key: Key) -> JSONResponse:
    """Any officer reports a person who came: opens the journey and counts as that agency's reception."""
    async with caller.desk() as desk:

        async def work() -> Opened:
            journey = await report_person(desk.session, desk.office, desk.actor, body)
            return Opened(id=journey.id, reference=journey.reference)

        return await desk.once(key, "reports", body, 201, work)


@router.post("/journeys", status_code=201, response_model=Opened, responses=documented(400, 401, 403, 409, 422))
async def start(body: StartBody, caller: SignedIn, key: Key) -> JSONResponse:
    """The coordinator starts a journey, with what is known and already done."""
    async with caller.desk() as desk:

        async def work() -> Opened:
            journey = await start_journey(desk.session, desk.office, desk.actor, body)
            return Opened(id=journey.id, reference=journey.reference)

        return await desk.once(key, "journeys", body, 201, work)


@router.get("/journeys", responses=documented(400, 401, 422))
async def list_journeys(
    caller: SignedIn,
    cursor: str = "",
    limit: Limit = 50,
    state: JourneyState | None = None,
    stage: Annotated[str, Query(max_length=60)] = "",
    commune: Annotated[str, Query(max_length=60)] = "",
    reference: Annotated[str, Query(max_length=20)] = "",
    overdue: bool = False,
    child: bool = False,
    place: Annotated[str, Query(max_length=60)] = "",
) -> Page:
    """The journeys the caller leads or watches, newest first; each filter narrows the list."""
    wanted = journeys.Filter(state, stage, commune, reference, overdue, child, place=place.strip())
    async with caller.desk() as desk:
        return Page(**await journeys.page(desk, cursor, limit, wanted))


@router.get("/journeys/{journey_id}", responses=documented(401, 404, 422))
async def read_journey(journey_id: str, caller: SignedIn) -> dict[str, Any]:
    """Where a journey stands."""
    async with caller.desk() as desk:
        return await whole_journey.detail(desk, journey_id)


@router.get("/journeys/{journey_id}/timeline", responses=documented(401, 404, 422))
async def read_timeline(
    journey_id: str, caller: SignedIn, cursor: Annotated[int, Query(ge=0, lt=2**31)] = 0, limit: Limit = 100
) -> Page:
    """What happened, oldest first."""
    async with caller.desk() as desk:
        return Page(**await journeys.timeline(desk, journey_id, cursor, limit))
