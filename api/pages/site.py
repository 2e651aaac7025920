"""All rooms of the site, put together."""

from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from api.border import KEPT
from api.pages import (
    absences,
    account,
    assets,
    contacts,
    guide,
    handover,
    invitation,
    live,
    locked,
    notices,
    parts,
    problems,
    report,
    sign_in,
    work,
)
from api.pages.administration import days, front, leaving, officers, organisations, plans, role_days
from api.pages.followed import Followed
from api.pages.journeys import acts, comments, listed, one, timeline
from api.pages.starting import before, begun, importing, opening, steps
from api.pages.supervision import agency, board, bulk, corrections, decide, escalations, flow, requests, rows
from api.pages.tasks import answering, asking, correcting, handing, papers, sure

EVERYBODY = (assets, sign_in, live, account, absences, notices, locked, guide, contacts, invitation, handover)
OFFICER = (work, answering, asking, correcting, papers, sure, handing, report)
COORDINATOR = (  # /journeys/{id} comes last
    begun, steps, before, opening, importing, listed, timeline, comments, acts, one,
)  # fmt: skip
SUPERVISOR = (board, rows, agency, decide, bulk, escalations, flow, requests, corrections)
ADMINISTRATOR = (front, organisations, role_days, officers, leaving, days, plans)
ROOMS = (
    *SUPERVISOR,
    *OFFICER,
    *COORDINATOR,
    *EVERYBODY,
    *ADMINISTRATOR,
)  # an address is compared room by room: the dearest pages first
FILE = "/attachments/{attachment_id}"  # no page to go back to
LEAST = 800  # bytes below which packing costs more than it saves


class Packed:
    """Pages go packed over the wire; files and what programs ask for go as they are, with their length. Styles pack themselves.

    A page, drawn anew each time, is packed at half the cost of the tightest, and a twentieth more bytes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._as_is, self._page = app, GZipMiddleware(app, LEAST, compresslevel=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        path = scope["path"] if scope["type"] == "http" else "/api/"
        as_is = path.startswith(("/api/", KEPT)) or "/attachments" in path
        await (self._as_is if as_is else self._page)(scope, receive, send)


def open_site(app: FastAPI) -> None:
    """Add the pages to the application; what they refuse is told as a page."""
    app.state.draw_problem = problems.draw
    if app.state.means.settings.api.parts:  # a practice: nobody is kept out of any part
        app.state.taken = {}
        app.include_router(parts.router)  # before the others: its front page is the choice
    app.state.readable = frozenset(each.path for each in routes("GET") if not each.path.endswith(FILE))
    for room in ROOMS:
        app.include_router(room.router, include_in_schema=False)
    app.add_middleware(Followed)
    app.add_middleware(Packed)


def routes(method: str) -> Iterator[APIRoute]:
    """What answers to this method, at addresses as they are written: `/tasks/{task_id}`."""
    every = (route for room in ROOMS for route in room.router.routes if isinstance(route, APIRoute))
    return (route for route in every if method in (route.methods or ()))
