"""Which days the offices work: what an officer reads off the wall calendar must be what the clock counts."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.plan.calendar import LOCAL, CalendarError, WorkCalendar, load_calendar

SMALL = """\
since: 2024-01-01
until: 2024-12-31
work_end: {time: "16:30", local: true}
holidays:
  - date: 2024-04-29
    name: {vi: Nghỉ, en: Off}
    source: some notice
swap_days:
  - date: 2024-05-04
    instead_of: 2024-04-29
    name: {vi: Làm bù, en: Worked}
    local: true
"""


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2024, 2, 8), date(2024, 2, 14)),
        (date(2025, 1, 25), date(2025, 2, 2)),
        (date(2026, 2, 14), date(2026, 2, 22)),
        (date(2024, 4, 27), date(2024, 5, 1)),
        (date(2025, 4, 30), date(2025, 5, 4)),
        (date(2026, 4, 25), date(2026, 4, 27)),
        (date(2024, 8, 31), date(2024, 9, 3)),
        (date(2025, 8, 30), date(2025, 9, 2)),
        (date(2026, 8, 29), date(2026, 9, 2)),
        (date(2026, 1, 1), date(2026, 1, 4)),
    ],
)
def test_offices_are_closed_from_the_first_to_the_last_day_of_a_break(
    calendar: WorkCalendar, first: date, last: date
) -> None:
    """The breaks of 2024-2026 are whole, and the days around them are worked."""
    span = [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
    assert [] == [day for day in span if calendar.is_working(day)]
    assert calendar.next_working(first) == calendar.add_working_days(last, 1)
    assert calendar.add_working_days(first, -1) < first


@pytest.mark.parametrize("day", [date(2024, 5, 4), date(2025, 4, 26), date(2026, 1, 10), date(2026, 8, 22)])
def test_a_saturday_worked_in_place_of_a_weekday_counts(calendar: WorkCalendar, day: date) -> None:
    """An office that made up a day by working a Saturday is open on it."""
    assert calendar.is_working(day)
    assert calendar.next_working(day) == day
    instead = calendar.swap_days[day].instead_of
    assert instead is not None
    assert not calendar.is_working(instead)


def test_working_days_are_counted_over_tet(calendar: WorkCalendar) -> None:
    """From the Wednesday before Tet 2024 the next working day is the Thursday a week later."""
    assert calendar.add_working_days(date(2024, 2, 7), 1) == date(2024, 2, 15)
    assert calendar.add_working_days(date(2024, 2, 15), -1) == date(2024, 2, 7)
    assert calendar.add_working_days(date(2024, 2, 10), 0) == date(2024, 2, 10)


def test_a_day_ends_at_five_in_the_afternoon_in_vietnam(calendar: WorkCalendar) -> None:
    """17:00 in Ho Chi Minh City is 10:00 UTC, and the hour is our own choice."""
    assert calendar.end_of(date(2024, 3, 1)) == datetime(2024, 3, 1, 10, tzinfo=UTC)
    assert calendar.start_of(date(2024, 3, 1)) == datetime(2024, 2, 29, 17, tzinfo=UTC)
    assert calendar.day_of(datetime(2024, 2, 29, 17, tzinfo=UTC)) == date(2024, 3, 1)
    assert calendar.work_end_source == LOCAL


def test_days_outside_the_list_are_not_known(calendar: WorkCalendar) -> None:
    """A date past the last list may hide a holiday: the calendar says so rather than guess."""
    assert calendar.known(date(2026, 12, 31))
    assert not calendar.known(date(2027, 1, 1))
    assert not calendar.known(date(2023, 12, 31))
    assert calendar.is_working(date(2027, 1, 1))


def test_every_entry_says_where_it_comes_from(calendar: WorkCalendar) -> None:
    """A lawyer finds beside each day the article or the announcement, or that nobody cites one."""
    for entry in [*calendar.holidays.values(), *calendar.swap_days.values()]:
        assert entry.source
        assert entry.name.vi
        assert entry.name.en


@given(day=st.dates(date(2024, 1, 1), date(2026, 11, 1)), n=st.integers(1, 60))
def test_counting_forth_and_back_meets(calendar: WorkCalendar, day: date, n: int) -> None:
    """Counting on and then back as many working days ends where it began."""
    day = calendar.next_working(day)
    there = calendar.add_working_days(day, n)
    assert calendar.is_working(there)
    assert calendar.add_working_days(there, -n) == day
    assert n == sum(calendar.is_working(date.fromordinal(i)) for i in range(day.toordinal() + 1, there.toordinal() + 1))


def test_a_small_list_is_read() -> None:
    """Sources, working end and the swapped day come out as written."""
    read = load_calendar(SMALL)
    assert read.work_end == time(16, 30)
    assert read.holidays[date(2024, 4, 29)].source == "some notice"
    assert read.swap_days[date(2024, 5, 4)].source == LOCAL


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("until: 2024-12-31", "untill: 2024-12-31", 2, "unknown key `untill`"),
        ("until: 2024-12-31\n", "", 1, "`until` is missing"),
        ("until: 2024-12-31", "until: 2023-12-31", 2, "before `since`"),
        ("since: 2024-01-01", "since: 2024-02-30", 1, "no date"),
        ("since: 2024-01-01", "since: 20240101", 1, "no date"),
        ("since: 2024-01-01", "since: 2024-01-01\nsince: 2024-01-01", 2, "given twice"),
        ('"16:30"', '"25:30"', 3, "no time of day"),
        ("16:30", "half past four", 3, "no time of day"),
        ("{vi: Nghỉ, en: Off}", "{vi: Nghỉ}", 6, "`en` is missing"),
        ("{vi: Nghỉ, en: Off}", "{vi: Nghỉ, en: ''}", 6, "expected words"),
        ("{vi: Nghỉ, en: Off}", "Off", 6, "expected a mapping"),
        ("{vi: Nghỉ, en: Off}", "{vi: Nghỉ, en: [Off]}", 6, "single value"),
        ("    source: some notice\n", "", 5, "exactly one of"),
        ("    source: some notice", "    source: some notice\n    local: true", 5, "exactly one of"),
        ("    local: true", "    local: false", 12, "can only be true"),
        ("  - date: 2024-04-29", "  - date: 2025-04-29", 5, "outside the list"),
        ("  - date: 2024-05-04", "  - date: 2024-04-29", 9, "listed twice"),
        ("  - date: 2024-05-04", "  - date: 2024-05-03", 9, "no weekend day"),
        ("instead_of: 2024-04-29", "instead_of: 2024-04-30", 10, "not a weekday listed"),
        ("holidays:\n", "holidays: {}\nrest:\n", 5, "unknown key `rest`"),
        ("until: 2024-12-31", "until: [2024", 3, "not readable as YAML"),
    ],
)
def test_a_fault_in_the_list_is_named_with_its_line(old: str, new: str, line: int, says: str) -> None:
    """Who edits the list is told what is wrong and where; nothing is skipped in silence."""
    assert old in SMALL
    edited = SMALL.replace(old, new, 1)
    with pytest.raises(CalendarError, match=says) as caught:
        load_calendar(edited)
    assert line == caught.value.line
    assert caught.value.code == "calendar-invalid"


def test_one_weekday_is_made_up_once() -> None:
    """Two Saturdays worked for the same Monday is a slip."""
    again = SMALL + SMALL[SMALL.index("  - date: 2024-05-04") :].replace("05-04", "05-11")
    with pytest.raises(CalendarError, match="already worked"):
        load_calendar(again)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words", SMALL.replace("holidays:\n", "holidays: none\nx:\n")])
def test_a_file_that_is_no_list_is_refused(text: str) -> None:
    """An empty or foreign file never passes for a year without holidays."""
    with pytest.raises(CalendarError):
        load_calendar(text)


def test_a_scalar_where_a_list_belongs_is_refused() -> None:
    """`swap_days` must be a list, even an empty one."""
    text = SMALL[: SMALL.index("swap_days:")] + "swap_days: none\n"
    with pytest.raises(CalendarError, match="expected a list"):
        load_calendar(text)
    assert not load_calendar(text.replace("none", "[]")).swap_days
