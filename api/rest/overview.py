"""The board, notices, and the kinds with their forms."""

from typing import Any

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict
from pydantic_core import to_json

from activities.casework.notices import mark_all_seen, mark_seen
from activities.casework.permits import demand
from activities.plan.access import Verb
from api.deps import SignedIn
from api.errors import documented
from api.reads import notices
from api.reads.board import board
from api.rest.journeys import Limit, Page

router = APIRouter(tags=["overview"])


@router.get("/board", response_model=dict[str, Any], responses=documented(401, 403))
async def read_board(caller: SignedIn) -> Response:
    """Stalled steps within the caller's scope."""
    async with caller.desk() as desk:
        demand(desk.actor, Verb.READ_BOARD)
        shown = await board(desk)
    return Response(to_json(shown), media_type="application/json")  # a thousand numbers, written in one go


@router.get("/notices", responses=documented(400, 401, 422))
async def list_notices(caller: SignedIn, cursor: str = "", limit: Limit = 50) -> Page:
    """Notices put before the caller, newest first."""
    async with caller.desk() as desk:
        return Page(**await notices.page(desk, cursor, limit))


@router.post("/notices/{notice_id}/seen", status_code=204, responses=documented(401, 404, 422))
async def see_notice(notice_id: str, caller: SignedIn) -> Response:
    """Mark a notice as seen."""
    async with caller.desk() as desk:
        await mark_seen(desk.session, desk.office, desk.actor, notice_id)
    return Response(status_code=204)


class SeenBody(BaseModel):
    """Up to which moment all were seen: the `at` of the newest one shown."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"until": "2024-03-05T02:00:00Z"}]})

    until: AwareDatetime


@router.post("/notices/seen", status_code=204, responses=documented(400, 401, 422))
async def see_all_notices(body: SeenBody, caller: SignedIn) -> Response:
    """Mark all notices up to a moment as seen."""
    async with caller.desk() as desk:
        await mark_all_seen(desk.session, desk.office, desk.actor, body.until)
    return Response(status_code=204)


@router.get("/task-kinds", responses=documented(401))
async def list_kinds(caller: SignedIn) -> dict[str, Any]:
    """Every task kind of today's plan: labels, clock with its source, and the JSON Schema of its outcome."""
    async with caller.desk() as desk:
        plan = desk.office.shelf.on(desk.office.today())
        return {
            "items": [
                {
                    "kind": kind.code,
                    "stage": kind.stage,
                    "label": kind.label.model_dump(),
                    "neutral": kind.neutral.model_dump(),
                    "tone": kind.tone.value,
                    "repeatable": kind.repeatable,
                    "clock": {"budget": str(kind.clock.budget), "source": kind.clock.source.model_dump()},
                    "schema": desk.office.registry[kind.code].outcome.model_json_schema(),
                }
                for kind in plan.kinds
            ]
        }
