"""When a task is due: a start, a budget, its extensions and its pauses, counted as Civil Code 2015, Art. 147-148 say.

Choices no article fixes, all `local`: a day ends at the end of working hours; a day that a pause touches before that
hour does not count; an extension counts on from the end it extends, that day left out again.
"""

import calendar as months
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from activities.plan.calendar import WorkCalendar

_DAY = timedelta(days=1)
_LONGEST = 9999  # of any unit; a longer one is a slip of the pen
_LENGTH = re.compile(r"P(?:T(?P<hours>[1-9][0-9]{0,3})H|(?P<count>[1-9][0-9]{0,3})(?P<unit>WD|D|M))")


class BudgetError(ValueError):
    """A length of time that cannot be read."""

    code = "budget-invalid"


class Unit(StrEnum):
    """What a budget counts."""

    HOURS = "H"
    DAYS = "D"
    MONTHS = "M"
    WORKING_DAYS = "WD"


@dataclass(frozen=True)
class Budget:
    """A length of time: `PT4H` (round the clock), `P3D`, `P12M` or `P5WD`."""

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 0 < self.count <= _LONGEST:
            raise BudgetError(f"a length counts 1 to {_LONGEST}, not {self.count}")

    def __str__(self) -> str:
        return f"PT{self.count}H" if self.unit is Unit.HOURS else f"P{self.count}{self.unit}"


def parse_budget(text: str) -> Budget:
    """The budget a text such as `P5WD` writes; raises BudgetError. `str` of the result is the text again."""
    if (found := _LENGTH.fullmatch(text)) is None:
        raise BudgetError(
            f"`{text}` is no length of time: write PT4H (hours), P3D (days), P12M (months) or P5WD (working days)"
        )
    if found["hours"]:
        return Budget(int(found["hours"]), Unit.HOURS)
    return Budget(int(found["count"]), Unit(found["unit"]))


@dataclass(frozen=True)
class Pause:
    """A stretch in which the clock of a task stood still: from `from_`, until just before `to`; None while it lasts."""

    from_: datetime
    to: datetime | None
    reason: str = ""
    by: str = ""

    def __post_init__(self) -> None:
        _refuse_naive(self.from_)
        if self.to is not None:
            _refuse_naive(self.to)
            if self.to < self.from_:
                raise ValueError(f"a pause cannot end ({self.to}) before it begins ({self.from_})")


@dataclass(frozen=True)
class Reckoning:
    """How a due date came about, to be shown beside it.

    `due` is None while an open pause keeps it from being known. `off`: weekend days and holidays passed over, while
    counting working days or at the end of a clock. `paused`: days a pause took out of the count. `calendar_known` is
    False where a counted day lies outside the list of holidays: the date may move when the list is completed.
    """

    start: datetime
    budget: Budget
    extensions: tuple[Budget, ...]
    due: datetime | None
    off: tuple[date, ...]
    paused: tuple[date, ...]
    calendar_known: bool


def due(
    start: datetime,
    budget: Budget,
    calendar: WorkCalendar,
    extensions: Sequence[Budget] = (),
    pauses: Sequence[Pause] = (),
) -> datetime | None:
    """The instant (UTC) after which an answer is late; None while an open pause keeps it from being known.

    A pause that begins at or after that instant changes nothing: what was due stays due. Pauses never make it earlier
    than it is without them. One pause more never makes it earlier either, but for an extension in months that begins
    among paused days at a month's end, where two starts share one corresponding day.
    """
    return explain(start, budget, calendar, extensions, pauses).due


def explain(
    start: datetime,
    budget: Budget,
    calendar: WorkCalendar,
    extensions: Sequence[Budget] = (),
    pauses: Sequence[Pause] = (),
) -> Reckoning:
    """The due date with the days it passed over; raises ValueError for a start without a time zone."""
    _refuse_naive(start)
    count = _Count(calendar, tuple(pauses))
    end: datetime | None = start.astimezone(UTC)
    for length in (budget, *extensions):
        if end is not None:
            end = count.hours(end, length.count) if length.unit is Unit.HOURS else count.days(end, length)
    return Reckoning(
        start=start.astimezone(UTC),
        budget=budget,
        extensions=tuple(extensions),
        due=end,
        off=tuple(sorted(count.off)),
        paused=tuple(sorted(count.paused)),
        calendar_known=count.known,
    )


def add_months(day: date, n: int) -> date:
    """The corresponding day n months on (back for a negative n), or the last of a month too short (Art. 148)."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


@dataclass
class _Count:
    """One count of a clock, collecting what it passes over."""

    calendar: WorkCalendar
    pauses: tuple[Pause, ...]
    off: set[date] = field(default_factory=set)
    paused: set[date] = field(default_factory=set)
    known: bool = True

    def hours(self, start: datetime, n: int) -> datetime | None:
        """Round the clock, longer by exactly what pauses took (overlaps once)."""
        end = start + timedelta(hours=n)
        seen = start  # up to here pauses are accounted for
        for pause in sorted(self.pauses, key=lambda pause: pause.from_):
            if pause.from_ >= end:
                break
            if pause.to is None:
                return None
            if pause.to > seen:
                end += pause.to - max(pause.from_, seen)
                seen = pause.to
        return end

    def days(self, start: datetime, length: Budget) -> datetime | None:
        """Days, months or working days: the first left out, paused ones not counted, the last moved to a working day."""
        day = first = self.calendar.day_of(start)
        left = (add_months(first, length.count) - first).days if length.unit is Unit.MONTHS else length.count
        while left:
            if (moved := self._next_unpaused(day + _DAY)) is None:
                return None
            day = moved
            if length.unit is Unit.WORKING_DAYS and not self.calendar.is_working(day):
                self.off.add(day)
            else:
                left -= 1
        while not self.calendar.is_working(day):
            self.off.add(day)
            if (moved := self._next_unpaused(day + _DAY)) is None:
                return None
            day = moved
        self.known = self.known and self.calendar.known(first + _DAY) and self.calendar.known(day)
        return self.calendar.end_of(day)

    def _next_unpaused(self, day: date) -> date | None:
        """`day`, or the first after it that no pause touches; None if an open pause leaves none."""
        while (pause := next((pause for pause in self.pauses if self._touches(pause, day)), None)) is not None:
            if pause.to is None:
                return None
            self.paused.add(day)
            day += _DAY
        return day

    def _touches(self, pause: Pause, day: date) -> bool:
        """The pause takes something of the day, from midnight to the end of working hours."""
        if pause.from_ >= self.calendar.end_of(day):
            return False
        return pause.to is None or (pause.to > self.calendar.start_of(day) and pause.to > pause.from_)


def _refuse_naive(moment: datetime) -> None:
    if moment.utcoffset() is None:
        raise ValueError(f"{moment} has no time zone")
