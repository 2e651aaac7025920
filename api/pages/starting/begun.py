"""The drafts of a coordinator: begin one, go on with one, throw one away."""

from typing import Any

from fastapi import APIRouter, Response

from activities.casework.drafts import drafts_of, new_draft, own_draft, typed_in
from activities.casework.errors import ConflictError
from api.errors import status_of
from api.pages.show import show, to
from api.pages.starting.leading import others_lead
from api.pages.starting.typed import EMPTY
from api.pages.visitor import Posted, Visitor, Visits

router = APIRouter(prefix="/journeys/start", include_in_schema=False)


@router.get("")
async def begun(visitor: Visits) -> Response:
    """What is begun, and the way to begin."""
    return await _page(visitor)


@router.post("")
async def begin(visitor: Visits, _form: Posted) -> Response:
    """A new draft, and its first step."""
    try:
        async with visitor.desk() as desk:
            draft = await new_draft(desk.session, desk.office, desk.actor, "start", EMPTY)
    except ConflictError as refusal:
        return await _page(visitor, refusal)
    return to(f"/journeys/start/{draft.id}/person")


@router.post("/{draft_id}/discard")
async def discard(draft_id: str, visitor: Visits, _form: Posted) -> Response:
    """Throw a draft away; nothing of it stays."""
    async with visitor.desk() as desk:
        await desk.session.delete(await own_draft(desk.session, desk.actor, draft_id, "start"))
    return to("/journeys/start", "draft-discarded")


async def _page(visitor: Visitor, refusal: ConflictError | None = None) -> Response:
    async with visitor.desk() as desk:
        rows = await drafts_of(desk.session, desk.actor, "start")
        drafts: list[dict[str, Any]] = [{"id": row.id, "at": row.at} | typed_in(desk.office, row) for row in rows]
        status = status_of(refusal) if refusal else 200
        return await show(
            visitor,
            desk,
            "starting/begun.html",
            status,
            drafts=drafts,
            refusal=refusal,
            lead=await others_lead(desk),
            days=visitor.means.settings.worker.draft_days,
        )
