"""A district with so many open tasks: rows written straight into the tables."""

from collections.abc import Collection
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select, text

from activities.domain.ids import new_id, reference
from activities.domain.states import JourneyState, TaskState
from activities.store import tally
from activities.store.journeys import Journey
from activities.store.notices import Delivery, Notice
from activities.store.organisations import Officer, Organisation, RoleHolder
from activities.store.tasks import Task
from deploy.bench.place import Place
from deploy.chance import chance

EACH = 8  # open tasks of a journey
SOME = 5_000  # rows of one insert
LONGEST = 120  # days the oldest has been open
STATES = {TaskState.OPEN: 79, TaskState.PAUSED: 3, TaskState.RETURNED: 2, TaskState.DONE: 16}
LOST = 0.002  # share of the tasks a message about which came to nobody


async def fill(place: Place, size: int, tables: Collection[str]) -> None:
    """Tasks of every kind at the agencies that answer for them, opened over four months; a tenth is overdue, a third taken on."""
    random, now = chance("bench"), place.office.now()
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
            "reporter_id": lead, "reception_commune": "tri-an", "happened_at": now,
            "opened_at": now - timedelta(days=random.uniform(0, LONGEST)), "papers": [], "rounds": {},
        }
        for number in range(size // EACH)
    ]  # fmt: skip
    rows, live = list[dict[str, Any]](), 0
    while live < size:
        journey = journeys[live // EACH % len(journeys)]
        rows.append(_task(random, journey, *random.choice(kinds), len(rows), officer, lead, now))
        live += rows[-1]["state"] is not TaskState.DONE
    told = [_notice(random, row, now) for row in rows]
    lost = [_lost(notice, now) for notice in told if random.random() < LOST]
    for table, many in ((Journey, journeys), (Task, rows), (Notice, told), (Delivery, lost)):
        for some in range(0, len(many), SOME):
            async with place.sessions.begin() as session:
                await session.execute(insert(table), many[some : some + SOME])
            await _housekeeping(place)
    await _vacuumed(place, *tables, "delivery", "organisation")


async def _housekeeping(place: Place) -> None:
    """What the worker and the database do for the tally while a district comes to have so many tasks."""
    async with place.sessions.begin() as session:
        await tally.fold(session, place.office.today())
    await _vacuumed(place, "task_tally")


async def _vacuumed(place: Place, *tables: str) -> None:
    async with place.engine.connect() as connection:
        outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
        for name in tables:
            await outside.execute(text(f"VACUUM ANALYZE {name}"))


def _task(random: Random, journey: Any, kind: Any, holders: list[str], *about: Any) -> dict[str, Any]:
    number, officer, lead, now = about
    due = now + timedelta(days=random.uniform(-3, 27))
    holder = random.choice(holders)
    state = random.choices(list(STATES), list(STATES.values()))[0]
    taken = state is TaskState.DONE or (holder == lead and random.random() < 1 / 3)
    opened = now - timedelta(days=random.uniform(0, LONGEST))
    return {
        "id": new_id("task"), "journey_id": journey["id"], "kind": kind.code, "round": number + 1, "stage": kind.stage,
        "state": state, "organisation_id": holder, "opened_at": opened, "start_at": opened, "due_at": due,
        "deadline_at": due, "overdue_at": due if due < now else None, "flags": [],
        "officer_id": officer if taken else None, "claimed_at": now if taken else None,
        "returned_at": now if state is TaskState.RETURNED else None,
        "ended_at": now if state is TaskState.DONE else None,
    }  # fmt: skip


def _notice(random: Random, row: dict[str, Any], now: Any) -> dict[str, Any]:
    return {
        "id": new_id("notice"), "organisation_id": row["organisation_id"], "audience": "officer",
        "journey_id": row["journey_id"], "task_id": row["id"], "code": "task-opened",
        "at": now - timedelta(days=random.uniform(0, LONGEST)), "spread_at": now,
    }  # fmt: skip


def _lost(notice: dict[str, Any], now: Any) -> dict[str, Any]:
    return {
        "id": new_id("delivery"), "notice_id": notice["id"], "channel": "mail", "state": "undelivered", "reached": [],
        "next_at": now,
    }  # fmt: skip
