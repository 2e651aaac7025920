"""All rooms of the site, put together."""

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from api.pages import assets, live, problems, report, sign_in, task, work
from api.pages.journeys import acts, listed, one, timeline
from api.pages.supervision import rooms as supervision

ROOMS = (assets, sign_in, work, task, report, live, listed, timeline, acts, one, supervision)
LEAST = 800  # bytes below which packing costs more than it saves


def open_site(app: FastAPI) -> None:
    """Add the pages to the application; what they refuse is told as a page."""
    app.state.draw_problem = problems.draw
    for room in ROOMS:
        app.include_router(room.router)
    app.add_middleware(GZipMiddleware, minimum_size=LEAST)
