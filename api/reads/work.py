"""My work: the rows of one list with who holds each and why it presses, and how many there are in every list."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased

from activities.casework.away import running, stands_in_today
from activities.domain.states import TaskState
from activities.plan.access import Actor
from activities.store.absences import Absence
from activities.store.journeys import Journey
from activities.store.organisations import Officer
from activities.store.scope import in_states, not_closed
from activities.store.tasks import Task
from api.deps import Desk
from api.reads import tasks
from api.reads.tasks import BADLY, NOW, SOON, TODAY
from api.words import UNCOUNTED

GROUPS = ("badly_overdue", "overdue", "due_soon", "on_time", "paused", "returned")  # in the order an officer reads them
COUNTED = ("agency", "mine", "returned", "look_again", "handed_down", "done")


async def page(desk: Desk, box: str, cursor: str, limit: int) -> dict[str, Any]:
    """One page of a box, each row with its group, why it presses, and who holds it."""
    now = desk.office.now()
    found, following = await tasks.some(desk, _held(desk.actor, box), cursor, limit)
    items = [
        tasks.shape(desk, *row[:3])
        | {"group": group_of(row[0], now), "presses": presses(desk, row[0], row[1], now), "holder": _holder(desk, *row)}
        for row in found
    ]
    return {"items": items, "next": following}


async def counts(desk: Desk, box: str) -> dict[str, int]:
    """How many rows each list has, and each group of this one as `group:name`; up to UNCOUNTED; one question."""
    found = await desk.session.execute(_counted(desk.actor, box), tasks.given(desk.office))
    return dict(found.mappings().one())


@lru_cache(maxsize=256)
def _counted(actor: Actor, box: str) -> Select[*tuple[int, ...]]:
    wanted: dict[str, Select[*tuple[Any, ...]]] = {name: listed(actor, name) for name in COUNTED}
    if box in wanted and box != "done":
        wanted |= {f"group:{name}": wanted[box].where(within) for name, within in _groups().items()}
    capped = {name: each.with_only_columns(Task.id).limit(UNCOUNTED).subquery() for name, each in wanted.items()}
    return select(
        *(select(func.count()).select_from(each).scalar_subquery().label(name) for name, each in capped.items())
    )


def listed(actor: Actor, box: str) -> Select[*tuple[Any, ...]]:
    """The rows of a list; what is done stays until its journey closes."""
    rows = tasks.own(actor, box)
    return rows.where(not_closed()) if box == "done" else rows


def group_of(task: Task, now: datetime) -> str:
    """In which group of a list a live task stands."""
    return task.state.value if task.state in (TaskState.PAUSED, TaskState.RETURNED) else tasks.due_state(task, now)


def _groups() -> dict[str, ColumnElement[bool]]:
    """The same as conditions: each live row is in exactly one."""
    runs, due = in_states(TaskState.OPEN), Task.due_at
    return {
        "badly_overdue": and_(runs, due < NOW - BADLY),
        "overdue": and_(runs, due >= NOW - BADLY, due < NOW),
        "due_soon": and_(runs, due >= NOW, due < NOW + SOON),
        "on_time": and_(runs, due >= NOW + SOON),
        "paused": in_states(TaskState.PAUSED),
        "returned": in_states(TaskState.RETURNED),
    }


def presses(desk: Desk, task: Task, journey: Journey, now: datetime) -> list[str]:
    """Why a live task is urgent, as codes: nothing where it is not."""
    kind = desk.office.shelf.by_hash[journey.plan_hash].kind(task.kind)
    if task.state in (TaskState.PAUSED, TaskState.RETURNED) or task.state.final:
        return []
    state = tasks.due_state(task, now)
    passed = {"overdue": "passed", "badly_overdue": "long_passed", "due_soon": "" if kind.at_once else "soon"}.get(
        state, ""
    )
    unanswered = task.officer_id is None and task.reply_due_at is not None and now > task.reply_due_at
    told = {
        f"{passed}_law" if passed and kind.clock.statutory else passed: bool(passed),
        "at_once": kind.at_once,
        "unanswered": unanswered,
    }
    return [code for code, holds in told.items() if holds]


@lru_cache(maxsize=256)
def _held(actor: Actor, box: str) -> Select[*tuple[Any, ...]]:
    """The rows with the holder's name, until when they are away, and who stands in."""
    stand_in = aliased(Officer)
    return (
        tasks.own(actor, box)
        .outerjoin(Officer, Officer.id == Task.officer_id)
        .outerjoin(Absence, and_(Absence.officer_id == Task.officer_id, running(TODAY)))
        .outerjoin(stand_in, stands_in_today(stand_in, TODAY))
        .add_columns(Officer.name, Absence.until, stand_in.name)
    )


def _holder(desk: Desk, task: Task, *row: Any) -> dict[str, Any] | None:
    """`own`: the reader themselves."""
    name, away, stand_in = row[-3:]
    if task.officer_id is None:
        return None
    own = task.officer_id == desk.actor.officer_id
    return {"name": name, "own": own, "away_until": away, "substitute": {"name": stand_in} if stand_in else None}
