"""The working days of the state's offices: weekends, public holidays, and weekend days worked in their place."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import TypeVar
from zoneinfo import ZoneInfo

import yaml

from activities.domain.text import Text

TIME_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LOCAL = "local"  # the source of an entry that cites none: our own choice


def local_day(moment: datetime) -> date:
    """The day of the district an instant belongs to."""
    return moment.astimezone(TIME_ZONE).date()


_DAY = timedelta(days=1)
_SATURDAY = 5
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO_TIME = re.compile(r"\d{2}:\d{2}")

T = TypeVar("T")


class CalendarError(ValueError):
    """The list of holidays cannot be used. `line` counts from 1."""

    code = "calendar-invalid"

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line


@dataclass(frozen=True)
class ListedDay:
    """One entry of the list. `source`: article or announcement, or `local`; `instead_of`: the weekday a swap day replaces."""

    name: Text
    source: str
    instead_of: date | None = None


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked, from `since` to `until`; outside the list only weekends are known."""

    holidays: Mapping[date, ListedDay]
    swap_days: Mapping[date, ListedDay]
    since: date
    until: date
    work_end: time
    work_end_source: str = LOCAL

    def is_working(self, day: date) -> bool:
        """Monday to Friday less the holidays, plus the swap days."""
        if day in self.swap_days:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def known(self, day: date) -> bool:
        """The list covers this day. Where it does not, a holiday may be missing."""
        return self.since <= day <= self.until

    def next_working(self, day: date) -> date:
        """`day` itself if it is worked, else the first worked day after it."""
        while not self.is_working(day):
            day += _DAY
        return day

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th worked day after `day` (before it for a negative n), `day` itself left out; `day` for 0."""
        step = _DAY if n > 0 else -_DAY
        for _ in range(abs(n)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def day_of(self, moment: datetime) -> date:
        """The local day an instant belongs to."""
        return local_day(moment)

    def start_of(self, day: date) -> datetime:
        """The instant a day begins, at local midnight, in UTC."""
        return datetime.combine(day, time(), TIME_ZONE).astimezone(UTC)

    def end_of(self, day: date) -> datetime:
        """The instant a day ends for a deadline: the end of working hours, in UTC."""
        return datetime.combine(day, self.work_end, TIME_ZONE).astimezone(UTC)


def load_calendar(text: str) -> WorkCalendar:
    """The calendar a holiday file describes; raises CalendarError with the line of the first fault."""
    top = _Entry.of(_composed(text), required=("since", "until", "work_end", "holidays", "swap_days"))
    since, until = top.get("since", _date), top.get("until", _date)
    if until < since:
        raise CalendarError(top.line_of("until"), f"`until` {until} lies before `since` {since}")
    hours = _Entry.of(top.node("work_end"), required=("time",), optional=("source", "local"))
    holidays: dict[date, ListedDay] = {}
    for node in _sequence(top.node("holidays")):
        day, entry = _listed(node, ("date", "name"), since, until)
        _refuse_twice(day, entry, holidays)
        holidays[day] = ListedDay(entry.get("name", _text), entry.source())
    swap_days = _swap_days(top, holidays, since, until)
    return WorkCalendar(
        holidays=MappingProxyType(holidays),
        swap_days=MappingProxyType(swap_days),
        since=since,
        until=until,
        work_end=hours.get("time", _time),
        work_end_source=hours.source(),
    )


def _swap_days(top: "_Entry", holidays: Mapping[date, ListedDay], since: date, until: date) -> dict[date, ListedDay]:
    """Weekend days that are worked, each in place of one listed weekday."""
    swaps: dict[date, ListedDay] = {}
    for node in _sequence(top.node("swap_days")):
        day, entry = _listed(node, ("date", "name", "instead_of"), since, until)
        _refuse_twice(day, entry, holidays, swaps)
        if day.weekday() < _SATURDAY:
            raise CalendarError(
                entry.line_of("date"), f"{day} is no weekend day: only a Saturday or Sunday is swapped in"
            )
        instead = entry.get("instead_of", _date)
        if instead.weekday() >= _SATURDAY or instead not in holidays:
            raise CalendarError(entry.line_of("instead_of"), f"{instead} is not a weekday listed under `holidays`")
        if any(swap.instead_of == instead for swap in swaps.values()):
            raise CalendarError(entry.line_of("instead_of"), f"{instead} is already worked on another day")
        swaps[day] = ListedDay(entry.get("name", _text), entry.source(), instead)
    return swaps


def _listed(node: yaml.Node, required: tuple[str, ...], since: date, until: date) -> tuple[date, "_Entry"]:
    """One dated entry, its day within the list's bounds."""
    entry = _Entry.of(node, required=required, optional=("source", "local"))
    day = entry.get("date", _date)
    if not since <= day <= until:
        raise CalendarError(entry.line_of("date"), f"{day} lies outside the list ({since} to {until})")
    return day, entry


