"""Counts that move while a page is open: server-sent events, woken by whatever is recorded."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg
from fastapi import APIRouter, Request
from sqlalchemy.exc import DBAPIError
from sse_starlette import EventSourceResponse, ServerSentEvent

from activities.casework.errors import CaseError
from activities.casework.outbox import CHANNEL
from activities.plan.access import Verb, may
from api.pages.visitor import Visitor, Visits
from api.reads.frame import frame
from api.words import upto

router = APIRouter(include_in_schema=False)
log = logging.getLogger(__name__)
QUIET = 1.0  # seconds between two looks, however much is recorded meanwhile
SLOWLY = 30.0  # seconds after which is looked without being woken: the net under a lost notification
AGAIN = 2.0  # seconds until the listener tries the database once more
SHOWN = ("unseen", "work", "again")


class Pulse:
    """One listener a process: whoever waits is woken when something was recorded."""

    def __init__(self, url: str) -> None:
        self._url, self._beat = url, asyncio.Event()

    async def wait(self, seconds: float) -> bool:
        """Until something was recorded, or so long: not everything that is recorded strikes. Whether it struck."""
        with suppress(TimeoutError):
            return await asyncio.wait_for(self._beat.wait(), seconds)
        return False

    async def listen(self) -> None:
        """Listen until cancelled, also after the database was away."""
        while True:
            try:
                await self._hear(await asyncpg.connect(self._url))
            except (OSError, asyncpg.PostgresError) as error:
                log.warning("pulse_lost", extra={"code": type(error).__name__})
            await asyncio.sleep(AGAIN)

    async def _hear(self, connection: asyncpg.Connection) -> None:
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        try:
            await connection.add_listener(CHANNEL, lambda *_: self._strike())
            await lost.wait()
        finally:
            await connection.close()

    def _strike(self) -> None:
        self._beat.set()
        self._beat = asyncio.Event()


@asynccontextmanager
async def listening(app: Any) -> AsyncIterator[None]:
    """While the process serves: its one listener."""
    url = app.state.means.settings.database.url.get_secret_value().replace("+asyncpg", "")
    app.state.pulse = Pulse(url)
    listener = asyncio.create_task(app.state.pulse.listen())
    try:
        yield
    finally:
        listener.cancel()
        with suppress(asyncio.CancelledError):
            await listener


@router.get("/live")
async def live(request: Request, visitor: Visits) -> EventSourceResponse:
    """The visitor's counts, now and whenever they change; a browser that lost the line asks again by itself."""
    async with visitor.desk():
        pass  # who is not signed in is told so before the stream begins
    return EventSourceResponse(_counts(request, visitor), ping=15)


async def _counts(request: Request, visitor: Visitor) -> AsyncIterator[ServerSentEvent]:
    """`counts`, now and when they change; `moved`, for whoever watches a board: it may have changed."""
    told, patience = None, QUIET
    while not await request.is_disconnected():
        try:
            async with visitor.desk() as desk:
                found, watches = await frame(desk), may(desk.actor, Verb.READ_BOARD).allowed
        except (CaseError, DBAPIError, OSError):
            return  # signed out, or the database is away: the browser comes again
        counts = {name: upto(found[name]) for name in SHOWN}
        if counts != told:
            told = counts
            yield ServerSentEvent(json.dumps(counts), event="counts")
        elif watches:
            yield ServerSentEvent("{}", event="moved")
        await asyncio.sleep(QUIET)
        struck = await request.app.state.pulse.wait(patience)
        patience = QUIET if struck else min(2 * patience, SLOWLY)  # what follows from an act comes a little after it
