"""Every pair of acts at one instant, fifty times a pair: one is first, the other is told how the row stands."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import clocks
from activities.casework.context import Office
from activities.casework.errors import CaseError
from activities.casework.journal import verify_chains
from activities.domain.states import TaskState
from activities.store.engine import Sessions
from activities.store.journal import JournalEntry
from activities.store.outbox import Command
from activities.store.tasks import Rung, Task
from deploy.racing.acts import BY, FINAL_EVENTS, PAIRS, ended_twice, well_told
from tests.chaos.instants import ACTS, Scene, set_scene

ROUNDS = 50


def test_every_act_of_the_list_is_played() -> None:
    """The list is shared with the races on the whole stack: what is added there is played here."""
    assert set(BY) == set(ACTS)


async def _happens(sessions: Sessions, scene: Scene, name: str) -> str:
    async with sessions.begin() as session:
        await ACTS[name](session, scene)
    return name


@pytest.mark.parametrize("pair", PAIRS, ids=" x ".join)
async def test_two_at_one_instant(sessions: Sessions, office: Office, pair: tuple[str, str]) -> None:
    """Nothing is lost, nothing done twice; the loser's answer names the winner."""
    firsts = Counter[str]()
    for _ in range(ROUNDS):
        scene = await set_scene(sessions, office, pair)
        ends = await asyncio.gather(*(_happens(sessions, scene, name) for name in pair), return_exceptions=True)
        won = [end for end in ends if isinstance(end, str)]
        lost = [(name, end) for name, end in zip(pair, ends, strict=True) if not isinstance(end, str)]
        firsts[" + ".join(won)] += 1
        await _row_is_whole(sessions, scene)
        assert won, ends
        for name, error in lost:
            await _is_told(sessions, scene, pair, name, error)
        assert not ended_twice(won), ends
    assert ROUNDS == firsts.total()
    async with sessions() as session:
        assert [] == await verify_chains(session)


async def _is_told(sessions: Sessions, scene: Scene, pair: tuple[str, str], name: str, error: BaseException) -> None:
    """The one who came second learns how the row stands, unless the first took it out of their hands."""
    assert isinstance(error, CaseError), error
    winner = error.facts.get("winner", {})
    assert isinstance(winner, dict)
    async with sessions() as session:
        state = (await session.get_one(Task, scene.ask.task)).state.value
    assert well_told(pair, name, error.code, winner, state), (name, error.code, winner)


async def _row_is_whole(sessions: Sessions, scene: Scene) -> None:
    """One state, one end, one holder; the date is the pure function of start, budget, pauses and extensions."""
    async with sessions() as session:
        task = await session.get_one(Task, scene.ask.task)
        ends = await _count(session, JournalEntry.task_id == task.id, JournalEntry.event.in_(FINAL_EVENTS))
        owed = await _count(session, Rung.task_id == task.id, Rung.fired_at.is_(None), Rung.lapsed_at.is_(None))
        answers = await _count(session, Command.task_id == task.id, Command.code != "")
        assert (int(task.state.final), True) == (ends, task.overdue_marks <= 1)
        assert (task.answers, int(task.state is TaskState.DONE)) == (answers, task.answers)
        assert not (task.state.final and owed)
        assert bool(task.organisation_id)
        plan = next(iter(scene.office.shelf.current))
        pauses, extensions = await clocks.ledger(session, task.id)
        budget = clocks.budget_of(plan.kind(task.kind))
        due = clocks.due_of(scene.office, task.start_at, budget, pauses, extensions)
        assert due is None or due == task.due_at


async def _count(session: AsyncSession, *where: ColumnElement[bool]) -> int:
    return await session.scalar(select(func.count()).where(*where)) or 0