def _refuse_twice(day: date, entry: "_Entry", *lists: Mapping[date, ListedDay]) -> None:
    if any(day in listed for listed in lists):
        raise CalendarError(entry.line_of("date"), f"{day} is listed twice")


@dataclass(frozen=True)
class _Entry:
    """A mapping of the file with the lines its values stand on."""

    line: int
    values: Mapping[str, yaml.Node]

    @classmethod
    def of(cls, node: yaml.Node, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> "_Entry":
        if not isinstance(node, yaml.MappingNode):
            raise CalendarError(_line(node), f"expected a mapping with {', '.join(required)}")
        values: dict[str, yaml.Node] = {}
        for key_node, value in node.value:
            key = _scalar(key_node)
            if key not in required + optional:
                raise CalendarError(_line(key_node), f"unknown key `{key}` (known: {', '.join(required + optional)})")
            if key in values:
                raise CalendarError(_line(key_node), f"`{key}` is given twice")
            values[key] = value
        for key in required:
            if key not in values:
                raise CalendarError(_line(node), f"`{key}` is missing")
        return cls(_line(node), values)

    def node(self, key: str) -> yaml.Node:
        return self.values[key]

    def line_of(self, key: str) -> int:
        return _line(self.values[key])

    def get(self, key: str, read: Callable[[yaml.Node], T]) -> T:
        return read(self.values[key])

    def source(self) -> str:
        """What the entry cites, or `local`: exactly one of the two keys."""
        if ("source" in self.values) == ("local" in self.values):
            raise CalendarError(self.line, "give exactly one of `source` and `local: true`")
        if "local" in self.values:
            if _scalar(self.values["local"]) != "true":
                raise CalendarError(self.line_of("local"), "`local` can only be true")
            return LOCAL
        return _words(self.values["source"])


def _composed(text: str) -> yaml.Node:
    """The file's node tree: it keeps line numbers and duplicate keys, which plain loading loses."""
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise CalendarError(mark.line + 1 if mark else 1, f"not readable as YAML: {problem}") from error
    if node is None:
        raise CalendarError(1, "the list is empty")
    return node


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _sequence(node: yaml.Node) -> list[yaml.Node]:
    if not isinstance(node, yaml.SequenceNode):
        raise CalendarError(_line(node), "expected a list")
    return list(node.value)


def _scalar(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise CalendarError(_line(node), "expected a single value")
    return str(node.value)


def _words(node: yaml.Node) -> str:
    if not (words := _scalar(node).strip()):
        raise CalendarError(_line(node), "expected words, found nothing")
    return words


def _text(node: yaml.Node) -> Text:
    entry = _Entry.of(node, required=("vi", "en"))
    return Text(vi=entry.get("vi", _words), en=entry.get("en", _words))


def _date(node: yaml.Node) -> date:
    value = _scalar(node)
    try:
        if _ISO_DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise CalendarError(_line(node), f"`{value}` is no date: write YYYY-MM-DD")


def _time(node: yaml.Node) -> time:
    value = _scalar(node)
    try:
        if _ISO_TIME.fullmatch(value):
            return time.fromisoformat(value)
    except ValueError:
        pass
    raise CalendarError(_line(node), f'`{value}` is no time of day: write "HH:MM"')
