"""The ladder of a task: who is told, and when, while it stays unanswered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

from activities.plan.calendar import TIME_ZONE, WorkCalendar
from activities.plan.clock import Clock
from activities.plan.deadlines import Budget, Unit, add_months, parse_budget
from activities.plan.deadlines import due as due_of

Recipient = Literal["holder", "head", "directing", "lead", "district"]
"""Whom a rung tells: who holds the task, the head of their organisation, the directing agency, the lead agency, the district."""

_BARE = ("half", "reply", "due")
_RELATIVE = ("before", "after", "reply")


class RungRule(BaseModel):
    """One rung as the plan writes it.

    `when`: `half` (of the time from start to due), `reply` (the reply clock ran out), `due`, or `before` / `after` and a
    length such as `P1WD`, measured from due; `reply` and a length is that long after the reply clock ran out. `polite`:
    worded as a request, for bodies that are not ordered. `home`: a task nobody took up goes back to the coordinator.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    when: str
    to: Recipient
    polite: bool = False
    home: bool = False

    @property
    def of_reply(self) -> bool:
        """Owed only while nobody took the task on."""
        return _read(self.when)[0] == "reply"

    @field_validator("when")
    @classmethod
    def _is_readable(cls, when: str) -> str:
        _read(when)
        return when


@dataclass(frozen=True)
class OwedRung:
    """A rung with its case time. `merged`: codes of lower rungs that fire with it, no timer telling them apart."""

    code: str
    at: datetime
    to: Recipient
    merged: tuple[str, ...] = ()


def owed(
    rules: Sequence[RungRule],
    start: datetime,
    due: datetime | None,
    reply_due: datetime | None,
    calendar: WorkCalendar,
    clock: Clock,
) -> tuple[OwedRung, ...]:
    """The rungs of one open stretch, earliest first; `rules` are the ladder, lowest rung first.

    Without a due date only `reply` can be owed, without a reply clock everything else. A reminder that would fall at or
    before the start is left out.
    """
    timed: list[tuple[datetime, int]] = []
    for place, rule in enumerate(rules):
        at = _at(rule, start, due, reply_due, calendar)
        if at is None:
            continue
        if due is not None and timedelta() < due - at < clock.least:
            at = due.astimezone(UTC)
        timed.append((at, place))
    return _merged(rules, sorted(timed), clock.least)


def can_fire(rule: RungRule, budget: Budget | None, reply: Budget | None = None) -> bool:
    """False for a rung that no ordinary week lets fire: longer before due than the clock is, or on a clock not there."""
    moment, length = _read(rule.when)
    if moment == "reply":
        return reply is not None
    if budget is None:
        return False
    if length is None or moment == "after":
        return True
    ordinary = WorkCalendar(holidays={}, swap_days={}, since=date.min, until=date.max, work_end=time(17))
    for weekday in range(1, 8):  # the first week of 2024, a Monday first; a start at midnight leaves the most room
        start = ordinary.start_of(date(2024, 1, weekday))
        due = due_of(start, budget, ordinary)
        if due is not None and _before(due, length, ordinary) > start:
            return True
    return False


def _read(when: str) -> tuple[str, Budget | None]:
    """The moment a rung hangs on and the length from it; raises ValueError for a text outside the grammar."""
    if when in _BARE:
        return when, None
    moment, _, length = when.partition(" ")
    if moment not in _RELATIVE:
        raise ValueError(
            f"`{when}` is no moment of a ladder: write half, reply, due, before P1WD, after P1WD or reply P1WD"
        )
    return moment, parse_budget(length)


def _at(
    rule: RungRule, start: datetime, due: datetime | None, reply_due: datetime | None, calendar: WorkCalendar
) -> datetime | None:
    """The case time of a rung, or None where it is not owed."""
    moment, length = _read(rule.when)
    if moment == "reply":
        if reply_due is None or length is None:
            return reply_due.astimezone(UTC) if reply_due is not None else None
        return due_of(reply_due, length, calendar)
    if due is None:
        return None
    due = due.astimezone(UTC)
    if moment == "due":
        return due
    if moment == "after" and length is not None:
        return due_of(due, length, calendar)
    at = start.astimezone(UTC) + (due - start) / 2 if length is None else _before(due, length, calendar)
    return at if at > start else None


def _before(due: datetime, length: Budget, calendar: WorkCalendar) -> datetime:
    """The instant a length before due, at due's time of day; a day nobody works gives way to the one worked before it."""
    if length.unit is Unit.HOURS:
        return due - timedelta(hours=length.count)
    local = due.astimezone(TIME_ZONE)
    if length.unit is Unit.WORKING_DAYS:
        day = calendar.add_working_days(local.date(), -length.count)
    elif length.unit is Unit.MONTHS:
        day = add_months(local.date(), -length.count)
    else:
        day = local.date() - timedelta(days=length.count)
    if not calendar.is_working(day):
        day = calendar.add_working_days(day, -1)
    return datetime.combine(day, local.time(), TIME_ZONE).astimezone(UTC)


def _merged(rules: Sequence[RungRule], timed: Iterable[tuple[datetime, int]], least: timedelta) -> tuple[OwedRung, ...]:
    """Rungs nearer than `least` become one: the latest, and at one instant the highest, carries the others."""
    kept: list[tuple[datetime, int, list[int]]] = []
    for at, place in reversed(list(timed)):
        if kept and kept[-1][0] - at < least:
            kept[-1][2].append(place)
        else:
            kept.append((at, place, []))
    return tuple(
        OwedRung(
            code=rules[place].code,
            at=at,
            to=rules[place].to,
            merged=tuple(rules[lower].code for lower in sorted(with_it)),
        )
        for at, place, with_it in reversed(kept)
    )
