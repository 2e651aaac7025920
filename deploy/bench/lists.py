"""Board, boxes and lists with a hundred thousand open tasks: time, questions to the database, and how it answers them."""

import json
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.casework.actors import actor_of
from activities.store.organisations import Officer
from activities.store.tasks import Task
from api.deps import Desk
from api.reads import journeys, notices, tasks
from api.reads.board import board
from deploy.bench.filling import fill
from deploy.bench.measure import Budget, Spread, percentile
from deploy.bench.place import Place

READS, LONGEST_MS, QUESTIONS = 100, 50.0, 4
BIG = ("task", "journey", "notice")  # tables that are never read from end to end
Read = Callable[[Desk], Awaitable[Any]]
OFFICER, LEAD, DISTRICT = "labour-division.officer", "labour-division.coordinator", "district.supervisor"


def _listed(box: str, state: str = "", organisation: str = "", kind: str = "") -> tuple[str, Read]:
    """A list of tasks: its address, and how it is read."""

    async def read(desk: Desk) -> Any:
        wanted = tasks.box(desk, box, state, organisation)
        return await tasks.page(desk, wanted.where(Task.kind == kind) if kind else wanted, "", 50)

    asked = {"box": box, "state": state, "organisation": organisation, "kind": kind}
    return "/tasks?" + "&".join(f"{name}={value}" for name, value in asked.items() if value), read


LISTS: dict[str, tuple[str, tuple[str, Read]]] = {
    "board": (DISTRICT, ("/board", board)),
    "inbox": (OFFICER, _listed("agency")),
    "done": (OFFICER, _listed("done")),
    "returned": (LEAD, _listed("returned")),
    "overdue": (DISTRICT, _listed("board", "overdue")),
    "overdue of one": (DISTRICT, _listed("board", "overdue", "medical-centre")),
    "due this week": (DISTRICT, _listed("board", "due_this_week")),
    "paused of one": (DISTRICT, _listed("board", "paused", "medical-centre")),
    "outside": (DISTRICT, _listed("board", "outside")),
    "undelivered of one kind": (DISTRICT, _listed("board", "undelivered", kind="examine_health")),
    "oldest": (DISTRICT, _listed("board", "aged_more", "medical-centre")),
    "journeys": (DISTRICT, ("/journeys", lambda desk: journeys.page(desk, "", 50, journeys.Filter()))),
    "notices": (OFFICER, ("/notices", lambda desk: notices.page(desk, "", 50))),
}


async def lists(place: Place, size: int, _: int) -> Budget:
    """The slowest of them, its 99th percentile in milliseconds at the client; questions and scans of all."""
    await fill(place, size, BIG)
    took, asked = dict[str, list[float]](), dict[str, dict[str, Any]]()
    for name, (username, (path, read)) in LISTS.items():
        took[name] = await _read((await place.desk(username)).read, path)
        asked[name] = await _asked(place, username, read)
    p99 = {name: round(percentile(each, 0.99), 1) for name, each in took.items()}
    slowest = max(p99, key=lambda name: p99[name])
    scans = sorted({f"{name}: {table}" for name, each in asked.items() for table in each["scans"]})
    return Budget(
        "lists", "ms", Spread(tuple(took[slowest])), LONGEST_MS, "at most",
        also={
            "open_tasks": size, "slowest": slowest, "p99": p99, "scans": scans,
            "median": {name: round(Spread(tuple(each)).middle, 1) for name, each in took.items()},
            "questions": {name: each["questions"] for name, each in asked.items()},
        },
        holds_also=p99[slowest] <= LONGEST_MS and not scans
        and all(each["questions"] <= QUESTIONS for each in asked.values()),
    )  # fmt: skip


async def _read(read: Callable[[str], Any], path: str) -> list[float]:
    await read(path)
    took = []
    for _ in range(READS):
        begun = time.perf_counter()
        await read(path)
        took.append((time.perf_counter() - begun) * 1000)
    return took


async def _asked(place: Place, username: str, read: Read) -> dict[str, Any]:
    """What one reading asks the database, and the tables it would read from end to end."""
    statements: list[tuple[str, Any]] = []
    async with place.sessions() as session:
        officer = (await session.scalars(select(Officer).where(Officer.username == username))).one()
        desk = Desk(session, place.office, await actor_of(session, officer), officer)
        with _listening(place, statements):
            await read(desk)
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


async def _scanned(connection: AsyncConnection, statement: str, parameters: Any) -> list[str]:
    found = (await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)).scalar()
    plans: list[dict[str, Any]] = json.loads(found) if isinstance(found, str) else found or []
    return [table for plan in plans for table in _sequential(plan["Plan"])]


def _sequential(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for below in node.get("Plans", []):
        yield from _sequential(below)
