"""The days of a year on which offices are closed, and the weekend days they work; each with its source."""

from datetime import date
from typing import Any

from activities.plan.calendar import LOCAL, ListedDay
from api.deps import Desk


def days_of(desk: Desk, year: int) -> dict[str, Any]:
    """Holidays and swap days in order; `added`: by an administrator, beside the shipped list."""
    days = desk.office.calendar
    return {
        "year": year,
        "since": days.since,
        "until": days.until,
        "work_end": {"time": days.work_end.isoformat("minutes"), "source": _source(days.work_end_source)},
        "holidays": [_shape(desk, day, each) for day, each in sorted(days.holidays.items()) if day.year == year],
        "swap_days": [_shape(desk, day, each) for day, each in sorted(days.swap_days.items()) if day.year == year],
    }


def _shape(desk: Desk, day: date, listed: ListedDay) -> dict[str, Any]:
    shipped = desk.office.shipped_calendar
    return {
        "day": day,
        "name": listed.name.model_dump(),
        "source": _source(listed.source),
        "instead_of": listed.instead_of,
        "added": day not in shipped.holidays and day not in shipped.swap_days,
    }


def _source(source: str) -> dict[str, Any]:
    return {"cites": "" if source == LOCAL else source, "local": source == LOCAL}
