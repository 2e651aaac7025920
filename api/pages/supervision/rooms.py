"""The rooms of supervision, put together."""

from fastapi import APIRouter

from api.pages.supervision import agency, board, bulk, corrections, decide, escalations, flow, requests, rows

router = APIRouter(include_in_schema=False)
for room in (board, rows, agency, decide, bulk, escalations, flow, requests, corrections):
    router.include_router(room.router)
