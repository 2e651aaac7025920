"""A holiday or a swap day is added or taken away: every open date and every rung it touches is counted anew."""

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import administration, clocks, journal, outbox
from activities.casework.context import Office
from activities.casework.days import added, calendar_of
from activities.casework.errors import ConflictError, FieldProblem, InvalidError, NotFoundError
from activities.casework.hands import Held
from activities.casework.locks import lock_journey
from activities.casework.marks import changed
from activities.casework.notices import notify
from activities.casework.permits import demand
from activities.domain.ids import new_id
from activities.domain.states import LIVE, TaskState
from activities.plan.access import Actor, Verb
from activities.plan.added_days import fault_of, fault_of_removal
from activities.plan.calendar import LOCAL
from activities.plan.model import Plan
from activities.store.calendar import CalendarDay
from activities.store.tasks import Rung, Task

FURTHEST = timedelta(days=3 * 366)  # local: what is announced is announced year by year
COUNTED = (TaskState.OPEN, TaskState.RETURNED)  # a paused clock is counted when it goes on


class DayAsk(BaseModel):
    """A day to be added. `source`: what announces it, empty for our own choice; `instead_of`: the weekday a swap day replaces."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: date
    kind: Literal["holiday", "swap"]
    name_vi: str
    name_en: str
    source: str = ""
    instead_of: date | None = None


@dataclass
class Moved:
    """What became of live tasks. `ending`: due that day before; `moved`: counted to another date; `kept`: theirs would have passed.

    `reminded`: the date stays, but a reminder before or after it comes on another day.
    """

    ending: int = 0
    moved: int = 0
    kept: int = 0
    reminded: int = 0


async def add_day(session: AsyncSession, office: Office, actor: Actor, ask: DayAsk) -> tuple[CalendarDay, Moved]:
    """Add a day from today on; the due dates of live tasks follow, under lock, each journalled and told to its agency."""
    demand(actor, Verb.ADMINISTER)
    demand_day(office, ask)
    row = _row(office, actor.officer_id, ask)
    session.add(row)
    await session.flush()
    return row, await _followed(session, office, actor, ask.day, "day-added", kind=ask.kind, source=row.source)


def demand_day(office: Office, ask: DayAsk) -> None:
    """InvalidError for a day that has passed, lies too far ahead, or does not go with those that are listed."""
    if not office.today() <= ask.day <= office.today() + FURTHEST:
        raise _unfit("day", "day-out-of-bounds")
    if fault := fault_of(office.calendar, added(_row(office, "", ask))):
        raise _unfit("instead_of" if fault.startswith("swap-") and ask.instead_of else "day", fault)


def _row(office: Office, by: str, ask: DayAsk) -> CalendarDay:
    return CalendarDay(
        id=new_id("day"), day=ask.day, kind=ask.kind, name_vi=ask.name_vi, name_en=ask.name_en,
        source=ask.source.strip() or LOCAL, instead_of=ask.instead_of, at=office.now(), by_id=by,
    )  # fmt: skip


async def remove_day(session: AsyncSession, office: Office, actor: Actor, day: date) -> Moved:
    """Take an added day away again; those of the shipped list are changed with a release only."""
    demand(actor, Verb.ADMINISTER)
    row = await session.scalar(
        select(CalendarDay).where(CalendarDay.day == day, CalendarDay.removed_at.is_(None)).with_for_update()
    )
    if row is None:
        if day in office.shipped_calendar.holidays or day in office.shipped_calendar.swap_days:
            raise ConflictError("calendar-day-shipped", winner={"day": day.isoformat()})
        raise NotFoundError("calendar-day-unknown")
    if day < office.today():
        raise _unfit("day", "day-out-of-bounds")
    if fault := fault_of_removal(office.calendar, day):
        raise _unfit("day", fault)
    row.removed_at = office.now()
    await session.flush()
    return await _followed(session, office, actor, day, "day-removed")


async def _followed(session: AsyncSession, office: Office, actor: Actor, day: date, act: str, **data: str) -> Moved:
    """Every process is told, every date counted anew, the act logged."""
    await changed(session, "calendar")
    new = replace(office, calendar=await calendar_of(session, office.shipped_calendar))
    moved = await _recount(session, new, actor, day)
    await administration.record(session, office, actor.officer_id, act, day.isoformat(), **data, **asdict(moved))
    return moved


async def _recount(session: AsyncSession, office: Office, actor: Actor, day: date) -> Moved:
    """Count the clocks and ladders that run over the day: journey by journey in the order of their ids, then tasks by id."""
    begins, ends = office.calendar.start_of(day), office.calendar.end_of(day)
    climbs = exists().where(
        Rung.task_id == Task.id, Rung.fired_at.is_(None), Rung.lapsed_at.is_(None), Rung.owed_at >= begins
    )
    over = (Task.state.in_(COUNTED), Task.start_at <= ends, or_(Task.due_at >= begins, climbs))
    due_then = (Task.state.in_(list(LIVE)), Task.due_at >= begins, Task.due_at <= ends)
    moved = Moved(ending=len(list(await session.scalars(select(Task.id).where(*due_then)))))
    for journey_id in sorted(set(await session.scalars(select(Task.journey_id).where(*over)))):
        journey = await lock_journey(session, journey_id)
        rows = select(Task).where(Task.journey_id == journey_id, *over).order_by(Task.id).with_for_update()
        for task in list(await session.scalars(rows)):
            became = await _recounted(session, office, actor, (journey, task), day)
            moved.moved += became == "moved"
            moved.kept += became == "kept"
            moved.reminded += became == "reminded"
    return moved


async def _recounted(session: AsyncSession, office: Office, actor: Actor, held: Held, day: date) -> str:
    """`moved`, `kept` where the new date has passed while the old one has not, `reminded`, or empty where nothing changes."""
    journey, task = held
    plan = await office.shelf.ensure(session, journey.plan_hash)
    kind, was = plan.kind(task.kind), task.due_at
    pauses, extensions = await clocks.ledger(session, task.id)
    due = clocks.due_of(office, task.start_at, clocks.budget_of(kind), pauses, extensions)
    if due is None or due <= office.now() < was:
        return "kept" if due else ""
    if task.reply_due_at is not None and kind.reply.budget:
        task.reply_due_at = clocks.due_of(office, task.opened_at, kind.reply.budget)
    if due == was:
        return await _reminded(session, office, plan, task)
    generation = task.generation
    task.generation += 1
    await clocks.set_again(session, office, plan, task)
    notify(session, office, journey, task.organisation_id, "task-due-recomputed", task=task.id)
    journal.write(
        session, office, journey, "task-due-recomputed", officer=actor.officer_id, task=task.id, kind=task.kind,
        was=was, due=task.due_at, day=day.isoformat(),
    )  # fmt: skip
    await outbox.wake(session, task, task.state, generation)
    return "moved"


async def _reminded(session: AsyncSession, office: Office, plan: Plan, task: Task) -> str:
    """`reminded` where the ladder of a date that stays climbs on other days; the story looks at the row for its next timer."""
    if not await clocks.climbs_otherwise(session, office, plan, task):
        return ""
    await clocks.climb_again(session, office, plan, task)
    await outbox.send(session, task.journey_id, "look", task=task.id)
    return "reminded"


def _unfit(field: str, code: str) -> InvalidError:
    return InvalidError("calendar-day-unfit", (FieldProblem((field,), code, WHY[code]),))


WHY = {
    "day-out-of-bounds": "a day from today on, three years ahead at most",
    "day-listed-already": "the day is listed already",
    "day-not-worked-anyway": "a weekend is no working day anyway",
    "swap-not-on-a-weekend": "only a Saturday or Sunday is worked in place of another day",
    "swap-for-no-holiday": "`instead_of` names no weekday that is listed as a holiday",
    "swap-taken": "the weekday is worked on another day already",
    "day-swapped": "another day is worked in its place: take that one away first",
}
