"""The board, notices, and the kinds with their forms."""

from typing import Any

from fastapi import APIRouter, Response
from sqlalchemy import or_, select

from activities.casework.notices import concerns, mark_seen
from activities.casework.permits import demand
from activities.plan.access import Verb
from activities.store.journeys import Journey
from activities.store.notices import Notice
from api.deps import SignedIn
from api.errors import documented
from api.reads.board import board
from api.rest.journeys import Limit, Page

router = APIRouter(tags=["overview"])


@router.get("/board", responses=documented(401, 403))
async def read_board(caller: SignedIn) -> dict[str, Any]:
    """Stalled steps within the caller's scope."""
    async with caller.desk() as desk:
        demand(desk.actor, Verb.READ_BOARD)
        return await board(desk)


@router.get("/notices", responses=documented(401, 422))
async def list_notices(caller: SignedIn, limit: Limit = 50) -> Page:
    """The newest notices put before the caller."""
    async with caller.desk() as desk:
        ours = or_(Notice.organisation_id == desk.actor.organisation_id, Notice.audience == "district")
        rows = select(Notice, Journey).join(Journey, Journey.id == Notice.journey_id).where(ours)
        found = (await desk.session.execute(rows.order_by(Notice.at.desc(), Notice.id).limit(limit * 4))).all()
        names = ("id", "code", "at", "seen_at", "task_id")
        items = [
            {name: getattr(notice, name) for name in names}
            | {"journey": {"id": journey.id, "reference": journey.reference}}
            for notice, journey in found
            if concerns(notice, desk.actor)
        ]
        return Page(items=items[:limit], next=None)


@router.post("/notices/{notice_id}/seen", status_code=204, responses=documented(401, 404, 422))
async def see_notice(notice_id: str, caller: SignedIn) -> Response:
    """Mark a notice as seen."""
    async with caller.desk() as desk:
        await mark_seen(desk.session, desk.office, desk.actor, notice_id)
    return Response(status_code=204)


@router.get("/task-kinds", responses=documented(401))
async def list_kinds(caller: SignedIn) -> dict[str, Any]:
    """Every task kind of today's plan: labels, clock with its source, and the JSON Schema of its outcome."""
    async with caller.desk() as desk:
        plan = desk.office.shelf.on(desk.office.now().date())
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
