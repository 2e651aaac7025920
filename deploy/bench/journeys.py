"""Journeys of twelve tasks over HTTP: started by the coordinator, each task answered by its agency's officer."""

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from activities.domain.states import JourneyState
from activities.plan.calendar import TIME_ZONE
from activities.store.journeys import Journey
from deploy.bench.place import Place
from deploy.rehearsal.outcomes import outcome_of

LOOK = 0.01  # seconds between two looks at which tasks have opened
MOMENT = 0.05  # seconds between seeing a task and sending its answer
TASKS = 12
SPECIAL: dict[
    str, dict[str, Any]
] = {  # a paper proves the status, one service is needed, all ends well: the shortest way through every stage
    "check_information": {"result": "proven", "proof": "police"},
    "assess_needs": {"needs": ["social"]},
    "follow_up": {"result": "settled"},
}


OPEN = text(  # asked a hundred times a second: it must cost next to nothing beside what is measured
    "SELECT task.id, task.kind, organisation.code, task.journey_id FROM task"
    " JOIN organisation ON organisation.id = task.organisation_id"
    " WHERE task.journey_id = ANY(:journeys) AND task.state = 'open'"
)


class Agencies:
    """Looks at the rows for tasks that opened and hands each to whoever waits for that journey's."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.waiting: dict[str, asyncio.Queue[tuple[str, str, str, float]]] = {}
        self.handed: set[str] = set()

    async def watch(self) -> None:
        """Look until cancelled."""
        while True:
            if self.waiting:
                with suppress(OSError, DBAPIError):  # the database may be killed meanwhile
                    await self._look()
            await asyncio.sleep(LOOK)

    async def _look(self) -> None:
        async with self._place.engine.connect() as connection:
            found = (await connection.execute(OPEN, {"journeys": list(self.waiting)})).all()
        for task, kind, code, journey in found:
            if task not in self.handed and journey in self.waiting:
                self.handed.add(task)
                self.waiting[journey].put_nowait((task, kind, code, time.perf_counter()))


def answer_of(kind: str) -> dict[str, Any]:
    """The answer of this kind, today."""
    today = datetime.now(TIME_ZONE).date()
    return {
        "outcome": outcome_of(None, kind, 1, today) | SPECIAL.get(kind, {}),
        "happened_at": datetime.now(UTC).isoformat(),
    }


def report() -> dict[str, Any]:
    """Somebody came back by themselves and wants to stay."""
    return {
        "commune": "tri-an", "residence_commune": "tri-an", "happened_at": datetime.now(UTC).isoformat(),
        "way_of_return": "self_returned", "wish": "stay",
    }  # fmt: skip


async def journey(place: Place, agencies: Agencies) -> None:
    """One journey, from its start until its last task is answered; every agency answers in its own time."""
    coordinator = await place.desk("labour-division.coordinator")
    opened = await coordinator.act("/journeys", report())
    queue = agencies.waiting[opened["id"]] = asyncio.Queue()
    last = ""
    async with asyncio.TaskGroup() as officers:
        while last != "close_journey":
            task, last, code, _ = await queue.get()
            officers.create_task(_answer(place, task, last, code))
    del agencies.waiting[opened["id"]]


async def _answer(place: Place, task: str, kind: str, agency: str) -> None:
    """An officer needs a moment to see that there is something to do."""
    officer = await place.desk(f"{agency}.officer")
    await asyncio.sleep(MOMENT)
    await officer.act(f"/tasks/{task}/outcome", answer_of(kind), revision=1)


async def many(place: Place, clients: int, journeys: int) -> float:
    """Tasks a second of so many clients at once, until the last story has closed its journey."""
    agencies = Agencies(place)
    watching = asyncio.create_task(agencies.watch())
    begun = time.perf_counter()

    async def some(count: int) -> None:
        for _ in range(count):
            await journey(place, agencies)

    await asyncio.gather(*(some(journeys // clients) for _ in range(clients)))
    await all_closed(place)
    took = time.perf_counter() - begun
    watching.cancel()
    return (journeys // clients) * clients * TASKS / took


async def all_closed(place: Place) -> None:
    """Wait until no journey is open."""
    while True:
        with suppress(OSError, DBAPIError):
            async with place.sessions() as session:
                left = select(Journey.id).where(Journey.state != JourneyState.CLOSED).limit(1)
                if await session.scalar(left) is None:
                    return
        await asyncio.sleep(LOOK)


async def hops(place: Place, journeys: int) -> list[float]:
    """Seconds from an answer to the task it leads to: support to visit, visit to close; one client."""
    agencies, found = Agencies(place), list[float]()
    watching = asyncio.create_task(agencies.watch())
    coordinator = await place.desk("labour-division.coordinator")
    for _ in range(journeys):
        opened = await coordinator.act("/journeys", report())
        queue = agencies.waiting[opened["id"]] = asyncio.Queue()
        last, sent = "", 0.0
        while last != "close_journey":
            task, last, code, seen = await queue.get()
            if last in ("follow_up", "close_journey"):
                found.append(seen - sent)
            officer = await place.desk(f"{code}.officer")
            sent = time.perf_counter()
            await officer.act(f"/tasks/{task}/outcome", answer_of(last), revision=1)
        del agencies.waiting[opened["id"]]
    await all_closed(place)
    watching.cancel()
    return found
