"""The rules that keep a task from being lost, done twice or late in silence, each at the row."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.casework.context import Office
from activities.casework.settling import settle
from activities.casework.tasks import claim, give_back, release, submit
from activities.domain.messages import Wake
from activities.plan.clock import Clock
from activities.store.engine import Sessions
from activities.store.journal import JournalEntry
from activities.store.notices import Notice
from activities.store.outbox import Command
from activities.store.tasks import Rung, Task
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.casework.test_races import KIND, answer, later, opened
from tests.casework.test_transitions import EVENTS, OFFICER, TABLE, in_state
from tests.casework.times import at, local, opened_kind


@contextmanager
def _locks(engine: AsyncEngine) -> Iterator[list[str]]:
    """The tables whose rows are locked, in order; a table with ` by id` where its rows are taken in that order."""
    taken = list[str]()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "attend_task(" in statement:
            taken.extend(("journey", "task"))  # the function locks them so, one after the other
        elif "FOR UPDATE" in statement:
            table = statement.split("FROM ")[1].split(maxsplit=1)[0]
            if statement.endswith("FOR UPDATE OF journey, task") and "FROM journey JOIN task" in statement:
                taken.append("journey")  # the server locks the rows of a join in the order it names the tables
                table = "task"
            taken.append(f"{table} by id" if "ORDER BY task.id" in statement else table)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield taken
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)


@pytest.mark.parametrize(("name", "state"), [each for each in TABLE if each[0] != "release"])
async def test_rows_are_locked_in_one_order(
    engine: AsyncEngine, sessions: Sessions, office: Office, name: str, state: str
) -> None:
    """The journey first, whose row holds the chain's head, then its tasks by id: two who meet wait, and never for ever."""
    ask, before = await in_state(sessions, office, state)
    with _locks(engine) as taken:
        async with sessions.begin() as session:
            await EVENTS[name](session, office, ask, before.revision)
    assert "journey" == taken[0]
    # the paper's scan was attached first, in the same transaction
    held = {"journey"} if name == "on_behalf" else set[str]()
    assert {"task", "task by id"} | held >= set(taken[1:])
    assert 1 < len(taken)


async def test_a_fact_and_its_command_stand_or_fall_together(sessions: Sessions, office: Office) -> None:
    """A process that dies before its commit has answered nothing, journalled nothing and told the story nothing."""
    ask = await opened(sessions, office)

    async def rows() -> tuple[str, int, int]:
        async with sessions() as session:
            sent = list(await session.scalars(select(Command).where(Command.task_id == ask.task)))
            told = list(await session.scalars(select(JournalEntry).where(JournalEntry.task_id == ask.task)))
            return (await session.get_one(Task, ask.task)).state.value, len(sent), len(told)

    session = sessions()
    await submit(session, office, await actor(session, OFFICER), ask.task, 1, dict(VALID[KIND]), office.now())
    await session.flush()
    await session.close()
    assert ("open", 0, 1) == await rows()
    await answer(sessions, office, ask)
    assert ("done", 1, 2) == await rows()


@dataclass(frozen=True)
class Standing(Clock):
    """A clock that stands."""

    def now(self, real: datetime | None = None) -> datetime:
        """Always the anchor."""
        return self.anchor if real is None else real


@pytest.mark.parametrize(("after", "late"), [(0, False), (1, True)])
async def test_late_is_after_the_date_and_not_at_it(sessions: Sessions, office: Office, after: int, late: bool) -> None:
    """The last instant of the day is in time; the next microsecond is late, and marked."""
    ask = await opened(sessions, office)
    async with sessions() as session:
        due = (await session.get_one(Task, ask.task)).due_at
    clock = Standing(anchor=due + timedelta(microseconds=after), real0=datetime.now(UTC))
    await answer(sessions, replace(office, clock=clock), ask)
    async with sessions() as session:
        row = await session.get_one(Task, ask.task)
    assert (late, int(late)) == (row.late, row.overdue_marks)


@pytest.mark.parametrize("name", ["waive", "declines", "withdraws"])
@pytest.mark.parametrize(("state", "marks"), [("open", 1), ("returned", 1), ("paused", 0)])
async def test_a_task_that_ends_unanswered_after_its_date_bears_its_mark(
    sessions: Sessions, office: Office, name: str, state: str, marks: int
) -> None:
    """Waiving what is late hides no lateness; a clock that stood in time was not late."""
    ask, before = await in_state(sessions, office, state)
    async with sessions.begin() as session:
        await EVENTS[name](session, later(office, timedelta(days=1)), ask, before.revision)
    async with sessions() as session:
        assert marks == (await session.get_one(Task, ask.task)).overdue_marks


async def test_a_story_begun_again_reads_the_answer_from_the_row(sessions: Sessions, office: Office) -> None:
    """Lost and restarted, it asks for the same task and gets what was answered; nobody is asked again."""
    ask = await opened(sessions, office)
    await answer(sessions, office, ask)
    async with sessions.begin() as session:
        turn = await settle(session, office, Wake(ask=ask))
    async with sessions() as session:
        notices = list(await session.scalars(select(Notice).where(Notice.task_id == ask.task)))
    assert ("done", "done", 1) == (turn.state, turn.code, len(notices))


async def test_a_return_nobody_decides_climbs_to_the_district(sessions: Sessions, office: Office) -> None:
    """Sent back on Monday and left lying: the district hears of it, once."""
    monday = local(2024, 3, 4)
    ask = await opened_kind(sessions, at(office, monday), "request_identification")
    async with sessions.begin() as session:
        who = await actor(session, OFFICER)
        await give_back(session, at(office, monday), who, ask.task, 1, "missing_facts")
    for _ in range(2):
        async with sessions.begin() as session:
            await settle(session, at(office, local(2024, 3, 5, 18)), Wake(ask=ask, why="rung"))
    async with sessions() as session:
        told = select(Notice.audience).where(Notice.task_id == ask.task, Notice.code == "rung-return-unanswered")
        assert ["district"] == list(await session.scalars(told))


async def test_taking_a_task_on_and_putting_it_back_silences_nobody(sessions: Sessions, office: Office) -> None:
    """The reply counts as missing again: the head is told in time."""
    monday = local(2024, 3, 4)
    ask = await opened_kind(sessions, at(office, monday), "request_identification")
    for verb in (claim, release):
        async with sessions.begin() as session:
            await verb(session, at(office, monday), await actor(session, OFFICER), ask.task, 1)
    async with sessions() as session:
        owed = select(Rung.code).where(Rung.task_id == ask.task, Rung.fired_at.is_(None), Rung.lapsed_at.is_(None))
        assert 1 == list(await session.scalars(owed)).count("no_reply")
