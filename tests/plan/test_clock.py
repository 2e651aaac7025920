"""Case time and real time: a rehearsal may live a month in minutes, and real life must not notice."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.plan.clock import GREATEST_SCALE, LEAST_REAL_SECONDS, Clock, ClockError

MONDAY = datetime(2024, 3, 4, 1, tzinfo=UTC)
REAL0 = datetime(2026, 7, 1, 12, tzinfo=UTC)
REHEARSAL = Clock(anchor=MONDAY, real0=REAL0, scale=21_600)

scales = st.integers(1, GREATEST_SCALE)
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
instants = st.timedeltas(timedelta(), LAST - FIRST).map(FIRST.__add__)


def test_in_life_case_time_is_real_time() -> None:
    """Scale 1: what the page shows is what the watch shows."""
    clock = Clock.live()
    before = datetime.now(UTC)
    shown = clock.now()
    assert before <= shown <= datetime.now(UTC)
    assert clock.now(REAL0) == REAL0
    assert clock.anchor == clock.real0


def test_a_rehearsal_lives_a_day_in_four_seconds() -> None:
    """Four real seconds after the start it is Tuesday."""
    assert REHEARSAL.now(REAL0 + timedelta(seconds=4)) == MONDAY + timedelta(days=1)
    assert REHEARSAL.real_of(MONDAY + timedelta(days=1)) == REAL0 + timedelta(seconds=4)
    assert REHEARSAL.real_seconds_until(MONDAY + timedelta(days=2), REAL0 + timedelta(seconds=4)) == pytest.approx(4.0)


def test_a_date_already_past_has_less_than_nothing_left() -> None:
    """A task entered late opens overdue: the seconds left are negative."""
    assert REHEARSAL.real_seconds_until(MONDAY, REAL0 + timedelta(seconds=4)) == pytest.approx(-4.0)


def test_a_duty_at_once_can_be_met_in_a_rehearsal() -> None:
    """Four hours would be 0.7 s real; they are stretched to 2 s, twelve hours of the case."""
    due = MONDAY + timedelta(hours=4)
    assert REHEARSAL.stretched(MONDAY, due) == MONDAY + timedelta(hours=12)
    assert REHEARSAL.stretched(MONDAY, MONDAY + timedelta(hours=13)) == MONDAY + timedelta(hours=13)
    assert Clock(MONDAY, REAL0, 1).stretched(MONDAY, due) == due


def test_a_date_past_from_the_start_is_not_stretched() -> None:
    """Lateness is not undone by the speed of a rehearsal."""
    assert REHEARSAL.stretched(MONDAY, MONDAY) == MONDAY
    assert REHEARSAL.stretched(MONDAY, MONDAY - timedelta(hours=1)) == MONDAY - timedelta(hours=1)


@pytest.mark.parametrize("scale", [0, -1, GREATEST_SCALE + 1])
def test_a_scale_out_of_bounds_is_refused(scale: int) -> None:
    """A clock that stands still, runs back or outruns every timer is never set up."""
    with pytest.raises(ClockError, match="scale runs from 1"):
        Clock(MONDAY, REAL0, scale)


def test_times_without_a_zone_are_refused() -> None:
    """A time that could be two instants is never converted."""
    with pytest.raises(ClockError, match="no time zone") as caught:
        Clock(MONDAY.replace(tzinfo=None), REAL0, 1)
    assert caught.value.code == "clock-invalid"
    with pytest.raises(ClockError, match="no time zone"):
        REHEARSAL.case_of(REAL0.replace(tzinfo=None))


@given(anchor=instants, real0=instants, scale=scales, case=instants)
def test_there_and_back_is_the_same_instant(anchor: datetime, real0: datetime, scale: int, case: datetime) -> None:
    """Converted to real time and back, a case time moves by less than a real microsecond."""
    clock = Clock(anchor, real0, scale)
    assert abs(clock.case_of(clock.real_of(case)) - case) <= timedelta(microseconds=scale)


def test_a_rehearsal_left_for_months_says_so() -> None:
    """A year later its case time would be past the year 9999: the way out is named."""
    with pytest.raises(ClockError, match="begin a new data folder"):
        REHEARSAL.now(REAL0 + timedelta(days=365))


@given(scale=scales, seconds=st.lists(st.floats(-86_400, 86_400), min_size=2, max_size=2).map(sorted))
def test_time_never_runs_back(scale: int, seconds: list[float]) -> None:
    """What happened later is later in the case as well."""
    clock = Clock(MONDAY, REAL0, scale)
    early, late = (REAL0 + timedelta(seconds=shift) for shift in seconds)
    assert clock.case_of(early) <= clock.case_of(late)


@given(scale=scales, start=instants, length=st.timedeltas(timedelta(microseconds=1), timedelta(days=400)))
def test_stretching_only_gives(scale: int, start: datetime, length: timedelta) -> None:
    """A stretched date is never earlier and leaves at least the least real time."""
    clock = Clock(MONDAY, REAL0, scale)
    stretched = clock.stretched(start, start + length)
    assert stretched >= start + length
    if scale > 1:
        assert clock.real_seconds_until(stretched, clock.real_of(start)) >= LEAST_REAL_SECONDS - 0.001
