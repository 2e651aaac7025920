"""How long work stays, per stage, agency and month of the year behind, and where journeys stand now. Counts of tasks only.

The time is that from the opening of a task to its answer, less the pauses of its clock, the time it lay with the
coordinator who was to answer its return, as the journal has it, and the time its messages came to nobody. What is late
by no more than the last two is on time here, though the task's own record stays. What was entered as already done is
counted on its own day, and has no time: it never waited here. What waits on the person or on a court counts for its
stage, never for an agency.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Subquery, and_, case, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from activities.casework.lateness import COUNTED_AT, WAITED
from activities.domain.states import TaskState
from activities.plan.access import scope
from activities.plan.calendar import TIME_ZONE
from activities.store.journal import JournalEntry
from activities.store.journeys import Journey
from activities.store.organisations import Organisation
from activities.store.scope import tasks_within
from activities.store.tasks import PauseRow, Task
from api.deps import Desk
from api.reads import labels
from api.reads.tasks import COURT, PERSON
from api.sorting import sort_key

YEAR = timedelta(days=365)  # local: how far back is looked
ZONE = "Asia/Ho_Chi_Minh"
BY = {3: "stages", 5: "agencies", 6: "months"}  # which columns of (stage, agency, month) a sum leaves out, as bits


async def flow(desk: Desk, language: str) -> dict[str, Any]:
    """`stages`, `agencies`, `months`: tasks answered, how many on time, median and 90th percentile in seconds (None: none waited).

    `standing`: by stage, how many journeys have open tasks there, and how many tasks.
    """
    now = desk.office.now()
    found: dict[str, Any] = {"as_of": now, "since": now - YEAR, "stages": [], "agencies": [], "months": []}
    rows: Sequence[Any] = (await desk.session.execute(_sums(_answered(desk, now - YEAR, language)))).all()
    for bits, stage, agency, month, *numbers in rows:
        name = {"stages": stage, "agencies": agency, "months": month}[BY[bits]]
        if name is not None:
            found[BY[bits]].append({"of": name} | _numbers(*numbers))
    order = {code: place for place, code in enumerate(labels.stages(desk))}
    found["stages"].sort(key=lambda each: order.get(each["of"], len(order)))
    found["months"] = _up_to(now, found["months"])
    found["agencies"].sort(key=lambda each: (each["on_time"] / each["n"], sort_key(each["of"])))
    return found | {"standing": await _standing(desk, order)}


def _up_to(now: datetime, months: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """In their order up to this one, with those in which nothing was answered: a trend leaves none out."""
    there, whole = {each["of"]: each for each in months}, list[dict[str, Any]]()
    month = min(there, default=now.astimezone(TIME_ZONE).replace(tzinfo=None) + YEAR)
    while month <= now.astimezone(TIME_ZONE).replace(tzinfo=None):
        whole.append(there.get(month, {"of": month} | _numbers(0, 0, None, None)))
        month = (month + timedelta(days=31)).replace(day=1)
    return whole


def _numbers(n: int, on_time: int, *spans: float | None) -> dict[str, Any]:
    median, most = (None if each is None else float(each) for each in spans)
    return {"n": n, "on_time": on_time, "median": median, "most": most}


def _answered(desk: Desk, since: datetime, language: str) -> Subquery:
    """One row a task that was answered since then."""
    paused = select(func.sum(_seconds(PauseRow.until - PauseRow.since))).where(PauseRow.task_id == Task.id)
    lost = _seconds(Task.undelivered_for) + func.coalesce(_seconds(Task.ended_at - Task.undelivered_at), 0)
    elsewhere = case((Task.returned_at.is_not(None), _returned()), else_=0) + lost
    stayed = _seconds(COUNTED_AT - Task.opened_at) - func.coalesce(paused.scalar_subquery(), 0) - elsewhere
    late = and_(Task.late, _seconds(COUNTED_AT - Task.due_at) > elsewhere)  # the due date already knows of the pauses
    name = Organisation.name_en if language == "en" else Organisation.name_vi
    agency = case((Task.kind.not_in((PERSON, COURT)), name))
    month = func.date_trunc("month", func.timezone(ZONE, COUNTED_AT))
    wanted = select(
        Task.stage, agency.label("agency"), month.label("month"), late.label("late"),
        case((WAITED, func.greatest(stayed, 0))).label("stayed"),
    )  # fmt: skip
    of_agency = wanted.join(Journey, Journey.id == Task.journey_id).join(
        Organisation, Organisation.id == Task.organisation_id
    )
    done = (Task.state == TaskState.DONE, Task.ended_at >= since, COUNTED_AT >= since)
    return of_agency.where(*done, tasks_within(scope(desk.actor))).subquery()


def _returned() -> ScalarSelect[Any]:
    """How long a task lay returned, all its returns together: each until the next entry that moves the task."""
    moves = ("task-returned", "task-decided", "task-delegated", "task-recalled", "task-done")
    mine = (JournalEntry.chain == Task.journey_id, JournalEntry.task_id == Task.id, JournalEntry.event.in_(moves))
    until = func.lead(JournalEntry.at).over(order_by=JournalEntry.seq)
    each = select(JournalEntry.event, JournalEntry.at, until.label("until")).where(*mine).correlate(Task).subquery()
    lay = func.sum(_seconds(each.c.until - each.c.at)).filter(each.c.event == "task-returned")
    return select(func.coalesce(lay, 0)).scalar_subquery()


def _seconds(apart: ColumnElement[Any] | InstrumentedAttribute[timedelta]) -> ColumnElement[Any]:
    return func.extract("epoch", apart)


def _sums(rows: Subquery) -> Any:
    by = (rows.c.stage, rows.c.agency, rows.c.month)
    in_time = func.count().filter(rows.c.late.is_(False))
    shares = (func.percentile_cont(share).within_group(rows.c.stayed) for share in (0.5, 0.9))
    sums = select(func.grouping(*by), *by, func.count(), in_time, *shares)
    return sums.group_by(func.grouping_sets(*(tuple_(each) for each in by)))


async def _standing(desk: Desk, order: dict[str, int]) -> list[dict[str, Any]]:
    live = select(Task.stage, func.count(Task.journey_id.distinct()), func.count())
    wanted = live.join(Journey, Journey.id == Task.journey_id).where(
        Task.standing.is_not(None), tasks_within(scope(desk.actor))
    )
    rows = (await desk.session.execute(wanted.group_by(Task.stage))).all()
    found = [{"of": stage, "journeys": journeys, "tasks": n} for stage, journeys, n in rows]
    return sorted(found, key=lambda each: order.get(each["of"], len(order)))
