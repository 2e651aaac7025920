"""Work is brought to somebody who is there: not to an office whose people are all away, nor to an officer who is."""

from datetime import date

import pytest
from sqlalchemy import select

from activities.casework.absences import record_absence
from activities.casework.context import Office
from activities.casework.decisions import Decide, decide
from activities.casework.delegating import delegate
from activities.casework.errors import InvalidError
from activities.domain.messages import Ask
from activities.domain.states import DecisionKind
from activities.store.engine import Sessions
from activities.store.notices import Notice
from activities.store.tasks import Task
from tests.build.officers import actor, newcomer
from tests.casework.times import at, local, opened_kind

BANK, CLINIC = "policy-bank.officer", "medical-centre.officer"
MONDAY, FRIDAY = date(2024, 3, 11), date(2024, 3, 15)


@pytest.fixture
def morning(office: Office) -> Office:
    """Monday 11 March."""
    return at(office, local(2024, 3, 11, 9))


async def _leaves(sessions: Sessions, office: Office, username: str) -> None:
    async with sessions.begin() as session:
        await record_absence(session, office, await actor(session, username), "", MONDAY, FRIDAY, "")


async def _moves(sessions: Sessions, office: Office, task: Ask, to: str) -> None:
    async with sessions.begin() as session:
        ask = Decide(kind=DecisionKind.REASSIGN, reason="lý do", organisation=to)
        revision = (await session.get_one(Task, task.task)).revision
        await decide(session, office, await actor(session, "district.supervisor"), task.task, revision, ask)


async def test_an_office_whose_only_officer_is_away_takes_nothing_over(sessions: Sessions, morning: Office) -> None:
    """It has no task, so its officer may go; who would bring one is told why not, and may on the day they are back."""
    await _leaves(sessions, morning, BANK)
    task = await opened_kind(sessions, morning, "examine_health")
    with pytest.raises(InvalidError) as refused:
        await _moves(sessions, morning, task, "policy-bank")
    assert ["organisation-away"] == [each.code for each in refused.value.problems]
    await _moves(sessions, at(morning, local(2024, 3, 18, 9)), task, "policy-bank")


async def test_the_coordinator_hears_of_a_task_that_comes_to_an_empty_office(
    sessions: Sessions, morning: Office
) -> None:
    """The plan names the bank, so the task is theirs; but somebody must know that nobody is there."""
    await _leaves(sessions, morning, BANK)
    first, second = (
        await opened_kind(sessions, morning, "arrange_loan"),
        await opened_kind(sessions, morning, "examine_health"),
    )
    async with sessions() as session:
        told = select(Notice.task_id).where(Notice.code == "task-without-officer", Notice.audience == "coordinator")
        assert [first.task] == list(await session.scalars(told))
    assert second.task != first.task


async def test_a_task_is_named_to_no_officer_who_is_away(sessions: Sessions, morning: Office) -> None:
    """As with a hand-over: the head picks somebody who is there."""
    await newcomer(sessions, "lan.clinic", "medical-centre")
    await _leaves(sessions, morning, "lan.clinic")
    task = await opened_kind(sessions, morning, "examine_health")
    async with sessions.begin() as session:
        clinic = await actor(session, CLINIC)
        with pytest.raises(InvalidError) as refused:
            await delegate(session, morning, clinic, task.task, 1, "lý do", officer="lan.clinic")
        assert ["officer-away"] == [each.code for each in refused.value.problems]
