"""Counts and lists that move while a page is open: server-sent events to whoever may see what was recorded."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg
from fastapi import APIRouter, Request
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sse_starlette import EventSourceResponse, ServerSentEvent

from activities.casework.errors import CaseError
from activities.casework.outbox import CHANNEL, STIRRED
from activities.plan.access import Scope, Subject, Verb, may, scope
from activities.store.engine import Sessions
from api.pages.visitor import Visitor, Visits
from api.reads.frame import frame, newest
from api.reads.moved import Moves, of_organisations
from api.words import upto

router = APIRouter(include_in_schema=False)
log = logging.getLogger(__name__)
QUIET = 1.0  # seconds between two looks, however much is recorded meanwhile
BUSY = 8.0  # seconds at most, where every look found something: a list that never rests is drawn less often
SLOWLY = 30.0  # seconds after which is looked without being woken: the net under what time alone changes
AGAIN = 2.0  # seconds until the listener tries the database once more
BREATH = 0.2  # seconds between two questions of the process, however often it is woken
REMEMBERED = 256  # looks that found something; who slept longer than that is told that something may have moved
SHOWN = ("unseen", "work", "again")


class Pulse:
    """One listener a process, which asks once for all who wait: who may see something of what was recorded is woken."""

    def __init__(self, url: str, sessions: Sessions) -> None:
        self._url, self._sessions = url, sessions
        self._beat, self._struck = asyncio.Event(), asyncio.Event()
        self._moved = deque[tuple[int, frozenset[Subject]]](maxlen=REMEMBERED)
        self.number = 0  # of the last look that found something

    def concerns(self, seen: Scope, since: int) -> bool:
        """Whether anything within `seen` moved after look number `since`."""
        if self._moved and self._moved[0][0] > since + 1:
            return True
        return any(seen.covers(each) for number, places in self._moved if number > since for each in places)

    async def wait(self, seen: Scope, since: int, seconds: float) -> bool:
        """Until something within `seen` moved, or so long. Whether it did."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self.concerns(seen, since):
                    since = self.number
                    await self._beat.wait()
                return True
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
            await connection.add_listener(CHANNEL, lambda *_: self._struck.set())
            await connection.add_listener(STIRRED, lambda *told: self._tell(of_organisations(str(told[-1]).split())))
            await lost.wait()
        finally:
            await connection.close()

    async def look(self) -> None:
        """Look until cancelled: at once when something was recorded, else every second, as stories and clocks notify nobody."""
        moves = Moves()
        while True:
            self._struck.clear()
            try:
                async with self._sessions() as session:
                    self._tell(await moves.look(session))
            except (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                log.warning("pulse_unsure", extra={"code": type(error).__name__})
            await asyncio.sleep(BREATH)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._struck.wait(), QUIET)

    def _tell(self, places: frozenset[Subject]) -> None:
        if places:
            self.number += 1
            self._moved.append((self.number, places))
            self._beat.set()
            self._beat = asyncio.Event()


@asynccontextmanager
async def listening(app: Any) -> AsyncIterator[None]:
    """While the process serves: its one listener."""
    means = app.state.means
    url = means.settings.database.url.get_secret_value().replace("+asyncpg", "")
    app.state.pulse = Pulse(url, means.sessions)
    work = [asyncio.create_task(each()) for each in (app.state.pulse.listen, app.state.pulse.look)]
    try:
        yield
    finally:
        for each in work:
            each.cancel()
        await asyncio.gather(*work, return_exceptions=True)


@router.get("/live")
async def live(request: Request, visitor: Visits) -> EventSourceResponse:
    """The visitor's counts, now and whenever they change; a browser that lost the line asks again by itself."""
    async with visitor.desk():
        pass  # who is not signed in is told so before the stream begins
    return EventSourceResponse(_counts(request, visitor), ping=15)


async def _counts(request: Request, visitor: Visitor) -> AsyncIterator[ServerSentEvent]:
    """`counts`, now and when they change; `moved`: something the visitor may see changed, or for a board, may have changed."""
    pulse: Pulse = request.app.state.pulse
    told, last, patience, rest, concerned = None, None, QUIET, QUIET, False
    while not await request.is_disconnected():
        since = pulse.number  # before it is looked: what comes meanwhile is looked at again
        try:
            async with visitor.desk() as desk:
                found = await frame(desk, {"newest": newest(desk.actor)})
                seen, watches = scope(desk.actor), may(desk.actor, Verb.READ_BOARD).allowed
        except (CaseError, DBAPIError, OSError):
            return  # signed out, or the database is away: the browser comes again
        counts = {name: upto(found[name]) for name in SHOWN}
        if counts != told:
            yield ServerSentEvent(json.dumps(counts), event="counts")
        elif watches or concerned or found["newest"] != last:
            yield ServerSentEvent("{}", event="moved")
        told, last = counts, found["newest"]
        await asyncio.sleep(rest)
        rest = min(2 * rest, BUSY) if pulse.concerns(seen, since) else QUIET
        concerned = await pulse.wait(seen, since, patience)
        patience = QUIET if concerned else min(2 * patience, SLOWLY)  # what follows from an act comes a little after it
