"""Days an administrator adds to the list of holidays: the same rules as the list itself."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from activities.domain.text import Text
from activities.plan.calendar import ListedDay, WorkCalendar

_SATURDAY = 5


@dataclass(frozen=True)
class AddedDay:
    """A holiday, or with `swap` a weekend day that is worked in place of the weekday `instead_of`."""

    day: date
    name: Text
    source: str
    swap: bool = False
    instead_of: date | None = None


def with_days(calendar: WorkCalendar, days: Iterable[AddedDay]) -> WorkCalendar:
    """The calendar with these days beside its own; an added day outranks a listed one."""
    holidays, swaps = dict(calendar.holidays), dict(calendar.swap_days)
    for each in days:
        if each.swap:
            swaps[each.day] = ListedDay(each.name, each.source, each.instead_of)
        else:
            holidays[each.day] = ListedDay(each.name, each.source)
    return replace(calendar, holidays=MappingProxyType(holidays), swap_days=MappingProxyType(swaps))


def fault_of(calendar: WorkCalendar, day: AddedDay) -> str:
    """Why a day cannot be added, as a code; empty where it can."""
    if day.day in calendar.holidays or day.day in calendar.swap_days:
        return "day-listed-already"
    weekend = day.day.weekday() >= _SATURDAY
    if not day.swap:
        return "day-not-worked-anyway" if weekend else ""
    if not weekend:
        return "swap-not-on-a-weekend"
    instead = day.instead_of
    if instead is None or instead not in calendar.holidays or instead.weekday() >= _SATURDAY:
        return "swap-for-no-holiday"
    taken = any(each.instead_of == instead for each in calendar.swap_days.values())
    return "swap-taken" if taken else ""


def fault_of_removal(calendar: WorkCalendar, day: date) -> str:
    """Why a day cannot be taken away, as a code; empty where it can: a swap day would stand for nothing."""
    needed = any(each.instead_of == day for each in calendar.swap_days.values())
    return "day-swapped" if needed else ""
