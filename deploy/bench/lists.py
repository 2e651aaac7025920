"""Inbox and board with a hundred thousand open tasks: time, questions to the database, and how it answers them."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import event, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.casework.actors import actor_of
from activities.domain.ids import new_id, reference
from activities.domain.states import JourneyState, TaskState
from activities.store.journeys import Journey
from activities.store.organisations import Officer, Organisation, RoleHolder
from activities.store.tasks import Task
from api.deps import Desk
from api.reads import tasks
from api.reads.board import board
from deploy.bench.measure import Budget, Spread, percentile
from deploy.bench.place import Place

EACH = 8  # open tasks of a journey
SOME = 5_000  # rows of one insert
READS, LONGEST_MS, QUESTIONS = 200, 50.0, 4
INBOX, BOARD = "/tasks?box=agency&limit=50", "/board"
BIG = ("task", "journey")  # tables that are never read from end to end


async def lists(place: Place, size: int, _: int) -> Budget:
    """The slower of the two, its 99th percentile in milliseconds at the client; questions and scans of both."""
    await _fill(place, size)
    officer, district = await place.desk("labour-division.officer"), await place.desk("district.supervisor")
    took = {"inbox": await _read(officer.read, INBOX), "board": await _read(district.read, BOARD)}
    asked = {
        "inbox": await _asked(place, "labour-division.officer", _inbox),
        "board": await _asked(place, "district.supervisor", board),
    }
    p99 = {name: percentile(each, 0.99) for name, each in took.items()}
    slowest = max(p99, key=lambda name: p99[name])
    scans = sorted({table for each in asked.values() for table in each["scans"]})
    return Budget(
        "lists", "ms", Spread(tuple(took[slowest])), LONGEST_MS, "at most",
        also={
            "open_tasks": size, "slowest": slowest, "p99": p99, "scans": scans,
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


async def _inbox(desk: Desk) -> dict[str, Any]:
    return await tasks.page(desk, tasks.box(desk, "agency", "", ""), "", 50)


async def _asked(place: Place, username: str, read: Callable[[Desk], Any]) -> dict[str, Any]:
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


async def _fill(place: Place, size: int) -> None:
    """Open tasks of every kind at the agencies that answer for them; a tenth is overdue, a third taken on."""
    random, now = Random(7), place.office.now()  # noqa: S311 - rows of a bench
    plan = place.office.shelf.current[0]
    async with place.sessions() as session:
        held = await session.execute(select(RoleHolder.role, RoleHolder.organisation_id))
        holders: dict[str, list[str]] = {}
        for role, organisation in held:
            holders.setdefault(role, []).append(organisation)
        lead = (await session.scalars(select(Organisation.id).where(Organisation.code == "labour-division"))).one()
        officer = (await session.scalars(select(Officer.id).where(Officer.username == "labour-division.officer"))).one()
    kinds = [(kind, holders[kind.answerable.partition("@")[0]]) for kind in plan.kinds if kind.answerable != "reporter"]
    journeys = [
        {
            "id": new_id("journey"), "reference": f"{reference()}-{number}", "plan_hash": plan.hash,
            "territory": plan.territory, "state": JourneyState.OPEN, "stage": "care", "lead_id": lead,
            "reporter_id": lead, "reception_commune": "tri-an", "happened_at": now, "opened_at": now, "papers": [],
            "rounds": {},
        }
        for number in range(size // EACH)
    ]  # fmt: skip
    rows = [
        _row(random, journey["id"], *random.choice(kinds), number, officer, lead, now)
        for journey in journeys
        for number in range(EACH)
    ]
    async with place.sessions.begin() as session:
        for some in range(0, len(journeys), SOME):
            await session.execute(insert(Journey), journeys[some : some + SOME])
        for some in range(0, len(rows), SOME):
            await session.execute(insert(Task), rows[some : some + SOME])
    async with place.engine.connect() as connection:
        outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
        for table in BIG:
            await outside.execute(text(f"VACUUM ANALYZE {table}"))


def _row(random: Random, journey: Any, kind: Any, holders: list[str], *about: Any) -> dict[str, Any]:
    number, officer, lead, now = about
    due = now + timedelta(days=random.uniform(-3, 27))
    holder = random.choice(holders)
    taken = holder == lead and random.random() < 1 / 3
    state = random.choices([TaskState.OPEN, TaskState.PAUSED, TaskState.RETURNED], [95, 3, 2])[0]
    return {
        "id": new_id("task"), "journey_id": journey, "kind": kind.code, "round": number + 1, "stage": kind.stage,
        "state": state, "organisation_id": holder, "opened_at": now - timedelta(days=3), "start_at": now,
        "due_at": due, "deadline_at": due, "overdue_at": due if due < now else None, "flags": [],
        "officer_id": officer if taken else None, "claimed_at": now if taken else None,
    }  # fmt: skip
