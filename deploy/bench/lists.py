"""Board, boxes, lists and their pages with a hundred thousand open tasks: time, questions to the database, how it answers them."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any

import httpx
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from api.app import create_app
from deploy.bench.filling import fill
from deploy.bench.measure import Budget, Spread, percentile, spin
from deploy.bench.place import Place
from deploy.local.errors import StackError

READS, LONGEST_MS, QUESTIONS = 300, 50.0, 4
FEW = 50  # open tasks for each reading, up to READS: a small run is a short one
BETWEEN = 10  # readings between two looks at how fast the machine is
BIG = ("task", "journey", "notice")  # tables that are never read from end to end
OFFICER, LEAD, DISTRICT = "labour-division.officer", "labour-division.coordinator", "district.supervisor"
TASKS = "/api/v1/tasks?box="
LISTS: dict[str, tuple[str, str]] = {
    "board": (DISTRICT, "/api/v1/board"),
    "inbox": (OFFICER, f"{TASKS}agency"),
    "done": (OFFICER, f"{TASKS}done"),
    "returned": (LEAD, f"{TASKS}returned"),
    "overdue": (DISTRICT, f"{TASKS}board&state=overdue"),
    "overdue of one": (DISTRICT, f"{TASKS}board&state=overdue&organisation=medical-centre"),
    "overdue that counts": (DISTRICT, f"{TASKS}board&state=overdue_own&organisation=medical-centre"),
    "due this week": (DISTRICT, f"{TASKS}board&state=due_this_week"),
    "paused of one": (DISTRICT, f"{TASKS}board&state=paused&organisation=medical-centre"),
    "outside": (DISTRICT, f"{TASKS}board&state=outside"),
    "undelivered of one kind": (DISTRICT, f"{TASKS}board&state=undelivered&kind=examine_health"),
    "oldest": (DISTRICT, f"{TASKS}board&state=aged_more&organisation=medical-centre"),
    "journeys": (DISTRICT, "/api/v1/journeys"),
    "notices": (OFFICER, "/api/v1/notices"),
}
PAGES: dict[str, tuple[str, str]] = {
    "board": (DISTRICT, "/board"),
    "rows": (DISTRICT, "/board/rows?state=overdue"),
    "my work": (OFFICER, "/work"),
    "done": (OFFICER, "/work?box=done"),
    "journeys": (LEAD, "/journeys"),
    "notices": (OFFICER, "/notices"),
}


async def lists(place: Place, size: int, _: int) -> Budget:
    """The slowest of the lists."""
    return await _measured("lists", place, size, LISTS)


async def pages(place: Place, size: int, _: int) -> Budget:
    """The slowest of the same as an officer sees them, drawn and packed."""
    return await _measured("pages", place, size, PAGES)


async def _measured(name: str, place: Place, size: int, wanted: dict[str, tuple[str, str]]) -> Budget:
    """The slowest one's 99th percentile in milliseconds at the client, the medians beside; questions and scans of all."""
    await fill(place, size, BIG)
    took, noise, asked = dict[str, list[float]](), dict[str, Spread](), dict[str, dict[str, Any]]()
    for each, (username, path) in wanted.items():
        async with _seat(place, username) as seat:
            took[each], noise[each] = await asyncio.to_thread(_read, seat, path, min(READS, size // FEW))
        asked[each] = await _asked(place, username, path)
    p99 = {each: round(percentile(values, 0.99), 1) for each, values in took.items()}
    slowest = max(p99, key=lambda each: p99[each])
    scans = sorted({f"{each}: {table}" for each, found in asked.items() for table in found["scans"]})
    return Budget(
        name, "ms", Spread((p99[slowest],)), LONGEST_MS, "at most",
        also={
            "open_tasks": size, "slowest": slowest, "p99": p99, "scans": scans,
            "median": {each: round(Spread(tuple(values)).middle, 1) for each, values in took.items()},
            "questions": {each: found["questions"] for each, found in asked.items()},
            "noise_ms": {each: found.shown() for each, found in noise.items()},
        },
        holds_also=not scans and all(found["questions"] <= QUESTIONS for found in asked.values()),
    )  # fmt: skip


@asynccontextmanager
async def _seat(
    place: Place, username: str, transport: httpx.ASGITransport | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """An officer signed in for lists and for pages, at the stack's API or at one in this process."""
    given = {"username": username, "password": place.passwords[username]}
    address: dict[str, Any] = {"base_url": place.stack.api_url, "transport": transport}
    async with httpx.AsyncClient(**address, timeout=60, trust_env=False) as seat:
        token = (await seat.post("/api/v1/sessions", json=given)).raise_for_status().json()["token"]
        seat.headers["Authorization"] = f"Bearer {token}"
        await seat.post("/sign-in", data=given)
        yield seat


def _read(seat: httpx.AsyncClient, path: str, readings: int) -> tuple[list[float], Spread]:
    """Milliseconds of each reading, and of the fixed loop between them: a minute may be slow in which both ends are not.

    Over the plainest client there is: what is asked for is the server's time, and httpx adds two to three milliseconds of its own.
    """
    signed = {"Authorization": seat.headers["Authorization"], "Accept-Encoding": "gzip"}
    signed["Cookie"] = "; ".join(f"{name}={value}" for name, value in seat.cookies.items())
    took, noise = list[float](), list[float]()
    with closing(HTTPConnection(seat.base_url.host, seat.base_url.port, timeout=60)) as line:
        for reading in range(readings + 1):
            if reading % BETWEEN == 0:
                noise.append(spin())
            begun = time.perf_counter()
            line.request("GET", path, headers=signed)
            answer = line.getresponse()
            answer.read()
            took.append((time.perf_counter() - begun) * 1000)
            if answer.status != HTTPStatus.OK:
                raise StackError(
                    "bench-refused", f"{path} was answered with {answer.status}: look into the bench's api.log"
                )
    return took[1:], Spread(tuple(noise))


async def _asked(place: Place, username: str, path: str) -> dict[str, Any]:
    """What one reading asks the database, who is asking included, and the tables it would read from end to end."""
    statements: list[tuple[str, Any]] = []
    here = httpx.ASGITransport(create_app(place.settings, place.office, place.sessions))
    async with _seat(place, username, here) as seat:
        (await seat.get(path)).raise_for_status()  # what a process reads once is read
        with _listening(place, statements):
            await seat.get(path)
    async with place.engine.connect() as connection:
        scans = [table for asked in statements for table in await _scanned(connection, *asked)]
    return {"questions": len(statements), "scans": [table for table in scans if table in BIG]}


@contextmanager
def _listening(place: Place, statements: list[tuple[str, Any]]) -> Iterator[None]:
    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        statements.append((statement, parameters))

    event.listen(place.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(place.engine.sync_engine, "before_cursor_execute", note)


async def _scanned(connection: AsyncConnection, statement: str, parameters: Any) -> set[str]:
    """The tables read from end to end in the plan for these values, or in the one made without any, as from the fifth reading on."""
    found = await _planned(connection, statement, parameters)
    if parameters:
        for each in (f"PREPARE asked AS {statement}", "SET plan_cache_mode = force_generic_plan"):
            await connection.exec_driver_sql(each)
        found |= await _planned(connection, f"EXECUTE asked({', '.join(['NULL'] * len(parameters))})")
        for each in ("RESET plan_cache_mode", "DEALLOCATE asked"):
            await connection.exec_driver_sql(each)
    return found


async def _planned(connection: AsyncConnection, statement: str, parameters: Any = ()) -> set[str]:
    found = (await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)).scalar()
    plans: list[dict[str, Any]] = json.loads(found) if isinstance(found, str) else found or []
    return {table for plan in plans for table in _sequential(plan["Plan"])}


def _sequential(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for below in node.get("Plans", []):
        yield from _sequential(below)
