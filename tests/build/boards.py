"""The board counted anew from the rows, one by one, by the pure policy of who may know of what."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.context import Office
from activities.casework.permits import of_task
from activities.domain.states import LIVE, TaskState
from activities.plan.access import scope
from activities.store.journeys import Journey
from activities.store.notices import Delivery, Notice
from activities.store.organisations import Officer, Organisation
from activities.store.tasks import Task
from api.deps import Desk
from api.reads.board import board
from tests.build.officers import actor

NAMES = ("open", "overdue", "unclaimed", "returned", "paused", "undelivered")
WAITS = ("agency", "person", "court", "coordinator", "outside", "nobody")
Rows = list[tuple[Task, str, bool]]


async def shown(session: AsyncSession, office: Office, username: str) -> dict[str, Any]:
    """The board as somebody sees it."""
    officer = (await session.scalars(select(Officer).where(Officer.username == username))).one()
    return await board(Desk(session, office, await actor(session, username), officer, []))


async def counted(session: AsyncSession, office: Office, username: str, now: datetime) -> dict[str, Any]:
    """The same figures, from every live row the policy lets them know of."""
    seen = scope(await actor(session, username))
    lost = set(
        await session.scalars(
            select(Notice.task_id)
            .join(Delivery, Delivery.notice_id == Notice.id)
            .where(Delivery.state == "undelivered")
        )
    )
    wanted = select(Task, Journey, Organisation.code).join(Journey, Journey.id == Task.journey_id)
    found = await session.execute(wanted.join(Organisation, Organisation.id == Task.organisation_id))
    rows = [
        (task, code, task.id in lost)
        for task, journey, code in found
        if task.state in LIVE and seen.covers(of_task(journey, task))
    ]
    return figures(rows, office, now) | {
        "agencies": {
            code: figures((row for row in rows if row[1] == code), office, now)
            for code in {code for _, code, _ in rows}
        },
        "kinds": {
            kind: figures((row for row in rows if row[0].kind == kind), office, now)
            for kind in {task.kind for task, _, _ in rows}
        },
    }


def figures(rows: Iterable[tuple[Task, str, bool]], office: Office, now: datetime) -> dict[str, Any]:
    """Every number of these rows: how many, and since when the oldest; the week; the ages."""
    since: dict[str, list[datetime]] = {name: [] for name in (*NAMES, *WAITS)}
    soon, ages, today = 0, [0, 0, 0, 0], office.calendar.day_of(now)
    for task, _, lost in rows:
        passed = task.due_at < now and task.state is not TaskState.PAUSED
        late = task.overdue_at or (task.due_at if passed else None)
        for name, stands in {
            "open": task.opened_at, _waits_on(task, lost): task.opened_at, "overdue": late,
            "unclaimed": task.opened_at if task.state is TaskState.OPEN and not task.officer_id else None,
            "returned": task.returned_at if task.state is TaskState.RETURNED else None,
            "paused": task.opened_at if task.state is TaskState.PAUSED else None,
            "undelivered": task.opened_at if lost else None,
        }.items():  # fmt: skip
            since[name] += [stands] if stands else []
        monday = office.calendar.day_of(task.due_at) - timedelta(days=office.calendar.day_of(task.due_at).weekday())
        soon += late is None and task.state is not TaskState.PAUSED and monday <= today
        days = (today - office.calendar.day_of(task.opened_at)).days
        ages[sum(days > most for most in (7, 30, 90))] += 1
    whole = {name: (len(each), min(each, default=None)) for name, each in since.items()}
    return {"numbers": whole, "due_this_week": soon, "profile": ages}


def _waits_on(task: Task, lost: bool) -> str:
    if task.state is TaskState.RETURNED:
        return "coordinator"
    if task.state is TaskState.PAUSED:
        return "nobody"
    named = {"record_choice": "person", "protect_rights_in_proceedings": "court"}
    return named.get(task.kind, "outside" if lost else "agency")


def same(seen: dict[str, Any], rows: dict[str, Any]) -> None:
    """What the board shows is what the rows say: in all, by agency and by kind."""
    of_all = {each["name"]: each for each in seen["numbers"]} | {each["on"]: each for each in seen["waiting_on"]}
    _same(of_all | {name: seen[name] for name in ("due_this_week", "profile")}, rows)
    by_agency = {each["organisation"]["code"]: each for each in seen["agencies"]}
    by_kind = {each["kind"]: each for each in seen["kinds"]}
    for shown_ones, counted_ones in ((by_agency, rows["agencies"]), (by_kind, rows["kinds"])):
        assert set(counted_ones) == set(shown_ones)
        for which, each in counted_ones.items():
            _same(shown_ones[which], each)


def _same(seen: dict[str, Any], rows: dict[str, Any]) -> None:
    numbers = {name: (seen[name]["count"], seen[name]["oldest"]) for name in rows["numbers"] if name in seen}
    assert {name: rows["numbers"][name] for name in numbers} == numbers
    assert rows["due_this_week"] == seen["due_this_week"]["count"]
    assert rows["profile"] == [each["count"] for each in seen["profile"]]
