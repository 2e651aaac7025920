"""When a task is due: the dates a lawyer would count on paper, and what can never happen to them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.plan.calendar import TIME_ZONE, WorkCalendar
from activities.plan.deadlines import Budget, BudgetError, Pause, Unit, add_months, due, explain, parse_budget


def local(text: str) -> datetime:
    """An instant written as Vietnamese local time."""
    return datetime.fromisoformat(text).replace(tzinfo=TIME_ZONE)


def shown(moment: datetime | None) -> str:
    """A due date as an officer reads it."""
    return "open" if moment is None else moment.astimezone(TIME_ZONE).strftime("%Y-%m-%d %H:%M")


def paused(from_: str, to: str | None) -> Pause:
    return Pause(local(from_), local(to) if to else None)


@pytest.mark.parametrize(
    ("start", "budget", "expected"),
    [
        # hours: round the clock, nights, weekends and Tet included
        ("2024-03-04 09:15", "PT4H", "2024-03-04 13:15"),
        ("2024-02-09 23:30", "PT4H", "2024-02-10 03:30"),
        ("2024-12-31 22:00", "PT24H", "2025-01-01 22:00"),
        # days: the first left out, the last moved to a working day
        ("2024-03-04 09:15", "P3D", "2024-03-07 17:00"),
        ("2024-03-07 09:15", "P3D", "2024-03-11 17:00"),
        ("2024-03-08 16:59", "P3D", "2024-03-11 17:00"),
        ("2024-03-08 17:01", "P3D", "2024-03-11 17:00"),
        ("2024-03-08 23:59", "P1D", "2024-03-11 17:00"),
        ("2024-02-29 08:00", "P1D", "2024-03-01 17:00"),
        # the three breaks of Tet
        ("2024-02-06 10:00", "P3D", "2024-02-15 17:00"),
        ("2025-01-23 10:00", "P3D", "2025-02-03 17:00"),
        ("2026-02-12 10:00", "P3D", "2026-02-23 17:00"),
        ("2024-01-25 10:00", "P20D", "2024-02-15 17:00"),
        # 30 April and the swapped days around it
        ("2024-04-26 10:00", "P3D", "2024-05-02 17:00"),
        ("2024-05-01 10:00", "P3D", "2024-05-04 17:00"),
        ("2025-04-23 10:00", "P3D", "2025-04-26 17:00"),
        ("2025-04-29 10:00", "P1D", "2025-05-05 17:00"),
        ("2026-04-23 10:00", "P3D", "2026-04-28 17:00"),
        # months: the corresponding day, or the last of a short month
        ("2025-01-31 10:00", "P1M", "2025-02-28 17:00"),
        ("2024-01-31 10:00", "P1M", "2024-02-29 17:00"),
        ("2024-02-29 10:00", "P12M", "2025-02-28 17:00"),
        ("2024-12-31 10:00", "P2M", "2025-02-28 17:00"),
        ("2024-12-31 10:00", "P12M", "2025-12-31 17:00"),
        ("2024-08-02 10:00", "P1M", "2024-09-04 17:00"),
        ("2025-01-01 10:00", "P12M", "2026-01-05 17:00"),
        # working days
        ("2024-03-08 16:59", "P1WD", "2024-03-11 17:00"),
        ("2024-03-08 17:01", "P1WD", "2024-03-11 17:00"),
        ("2024-03-09 10:00", "P1WD", "2024-03-11 17:00"),
        ("2024-03-04 10:00", "P5WD", "2024-03-11 17:00"),
        ("2024-02-07 10:00", "P3WD", "2024-02-19 17:00"),
        ("2025-01-24 10:00", "P1WD", "2025-02-03 17:00"),
        ("2026-02-13 10:00", "P5WD", "2026-02-27 17:00"),
        ("2024-04-26 10:00", "P3WD", "2024-05-04 17:00"),
        ("2025-04-25 10:00", "P3WD", "2025-04-29 17:00"),
        ("2025-04-29 10:00", "P1WD", "2025-05-05 17:00"),
        ("2026-08-21 10:00", "P1WD", "2026-08-22 17:00"),
        ("2026-08-28 10:00", "P1WD", "2026-09-03 17:00"),
        ("2024-12-31 10:00", "P1WD", "2025-01-02 17:00"),
        ("2025-12-31 10:00", "P1WD", "2026-01-05 17:00"),
    ],
)
def test_a_deadline_falls_where_paper_puts_it(calendar: WorkCalendar, start: str, budget: str, expected: str) -> None:
    """Counted by hand on a wall calendar, for starts and ends around every kind of day off."""
    assert expected == shown(due(local(start), parse_budget(budget), calendar))


def test_the_first_day_is_the_local_one(calendar: WorkCalendar) -> None:
    """06:30 on a Friday in Vietnam is still Thursday in UTC; Friday is the day left out."""
    assert shown(due(datetime(2024, 3, 7, 23, 30, tzinfo=UTC), parse_budget("P1WD"), calendar)) == "2024-03-11 17:00"


@pytest.mark.parametrize(
    ("start", "budget", "extensions", "expected"),
    [
        ("2024-03-04 10:00", "P3D", ["P5D"], "2024-03-12 17:00"),
        ("2024-03-07 10:00", "P3D", ["P1D"], "2024-03-12 17:00"),
        ("2024-03-07 10:00", "P3D", ["P1WD", "P1WD"], "2024-03-13 17:00"),
        ("2024-03-04 10:00", "PT4H", ["PT4H"], "2024-03-04 18:00"),
        ("2024-03-04 10:00", "PT4H", ["P1WD"], "2024-03-05 17:00"),
        ("2024-03-04 10:00", "P1WD", ["PT24H"], "2024-03-06 17:00"),
        ("2024-03-04 10:00", "P20D", ["P2M"], "2024-05-27 17:00"),
    ],
)
def test_an_extension_counts_on_from_the_end_it_extends(
    calendar: WorkCalendar, start: str, budget: str, extensions: list[str], expected: str
) -> None:
    """An agency given one working day more has one working day more than it was shown."""
    more = [parse_budget(text) for text in extensions]
    assert expected == shown(due(local(start), parse_budget(budget), calendar, more))


@pytest.mark.parametrize(
    ("start", "budget", "pauses", "expected"),
    [
        # a touched day does not count, however briefly
        ("2024-03-04 10:00", "P3D", [("2024-03-05 09:00", "2024-03-05 09:10")], "2024-03-08 17:00"),
        ("2024-03-04 10:00", "P3D", [("2024-03-05 09:00", "2024-03-06 09:00")], "2024-03-11 17:00"),
        ("2024-03-04 10:00", "P3WD", [("2024-03-05 09:00", "2024-03-06 09:00")], "2024-03-11 17:00"),
        # the remaining days count from the day after resuming
        ("2024-03-04 10:00", "P5WD", [("2024-03-06 11:00", "2024-03-13 08:00")], "2024-03-19 17:00"),
        # the first day is left out anyway
        ("2024-03-04 10:00", "P3D", [("2024-03-04 11:00", "2024-03-04 16:00")], "2024-03-07 17:00"),
        # the day due itself, before and after it has ended
        ("2024-03-04 10:00", "P3D", [("2024-03-07 16:59", "2024-03-07 18:00")], "2024-03-08 17:00"),
        ("2024-03-04 10:00", "P3D", [("2024-03-07 17:00", "2024-03-20 18:00")], "2024-03-07 17:00"),
        ("2024-03-04 10:00", "P3D", [("2024-03-07 17:00", None)], "2024-03-07 17:00"),
        ("2024-03-04 10:00", "P3D", [("2024-03-07 16:59", None)], "open"),
        # an evening, and a stretch that ends at midnight
        ("2024-03-04 10:00", "P3D", [("2024-03-05 18:00", "2024-03-05 23:00")], "2024-03-07 17:00"),
        ("2024-03-04 10:00", "P3D", [("2024-03-05 08:00", "2024-03-06 00:00")], "2024-03-08 17:00"),
        # the working day a weekend end moves to is paused as well
        ("2024-03-07 10:00", "P3D", [("2024-03-11 08:00", "2024-03-12 09:00")], "2024-03-13 17:00"),
        # over Tet, and months
        ("2024-02-05 10:00", "P2WD", [("2024-02-07 08:00", "2024-02-15 09:00")], "2024-02-16 17:00"),
        ("2024-01-31 10:00", "P1M", [("2024-02-05 08:00", "2024-02-06 17:00")], "2024-03-04 17:00"),
        # hours: exactly as long as the pauses, what overlaps once
        ("2024-03-04 10:00", "PT4H", [("2024-03-04 11:00", "2024-03-04 12:30")], "2024-03-04 15:30"),
        (
            "2024-03-04 10:00",
            "PT4H",
            [("2024-03-04 11:00", "2024-03-04 12:00"), ("2024-03-04 11:30", "2024-03-04 13:00")],
            "2024-03-04 16:00",
        ),
        ("2024-03-04 10:00", "PT4H", [("2024-03-04 08:00", "2024-03-04 11:00")], "2024-03-04 15:00"),
        ("2024-03-04 10:00", "PT4H", [("2024-03-04 14:00", "2024-03-04 15:00")], "2024-03-04 14:00"),
        ("2024-03-04 10:00", "PT4H", [("2024-03-04 13:59", None)], "open"),
        # an open pause after other pauses moved the end past its beginning
        (
            "2024-03-04 10:00",
            "PT4H",
            [("2024-03-04 15:00", None), ("2024-03-04 11:00", "2024-03-04 13:00")],
            "open",
        ),
    ],
)
def test_a_pause_takes_its_days_out_of_the_count(
    calendar: WorkCalendar, start: str, budget: str, pauses: list[tuple[str, str | None]], expected: str
) -> None:
    """An agency that waited for others is given that time back; one already late is not."""
    ledger = [paused(*pause) for pause in pauses]
    assert expected == shown(due(local(start), parse_budget(budget), calendar, pauses=ledger))


def test_the_date_can_be_explained(calendar: WorkCalendar) -> None:
    """An officer who asks why it is the 16th is shown the days of Tet and the paused day."""
    told = explain(
        local("2024-02-06 10:00"),
        parse_budget("P2WD"),
        calendar,
        pauses=[paused("2024-02-07 08:00", "2024-02-07 09:00")],
    )
    assert shown(told.due) == "2024-02-16 17:00"
    assert told.paused == (date(2024, 2, 7),)
    assert told.off == tuple(date(2024, 2, day) for day in range(8, 15))
    assert told.calendar_known


def test_a_date_past_the_list_of_holidays_is_flagged(calendar: WorkCalendar) -> None:
    """Nobody knows yet when Tet 2027 is: the date is given and marked."""
    assert not explain(local("2026-12-30 10:00"), parse_budget("P5WD"), calendar).calendar_known
    assert explain(local("2026-12-30 10:00"), parse_budget("PT72H"), calendar).calendar_known
    assert explain(local("2023-12-31 10:00"), parse_budget("P3D"), calendar).calendar_known


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "P0D",
        "P03D",
        "3D",
        "P3",
        "P-3D",
        "P3W",
        "P4H",
        "PT4M",
        "PT3D",
        "P1M2D",
        "p3d",
        "P3D ",
        "P٣D",
        "P10000D",
    ],
)
def test_a_length_that_cannot_be_read_is_refused(text: str) -> None:
    """A slip in the plan's file is an error with its text, never a guessed length."""
    with pytest.raises(BudgetError, match="write PT4H") as caught:
        parse_budget(text)
    assert caught.value.code == "budget-invalid"


