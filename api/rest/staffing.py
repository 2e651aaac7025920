"""Absences, and hand-overs of all that one officer holds."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from activities.casework.absences import end_absence, record_absence
from activities.casework.handovers import take_over
from api.deps import Key, SignedIn
from api.errors import documented
from api.reads import absences
from api.rest.journeys import Limit, Page

router = APIRouter(tags=["staff"])
Name = Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")]
REFUSED = documented(400, 401, 403, 404, 409, 422)


class AbsenceBody(BaseModel):
    """From when to when, both days included. `officer`: a username, left out for oneself; `substitute`: who stands in."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"from": "2024-03-11", "to": "2024-03-15", "substitute": "labour-division.coordinator"}]
        },
    )

    officer: Name = ""
    since: date = Field(alias="from")
    until: date = Field(alias="to")
    substitute: Name = ""


class HandoverBody(BaseModel):
    """All live tasks of one officer. `to`: a username of the same agency, empty for its queue."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"from_officer": "labour-division.officer", "to": "labour-division.coordinator", "reason": "…"}
            ]
        },
    )

    from_officer: Name
    to: Name = ""
    reason: Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]


@router.post("/absences", status_code=201, responses=REFUSED, response_model=dict[str, Any])
async def post_absence(body: AbsenceBody, caller: SignedIn, key: Key) -> JSONResponse:
    """Record an absence: one's own, or as head or administrator an officer's."""
    async with caller.desk(alone=True) as desk:

        async def work() -> dict[str, Any]:
            row = await record_absence(desk.session, desk.office, desk.actor, **body.model_dump())
            return await absences.absence(desk, row)

        return await desk.once(key, "absences", body, 201, work)


@router.get("/absences", responses=documented(400, 401, 422))
async def list_absences(caller: SignedIn, cursor: str = "", limit: Limit = 50) -> Page:
    """Who is or will be away: of the caller's office and those below it."""
    async with caller.desk() as desk:
        return Page(**await absences.page(desk, cursor, limit))


@router.delete("/absences/{absence_id}", status_code=204, responses=documented(401, 403, 404, 409, 422))
async def delete_absence(absence_id: str, caller: SignedIn) -> Response:
    """End an absence early, or take it back."""
    async with caller.desk(alone=True) as desk:
        await end_absence(desk.session, desk.office, desk.actor, absence_id)
    return Response(status_code=204)


@router.post("/handovers", status_code=201, responses=REFUSED, response_model=dict[str, Any])
async def post_handover(body: HandoverBody, caller: SignedIn, key: Key) -> JSONResponse:
    """The head gives everything one officer holds to another, or back to the agency's queue."""
    async with caller.desk(alone=True) as desk:

        async def work() -> dict[str, Any]:
            return absences.handover(await take_over(desk.session, desk.office, desk.actor, **body.model_dump()))

        return await desk.once(key, "handovers", body, 201, work)
