"""Being late is seen once, by whoever comes first; a clock of the law is moved by nobody without a ground."""

from datetime import timedelta

import pytest

from activities.casework.context import Office
from activities.casework.decisions import Decide, decide
from activities.casework.errors import ConflictError, StaleError
from activities.casework.settling import settle
from activities.casework.tasks import give_back, submit
from activities.domain.ids import task_id
from activities.domain.messages import Ask, Wake
from activities.domain.states import DecisionKind, TaskState
from activities.store.engine import Sessions
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.casework.test_races import answer, expire, later, opened


async def test_an_answer_after_its_date_is_late_and_counts(sessions: Sessions, office: Office) -> None:
    """The deadline had not been settled yet: the answer writes the one mark itself."""
    ask = await opened(sessions, office)
    await answer(sessions, later(office, timedelta(days=1)), ask)
    async with sessions() as session:
        task = await session.get_one(Task, ask.task)
    assert (True, 1, TaskState.DONE) == (task.late, task.overdue_marks, task.state)


async def test_a_deadline_that_fires_twice_marks_once_and_leaves_the_task_open(
    sessions: Sessions, office: Office
) -> None:
    """A step that committed and was lost runs again with the generation it held: nothing happens twice."""
    ask, late = await opened(sessions, office), later(office, timedelta(days=1))
    await expire(sessions, late, ask)
    await expire(sessions, late, ask)
    async with sessions() as session:
        task = await session.get_one(Task, ask.task)
    assert (2, 1, TaskState.OPEN) == (task.generation, task.overdue_marks, task.state)


async def test_an_extension_after_the_date_keeps_the_mark(sessions: Sessions, office: Office) -> None:
    """More time is no eraser."""
    ask, late = await opened(sessions, office), later(office, timedelta(days=1))
    await expire(sessions, late, ask)
    async with sessions.begin() as session:
        who = await actor(session, "district.supervisor")
        await decide(
            session, late, who, ask.task, 1, Decide(kind=DecisionKind.EXTEND, reason="chờ phương tiện", budget="P5WD")
        )
    async with sessions() as session:
        task = await session.get_one(Task, ask.task)
    assert (1, 3) == (task.overdue_marks, task.generation)
    assert late.now() < task.due_at == task.deadline_at


async def test_a_deadline_settled_before_the_late_answer_leaves_one_mark(sessions: Sessions, office: Office) -> None:
    """The story was first: the answer is late all the same, and is marked no second time."""
    ask, late = await opened(sessions, office), later(office, timedelta(days=1))
    await expire(sessions, late, ask)
    await answer(sessions, later(office, timedelta(days=2)), ask)
    async with sessions() as session:
        task = await session.get_one(Task, ask.task)
    assert (True, 1, TaskState.DONE) == (task.late, task.overdue_marks, task.state)
    assert task.overdue_at is not None
    assert abs(task.overdue_at - late.now()) < timedelta(minutes=5)


@pytest.mark.parametrize("kind", [DecisionKind.EXTEND, DecisionKind.PAUSE])
async def test_a_decision_just_after_the_date_hides_no_lateness(
    sessions: Sessions, office: Office, kind: DecisionKind
) -> None:
    """The date passed while nobody looked: whoever moves or stops the clock then writes the mark first."""
    ask, late = await opened(sessions, office), later(office, timedelta(hours=5))
    wanted = Decide(
        kind=kind,
        reason="chờ phương tiện",
        budget="P5WD" if kind is DecisionKind.EXTEND else "",
        until=late.now() + timedelta(days=2) if kind is DecisionKind.PAUSE else None,
    )
    async with sessions.begin() as session:
        await decide(session, late, await actor(session, "district.supervisor"), ask.task, 1, wanted)
    async with sessions() as session:
        task = await session.get_one(Task, ask.task)
    assert 1 == task.overdue_marks
    if kind is DecisionKind.PAUSE:
        async with sessions.begin() as session:
            who = await actor(session, "labour-division.officer")
            await submit(session, late, who, ask.task, task.revision, {"given": ["meals"]}, late.now())
        async with sessions() as session:
            assert (await session.get_one(Task, ask.task)).late


async def test_an_answer_within_a_pause_is_not_late(sessions: Sessions, office: Office) -> None:
    """The clock stood still in time: the old date counts for nothing, even where the deadline fires after the pause."""
    ask, late = await opened(sessions, office), later(office, timedelta(days=1))
    stop = Decide(kind=DecisionKind.PAUSE, reason="chờ phương tiện", until=office.now() + timedelta(days=2))
    async with sessions.begin() as session:
        await decide(session, office, await actor(session, "district.supervisor"), ask.task, 1, stop)
    await expire(sessions, late, ask)
    async with sessions.begin() as session:
        who = await actor(session, "labour-division.officer")
        await submit(session, late, who, ask.task, 2, {"given": ["meals"]}, late.now())
    async with sessions() as session:
        task = await session.get_one(Task, ask.task)
    assert (False, 0, TaskState.DONE) == (task.late, task.overdue_marks, task.state)


@pytest.mark.parametrize("kind", [DecisionKind.EXTEND, DecisionKind.PAUSE, DecisionKind.WAIVE])
async def test_a_clock_of_the_law_is_not_moved_without_a_ground(
    sessions: Sessions, office: Office, kind: DecisionKind
) -> None:
    """Three days are the person's right, not the office's."""
    first = await opened(sessions, office)
    ask = Ask(journey=first.journey, task=task_id(first.journey, "check_information"), kind="check_information")
    async with sessions.begin() as session:
        await settle(session, office, Wake(ask=ask))
    fields: dict[DecisionKind, dict[str, object]] = {
        DecisionKind.EXTEND: {"budget": "P5WD"},
        DecisionKind.PAUSE: {"until": office.now() + timedelta(days=2)},
    }
    wanted = Decide.model_validate({"kind": kind, "reason": "bận"} | fields.get(kind, {}))
    with pytest.raises(ConflictError, match="no-statutory-ground"):
        async with sessions.begin() as session:
            await decide(session, office, await actor(session, "district.supervisor"), ask.task, 1, wanted)


async def test_a_returned_task_keeps_its_legal_clock(sessions: Sessions, office: Office) -> None:
    """Sending a task back stops no clock; an older form is stale, and overdue alone makes none."""
    ask = await opened(sessions, office)
    async with sessions.begin() as session:
        await give_back(session, office, await actor(session, "labour-division.officer"), ask.task, 1, "not_ours")
    async with sessions() as session:
        before = await session.get_one(Task, ask.task)
    await expire(sessions, later(office, timedelta(days=1)), ask)
    async with sessions() as session:
        after = await session.get_one(Task, ask.task)
    assert (TaskState.RETURNED, before.due_at, 2) == (after.state, after.due_at, after.generation)
    assert (2, 1) == (after.revision, after.overdue_marks)
    with pytest.raises(StaleError):
        await answer(sessions, office, ask)
