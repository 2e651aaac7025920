"""The calendar of the product, read once."""

from importlib.resources import files

import pytest

from activities.plan.calendar import WorkCalendar, load_calendar


@pytest.fixture(scope="session")
def calendar() -> WorkCalendar:
    """The holidays the product ships."""
    return load_calendar((files("activities.plan") / "data" / "holidays.yaml").read_text(encoding="utf-8"))
