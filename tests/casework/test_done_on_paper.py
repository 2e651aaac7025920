"""What was done on paper is on time or late by the day it was done; the day somebody typed it in says nothing of the agency."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.journeys import AlreadyDone, Report, Start, report_person, start_journey
from activities.casework.lateness import COUNTED_AT, WAITED, counted_at, waited
from activities.casework.tasks import submit
from activities.domain.states import TaskState
from activities.store.engine import Sessions
from activities.store.journal import JournalEntry
from activities.store.tasks import Rung, Task
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.build.papers import paper_for
from tests.casework.correcting import COORDINATOR, HEALTH, corrects, decides, done, task_of
from tests.casework.test_races import expire, later
from tests.casework.times import at, local, opened_kind

CAME, TYPED = local(2024, 3, 4), local(2024, 4, 15)  # three days from a Monday: until the end of Thursday
DAY = timedelta(days=1)


async def _entered(sessions: Sessions, office: Office, happened: datetime) -> Task:
    """The check of the information, entered weeks later by the coordinator; its row."""
    one = AlreadyDone(
        kind="check_information", happened_at=happened, document={"number": "12/CV"}, outcome=dict(VALID["check_information"])
    )  # fmt: skip
    start = Start(commune="tri-an", happened_at=CAME, way_of_return="rescued", already_done=(one,))
    async with sessions.begin() as session:
        who = await actor(session, "labour-division.coordinator")
        journey = await start_journey(session, at(office, TYPED), who, start)
    async with sessions() as session:
        return (await session.scalars(select(Task).where(Task.journey_id == journey.id, Task.kind == one.kind))).one()


async def _told_of(sessions: Sessions, task: Task) -> tuple[list[str], int]:
    """What the journal says of a task, and how many rungs it ever owed."""
    async with sessions() as session:
        events = select(JournalEntry.event).where(JournalEntry.task_id == task.id).order_by(JournalEntry.seq)
        rungs = list(await session.scalars(select(Rung.id).where(Rung.task_id == task.id)))
        return list(await session.scalars(events)), len(rungs)


@pytest.mark.parametrize(("after", "late"), [(2 * DAY, False), (8 * DAY, True)])
async def test_what_was_entered_as_already_done_is_late_by_its_own_day(
    sessions: Sessions, office: Office, after: timedelta, late: bool
) -> None:
    """Done within the three days it was on time, however late it is typed; done after them late, and nobody is reminded of it."""
    task = await _entered(sessions, office, CAME + after)
    assert (late, None, 0) == (task.late, task.overdue_at, task.overdue_marks)
    assert (TaskState.DONE, local(2024, 3, 7).date()) == (task.state, task.due_at.astimezone(CAME.tzinfo).date())
    assert task.ended_at == task.opened_at
    assert (["task-done"], 0) == await _told_of(sessions, task)


async def test_a_report_that_is_typed_days_later_is_a_reception_on_time(sessions: Sessions, office: Office) -> None:
    """The person was received when they came; what the commune was late with is its report, and the journal has that day."""
    async with sessions.begin() as session:
        report = Report(commune="tri-an", happened_at=CAME, way_of_return="rescued")
        who = await actor(session, "commune-tri-an.officer")
        journey = await report_person(session, at(office, CAME + 3 * DAY), who, report)
    async with sessions() as session:
        task = (await session.scalars(select(Task).where(Task.journey_id == journey.id))).one()
    assert (False, 0, CAME) == (task.late, task.overdue_marks, task.happened_at)
    assert (["task-done"], 0) == await _told_of(sessions, task)


async def _answered(
    sessions: Sessions, office: Office, happened: timedelta, *, paper: bool, seen: bool = False
) -> Task:
    """A task of the medical centre, answered long after its date; `happened`: so long after it was opened."""
    ask, typed = await opened_kind(sessions, office, "examine_health"), later(office, 60 * DAY)
    if seen:
        await expire(sessions, typed, ask)
    async with sessions.begin() as session:
        who, row = await actor(session, COORDINATOR if paper else HEALTH), await session.get_one(Task, ask.task)
        letter = await paper_for(session, typed, who, ask.task) if paper else None
        moment = row.opened_at + happened
        await submit(session, typed, who, ask.task, row.revision, dict(VALID["examine_health"]), moment, letter)
    return await task_of(sessions, ask)


@pytest.mark.parametrize(
    ("happened", "paper", "late"),
    [
        pytest.param(timedelta(), True, False, id="paper of the first hour"),
        pytest.param(50 * DAY, True, True, id="paper of a late act"),
        pytest.param(timedelta(), False, True, id="sent late, whenever it was done"),
    ],
)
async def test_a_paper_is_measured_by_its_fact_and_an_answer_sent_here_by_its_sending(
    sessions: Sessions, office: Office, happened: timedelta, paper: bool, late: bool
) -> None:
    """An agency is not late because the coordinator was slow to type; an officer who sends late cannot date it back."""
    task = await _answered(sessions, office, happened, paper=paper)
    assert (late, int(late)) == (task.late, task.overdue_marks)
    assert ("task-overdue" in (await _told_of(sessions, task))[0]) is late


async def test_a_mark_already_written_stays_when_the_paper_shows_it_was_done_in_time(
    sessions: Sessions, office: Office
) -> None:
    """It was overdue for all anybody could see; the mark is history, the answer is not late."""
    task = await _answered(sessions, office, timedelta(), paper=True, seen=True)
    assert (False, 1) == (task.late, task.overdue_marks)


async def test_a_corrected_day_of_a_paper_is_judged_anew(sessions: Sessions, office: Office) -> None:
    """The agency objects that it was done weeks later than was typed: late after all, and marked once."""
    typed = later(office, 60 * DAY)
    ask = await opened_kind(sessions, office, "examine_health")
    opened_at = (await task_of(sessions, ask)).opened_at
    async with sessions.begin() as session:
        who = await actor(session, COORDINATOR)
        letter = await paper_for(session, typed, who, ask.task)
        await submit(session, typed, who, ask.task, 1, dict(VALID["examine_health"]), opened_at, letter)
    assert not (await task_of(sessions, ask)).late
    moment = opened_at + 50 * DAY
    row = await corrects(sessions, typed, ask, COORDINATOR, dict(VALID["examine_health"]), happened_at=moment)
    if row.state == "proposed":
        await decides(sessions, typed, row, "district.supervisor")
    task = await task_of(sessions, ask)
    assert (True, 1) == (task.late, task.overdue_marks)


async def test_the_figures_count_by_the_same_moment_as_the_row(sessions: Sessions, office: Office) -> None:
    """The statement the figures and the rehearsal ask with says of each task what casework says of it."""
    await _answered(sessions, office, timedelta(), paper=True)
    await _entered(sessions, office, CAME + 8 * DAY)
    await done(sessions, office, "meet_essential_needs", "labour-division.officer")
    async with sessions() as session:
        found = await session.execute(select(Task, COUNTED_AT, WAITED).where(Task.ended_at.is_not(None)))
        rows = [(row[0], row[1], row[2]) for row in found]
    assert [(counted_at(task), waited(task)) for task, *_ in rows] == [(moment, stood) for _, moment, stood in rows]
    expected = {
        "examine_health": True,
        "check_information": False,
        "receive_person": False,
        "meet_essential_needs": True,
    }
    assert expected == {task.kind: stood for task, _, stood in rows}
