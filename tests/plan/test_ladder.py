"""Who is told while a task stays unanswered: every rung at its time, none lost, none that could never come."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from activities.plan.calendar import TIME_ZONE, WorkCalendar
from activities.plan.clock import Clock
from activities.plan.deadlines import Budget, Unit, due, parse_budget
from activities.plan.ladder import OwedRung, RungRule, can_fire, owed

LIFE = Clock(datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC), 1)
REHEARSAL = Clock(datetime(2024, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC), 21_600)
LADDER = (
    RungRule(code="reply", when="reply", to="holder"),
    RungRule(code="half", when="half", to="holder"),
    RungRule(code="day-before", when="before P1WD", to="holder"),
    RungRule(code="overdue", when="due", to="head"),
    RungRule(code="day-after", when="after P1WD", to="directing"),
    RungRule(code="week-after", when="after P5WD", to="district"),
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TIME_ZONE)


def shown(rungs: tuple[OwedRung, ...]) -> list[str]:
    return [f"{rung.code} {rung.at.astimezone(TIME_ZONE):%m-%d %H:%M} {rung.to}" for rung in rungs]


def test_a_ladder_climbs_from_the_holder_to_the_district(calendar: WorkCalendar) -> None:
    """A task of five working days, never answered: reminded twice, then head, directing agency, district."""
    start = local("2024-03-04 09:00")
    end = due(start, parse_budget("P5WD"), calendar)
    reply = due(start, parse_budget("P1WD"), calendar)
    assert shown(owed(LADDER, start, end, reply, calendar, LIFE)) == [
        "reply 03-05 17:00 holder",
        "half 03-08 01:00 holder",
        "day-before 03-08 17:00 holder",
        "overdue 03-11 17:00 head",
        "day-after 03-12 17:00 directing",
        "week-after 03-18 17:00 district",
    ]


def test_rungs_over_tet_wait_for_people_to_be_there(calendar: WorkCalendar) -> None:
    """Due on the first day after Tet: the reminder comes before the break, the next rung after it."""
    start, end = local("2024-01-29 09:00"), local("2024-02-15 17:00")
    assert shown(owed(LADDER[2:5], start, end, None, calendar, LIFE)) == [
        "day-before 02-07 17:00 holder",
        "overdue 02-15 17:00 head",
        "day-after 02-16 17:00 directing",
    ]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("before PT6H", "03-12 11:00"),
        ("before P1D", "03-11 17:00"),
        ("before P2D", "03-08 17:00"),
        ("before P2WD", "03-08 17:00"),
        ("before P1M", "02-07 17:00"),
        ("after PT6H", "03-12 23:00"),
        ("after P4D", "03-18 17:00"),
        ("after P1M", "04-12 17:00"),
    ],
)
def test_a_rung_hangs_at_its_length_from_due(calendar: WorkCalendar, when: str, expected: str) -> None:
    """Reminders that would fall on a day nobody works come on the working day before."""
    (rung,) = owed(
        [RungRule(code="r", when=when, to="lead")],
        local("2024-01-02 09:00"),
        local("2024-03-12 17:00"),
        None,
        calendar,
        LIFE,
    )
    assert expected == f"{rung.at.astimezone(TIME_ZONE):%m-%d %H:%M}"


def test_a_duty_at_once_is_not_reminded_before_it_exists(calendar: WorkCalendar) -> None:
    """Four hours leave no working day before: that reminder is left out, half-time and due stay."""
    start = local("2024-03-04 09:00")
    assert shown(owed(LADDER, start, start + timedelta(hours=4), None, calendar, LIFE)) == [
        "half 03-04 11:00 holder",
        "overdue 03-04 13:00 head",
        "day-after 03-05 17:00 directing",
        "week-after 03-11 17:00 district",
    ]


def test_a_task_that_opens_overdue_still_climbs(calendar: WorkCalendar) -> None:
    """Entered late, it owes no reminder but every rung from due on."""
    start = local("2024-03-04 09:00")
    codes = [rung.code for rung in owed(LADDER, start, start, None, calendar, LIFE)]
    assert codes == ["overdue", "day-after", "week-after"]


def test_without_a_due_date_only_the_reply_clock_speaks(calendar: WorkCalendar) -> None:
    """A kind without a completion clock, or one paused, owes only that somebody takes it up."""
    start, reply = local("2024-03-04 09:00"), local("2024-03-05 17:00")
    assert shown(owed(LADDER, start, None, reply, calendar, LIFE)) == ["reply 03-05 17:00 holder"]
    assert owed(LADDER, start, None, None, calendar, LIFE) == ()


def test_rungs_a_timer_cannot_tell_apart_become_one(calendar: WorkCalendar) -> None:
    """In a rehearsal half-time of a duty at once is within 2 s of due: the head is told once, and it says what merged."""
    start = local("2024-03-04 09:00")
    end = REHEARSAL.stretched(start, start + timedelta(hours=4))
    rungs = owed(LADDER, start, end, end, calendar, REHEARSAL)
    assert rungs[0] == OwedRung("overdue", end.astimezone(UTC), "head", merged=("reply", "half"))
    assert [rung.code for rung in rungs] == ["overdue", "day-after", "week-after"]


def test_a_reminder_too_near_to_due_comes_with_due(calendar: WorkCalendar) -> None:
    """Where the ladder has no rung at due, such a reminder waits for due itself."""
    start = local("2024-03-04 09:00")
    end = start + timedelta(hours=12)
    (rung,) = owed([LADDER[1]], start, end, None, calendar, REHEARSAL)
    assert rung == OwedRung("half", end.astimezone(UTC), "holder")


@pytest.mark.parametrize(
    ("when", "budget", "reply", "expected"),
    [
        ("half", "PT1H", None, True),
        ("due", "P3D", None, True),
        ("due", None, "P1WD", False),
        ("after P5WD", "P3D", None, True),
        ("after P5WD", None, None, False),
        ("reply", "P3D", None, False),
        ("reply", None, "P1WD", True),
        ("before P1WD", "P3D", None, True),
        ("before P5WD", "P3D", None, False),
        ("before P1WD", "P1WD", None, True),
        ("before P2WD", "P1WD", None, False),
        ("before P1WD", "PT4H", None, False),
        ("before PT2H", "PT4H", None, True),
        ("before PT4H", "PT4H", None, False),
        ("before P1M", "P20D", None, False),
        ("before P20D", "P1M", None, True),
        ("before P300WD", "P12M", None, False),
    ],
)
def test_a_rung_that_can_never_come_is_found(when: str, budget: str | None, reply: str | None, expected: bool) -> None:
    """A plan that promises a reminder no clock leaves room for is refused before anyone relies on it."""
    rule = RungRule(code="r", when=when, to="holder")
    found = can_fire(rule, parse_budget(budget) if budget else None, parse_budget(reply) if reply else None)
    assert expected == found


@pytest.mark.parametrize(
    "when", ["", "halfway", "before", "before ", "after 3 days", "due P1WD", "before P0D", "half PT1H"]
)
def test_a_moment_outside_the_grammar_is_refused(when: str) -> None:
    """A slip in the ladder is an error at load, with the moments that exist."""
    with pytest.raises(ValidationError, match="write"):
        RungRule(code="r", when=when, to="holder")


def test_a_rung_tells_somebody_the_plan_knows() -> None:
    """A recipient outside the five is refused."""
    with pytest.raises(ValidationError, match="to"):
        RungRule.model_validate({"code": "r", "when": "due", "to": "everybody"})


FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


@given(
    start=st.timedeltas(timedelta(), LAST - FIRST).map(FIRST.__add__),
    budget=st.builds(Budget, st.integers(1, 40), st.sampled_from(Unit)),
    scale=st.sampled_from([1, 3_600, 21_600, 43_200]),
    rules=st.permutations(LADDER),
)
def test_no_rung_is_lost_and_none_crowd(
    calendar: WorkCalendar, start: datetime, budget: Budget, scale: int, rules: list[RungRule]
) -> None:
    """Every rung is owed once, alone or merged, in order, no two nearer than a timer can tell, all after the start."""
    clock = Clock(LIFE.anchor, LIFE.real0, scale)
    end = due(start, budget, calendar)
    assert end is not None
    end = clock.stretched(start, end)
    rungs = owed(rules, start, end, end, calendar, clock)
    codes = [code for rung in rungs for code in (rung.code, *rung.merged)]
    assert len(codes) == len(set(codes))
    assert {"reply", "half", "overdue", "day-after", "week-after"} <= set(codes)
    assert all(later.at - earlier.at >= clock.least for earlier, later in pairwise(rungs))
    assert all(rung.at > start for rung in rungs)
    assert not any(end - clock.least < rung.at < end for rung in rungs)