def test_a_length_is_never_nothing() -> None:
    """A clock of no length would be over before it starts."""
    with pytest.raises(BudgetError, match="not 0"):
        Budget(0, Unit.DAYS)


def test_times_without_a_zone_are_refused(calendar: WorkCalendar) -> None:
    """A time that could be two instants never starts or stops a clock."""
    naive = datetime(2024, 3, 4, 10, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(ValueError, match="no time zone"):
        due(naive, parse_budget("P3D"), calendar)
    with pytest.raises(ValueError, match="no time zone"):
        Pause(naive, None)
    with pytest.raises(ValueError, match="cannot end"):
        paused("2024-03-05 10:00", "2024-03-04 10:00")


def test_corresponding_days_cross_years() -> None:
    """Month by month over a year's end, on and back."""
    assert add_months(date(2024, 12, 31), 1) == date(2025, 1, 31)
    assert add_months(date(2024, 12, 31), 2) == date(2025, 2, 28)
    assert add_months(date(2025, 1, 31), -11) == date(2024, 2, 29)
    assert add_months(date(2025, 1, 31), -1) == date(2024, 12, 31)


FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
instants = st.timedeltas(timedelta(), LAST - FIRST).map(FIRST.__add__)
counts = st.integers(1, 40)
budgets = st.builds(Budget, counts, st.sampled_from(Unit))
fixed = st.builds(Budget, counts, st.sampled_from([Unit.HOURS, Unit.DAYS, Unit.WORKING_DAYS]))


@st.composite
def ledgers(draw: st.DrawFn, start: datetime) -> list[Pause]:
    """Up to four pauses around a start, closed ones."""
    made = []
    for _ in range(draw(st.integers(0, 4))):
        from_ = start + timedelta(minutes=draw(st.integers(-2_000, 40_000)))
        made.append(Pause(from_, from_ + timedelta(minutes=draw(st.integers(0, 20_000)))))
    return made


@given(budget=budgets)
def test_a_length_reads_back_as_written(budget: Budget) -> None:
    """What a page shows can be typed in again."""
    assert parse_budget(str(budget)) == budget


@given(data=st.data(), start=instants, budget=budgets, extensions=st.lists(budgets, max_size=3))
def test_pauses_and_extensions_never_take_time_away(
    calendar: WorkCalendar, data: st.DataObject, start: datetime, budget: Budget, extensions: list[Budget]
) -> None:
    """No agency ever loses time by being paused or given more; every date lies after the start."""
    ledger = data.draw(ledgers(start))
    bare = due(start, budget, calendar)
    longer = due(start, budget, calendar, extensions)
    both = due(start, budget, calendar, extensions, ledger)
    assert bare is not None
    assert longer is not None
    assert both is not None
    assert start < bare <= longer <= both
    assert (bare < longer) == bool(extensions)


@given(data=st.data(), start=instants, budget=budgets, extensions=st.lists(fixed, max_size=2), more=fixed)
def test_more_is_never_earlier(
    calendar: WorkCalendar, data: st.DataObject, start: datetime, budget: Budget, extensions: list[Budget], more: Budget
) -> None:
    """A longer budget, one more extension, one more pause: none brings the date forward, whatever is in the ledger."""
    ledger = data.draw(ledgers(start))
    base = due(start, budget, calendar, extensions, ledger)
    assert base is not None
    longer = due(start, Budget(budget.count + 1, budget.unit), calendar, extensions, ledger)
    extended = due(start, budget, calendar, [*extensions, more], ledger)
    held = due(start, budget, calendar, extensions, [*ledger, *data.draw(ledgers(start))])
    assert longer is not None
    assert extended is not None
    assert held is not None
    assert base <= longer
    assert base < extended
    assert base <= held


@given(data=st.data(), start=instants, budget=budgets, extensions=st.lists(budgets, max_size=2))
def test_the_order_of_the_ledger_does_not_matter(
    calendar: WorkCalendar, data: st.DataObject, start: datetime, budget: Budget, extensions: list[Budget]
) -> None:
    """Pauses entered late or twice give the same date as those entered in order."""
    ledger = data.draw(ledgers(start))
    shuffled = data.draw(st.permutations(ledger + ledger[:1]))
    assert explain(start, budget, calendar, extensions, ledger) == explain(
        start, budget, calendar, extensions, shuffled
    )


@given(data=st.data(), start=instants, budget=budgets, later=st.integers(0, 10_000))
def test_a_pause_after_the_end_changes_nothing(
    calendar: WorkCalendar, data: st.DataObject, start: datetime, budget: Budget, later: int
) -> None:
    """Lateness cannot be paused away."""
    ledger = data.draw(ledgers(start))
    base = due(start, budget, calendar, pauses=ledger)
    assert base is not None
    after = base + timedelta(minutes=later)
    for to in (None, after + timedelta(days=9)):
        assert base == due(start, budget, calendar, pauses=[*ledger, Pause(after, to)])


@given(start=instants, budget=fixed.filter(lambda budget: budget.unit is not Unit.HOURS))
def test_a_day_ends_with_the_work_of_a_working_day(calendar: WorkCalendar, start: datetime, budget: Budget) -> None:
    """Nobody is asked to finish on a day, or at an hour, at which the office is closed."""
    end = due(start, budget, calendar)
    assert end is not None
    day = calendar.day_of(end)
    assert calendar.is_working(day)
    assert end == calendar.end_of(day)
