"""A clock over Tet and over the turn of the year, paused on the way: dates counted by hand."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.decisions import Decide, decide
from activities.casework.settling import settle
from activities.casework.tasks import submit
from activities.domain.messages import Ask, Wake
from activities.domain.states import DecisionKind
from activities.store.engine import Sessions
from activities.store.journal import JournalEntry
from activities.store.tasks import Rung, Task
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.casework.times import at, local, opened_kind

KIND = "confirm_funds"  # five working days

# opened, due without a pause; paused, resumed, due with it; the three working days after that due
TET = (
    local(2024, 2, 5), local(2024, 2, 19, 17),  # 6 7 | 8-14 Tet | 15 16 | 19
    local(2024, 2, 7, 9), local(2024, 2, 15, 12), local(2024, 2, 21, 17),  # 6 | 7-15 paused | 16 | 19 20 21
    [local(2024, 2, 22, 17), local(2024, 2, 23, 17), local(2024, 2, 26, 17)],
)  # fmt: skip
NEW_YEAR = (
    local(2024, 12, 27), local(2025, 1, 6, 17),  # Friday; 30 31 | 1 January | 2 3 | 6
    local(2024, 12, 30, 14), local(2025, 1, 2, 9), local(2025, 1, 9, 17),  # 30-2 paused | 3 | 6 7 8 9
    [local(2025, 1, 10, 17), local(2025, 1, 13, 17), local(2025, 1, 14, 17)],
)  # fmt: skip
Dates = tuple[datetime, datetime, datetime, datetime, datetime, list[datetime]]


async def _row(sessions: Sessions, ask: Ask) -> Task:
    async with sessions() as session:
        return await session.get_one(Task, ask.task)


async def _paused(sessions: Sessions, office: Office, dates: Dates) -> Ask:
    """Opened, paused and resumed on these dates."""
    opening, _, since, until, _, _ = dates
    ask = await opened_kind(sessions, at(office, opening), KIND)
    async with sessions.begin() as session:
        stop = Decide(kind=DecisionKind.PAUSE, reason="chờ hồ sơ", until=until + timedelta(days=30))
        await decide(session, at(office, since), await actor(session, "district.supervisor"), ask.task, 1, stop)
    async with sessions.begin() as session:
        go_on = Decide(kind=DecisionKind.RESUME, reason="đã có hồ sơ")
        await decide(session, at(office, until), await actor(session, "district.supervisor"), ask.task, 2, go_on)
    return ask


@pytest.mark.parametrize("dates", [TET, NEW_YEAR], ids=["tet", "new-year"])
async def test_five_working_days_over_the_holidays_are_five_working_days(
    sessions: Sessions, office: Office, dates: Dates
) -> None:
    """Holidays, weekends and the days a pause touched do not count; the date is the hand-counted one."""
    plain = await opened_kind(sessions, at(office, dates[0]), KIND)
    assert dates[1] == (await _row(sessions, plain)).due_at
    paused = await _row(sessions, await _paused(sessions, office, dates))
    assert (dates[4], dates[4]) == (paused.due_at, paused.deadline_at)


@pytest.mark.parametrize("dates", [TET, NEW_YEAR], ids=["tet", "new-year"])
async def test_the_ladder_climbs_on_working_days(sessions: Sessions, office: Office, dates: Dates) -> None:
    """Head at the date itself, then one working day each to the directing agency, the lead and the district."""
    ask = await _paused(sessions, office, dates)
    async with sessions() as session:
        rows = await session.scalars(select(Rung).where(Rung.task_id == ask.task, Rung.lapsed_at.is_(None)))
        owed = {rung.code: rung.owed_at for rung in rows}
    above = ("overdue_head", "overdue_directing", "overdue_lead", "overdue_district")
    assert dict(zip(above, [dates[4], *dates[5]], strict=True)).items() <= owed.items()
    assert abs(owed["half"] - dates[0] - (dates[4] - dates[0]) / 2) < timedelta(minutes=1)  # of the time as it passes


@pytest.mark.parametrize("dates", [TET, NEW_YEAR], ids=["tet", "new-year"])
async def test_the_date_passes_once(sessions: Sessions, office: Office, dates: Dates) -> None:
    """In time to the last second; a second later one mark, however often anybody looks; grace ends a working day on."""
    ask = await _paused(sessions, office, dates)
    held = (await _row(sessions, ask)).generation
    async with sessions.begin() as session:
        await settle(session, at(office, dates[4] - timedelta(minutes=1)), Wake(ask=ask, why="rung"))
    assert 0 == (await _row(sessions, ask)).overdue_marks
    for seconds in (1, 1, 60):
        late = at(office, dates[4] + timedelta(seconds=seconds))
        async with sessions.begin() as session:
            await settle(session, late, Wake(ask=ask, held=held, why="expired"))
    row = await _row(sessions, ask)
    assert (1, held + 1, dates[4], dates[5][0]) == (row.overdue_marks, row.generation, row.due_at, row.deadline_at)
    async with sessions() as session:
        marks = select(JournalEntry).where(JournalEntry.task_id == ask.task, JournalEntry.event == "task-overdue")
        assert 1 == len(list(await session.scalars(marks)))


async def test_an_answer_while_the_clock_stands_closes_the_ledger(sessions: Sessions, office: Office) -> None:
    """Answered in the pause, after the old date: not late, and the row shows a date that says so."""
    ask = await opened_kind(sessions, at(office, TET[0]), KIND)
    async with sessions.begin() as session:
        stop = Decide(kind=DecisionKind.PAUSE, reason="chờ hồ sơ", until=local(2024, 3, 15))
        await decide(session, at(office, TET[2]), await actor(session, "district.supervisor"), ask.task, 1, stop)
    answered = at(office, local(2024, 2, 28))
    async with sessions.begin() as session:
        who = await actor(session, "finance-division.officer")
        await submit(session, answered, who, ask.task, 2, dict(VALID[KIND]), answered.now())
    row = await _row(sessions, ask)
    assert (False, 0, None) == (row.late, row.overdue_marks, row.paused_until)
    assert local(2024, 3, 5, 17) == row.due_at  # 6 | 7-28 paused | 29 | 1 4 5
