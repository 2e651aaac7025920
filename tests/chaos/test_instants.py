"""Answer, waiver and Temporal's own deadline at one instant, on the whole stack: one winner, and the loser is told."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.dangers import raise_danger
from activities.casework.decisions import Decide, decide
from activities.casework.errors import ConflictError
from activities.casework.journal import verify_chains
from activities.casework.tasks import submit
from activities.casework.wishes import record_wish
from activities.domain.ids import task_id
from activities.domain.states import DecisionKind, JourneyState, TaskState
from activities.security.keyring import Keyring
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.tasks import Task
from tests.build.agencies import answer_open
from tests.build.officers import actor
from tests.build.outcomes import BRANCHES, VALID
from tests.journeys.running import Running, at_work, settings_of
from tests.journeys.test_branches import opens
from tests.journeys.test_whole_journeys import begin

JOURNEYS, ROUNDS = 10, 20  # 200 races
KIND = "assess_danger"
ANSWERS = {
    "assess_needs": VALID["assess_needs"] | {"needs": []},
    "check_information": BRANCHES["check_information"]["proven"],
}
Work = Callable[[Sessions, Office, str], Awaitable[str]]
PATIENCE = 60.0  # real seconds; a machine with other tests on it is slow
JITTER = 0.15  # real seconds either side of the deadline


async def answer(sessions: Sessions, office: Office, task: str) -> str:
    """The agency's answer; what it was told."""
    async with sessions.begin() as session:
        who = await actor(session, "labour-division.officer")
        await submit(session, office, who, task, 1, dict(VALID[KIND]), office.now())
    return "done"


async def waive(sessions: Sessions, office: Office, task: str) -> str:
    """The supervisor's waiver; what it was told."""
    async with sessions.begin() as session:
        who = await actor(session, "district.supervisor")
        await decide(session, office, who, task, 1, Decide(kind=DecisionKind.WAIVE, reason="cùng lúc"))
    return "waived"


async def race(sessions: Sessions, office: Office, journey: str, random: Random) -> str:
    """One more danger, and everybody at its deadline; who won, and whether the deadline came before."""
    async with sessions.begin() as session:
        danger = await raise_danger(session, office, await actor(session, "labour-division.coordinator"), journey)
    task = await opens(sessions, task_id(journey, KIND, danger.round), PATIENCE)
    left = office.clock.real_seconds_until(task.deadline_at)

    async def near(work: Work) -> str:
        await asyncio.sleep(max(left + random.uniform(-JITTER, JITTER), 0))
        try:
            return await work(sessions, office, task.id)
        except ConflictError as lost:
            winner = lost.facts["winner"]
            assert isinstance(winner, dict)
            return f"{lost.code}: {winner['state']}"

    told = await asyncio.gather(near(answer), near(waive))
    async with sessions() as session:
        row = await session.get_one(Task, task.id)
    won = row.state.value
    assert sorted(told) == sorted([won, f"task-ended: {won}"])
    assert row.answers == (1 if row.state is TaskState.DONE else 0)
    assert row.overdue_marks == (1 if row.overdue_at else 0)
    return f"{won} after the deadline" if row.overdue_at else won


@pytest.mark.chaos
@pytest.mark.timeout(600)
async def test_two_hundred_times_everything_at_one_instant(
    temporal_address: str, database_url: str, key_file: Path, keyring: Keyring, sessions: Sessions, office: Office
) -> None:
    """The answer, the waiver, and the activity's timeout: each wins some, no round has two winners, every story goes on."""
    settings = settings_of(temporal_address, database_url, str(key_file), cached=JOURNEYS)
    async with at_work(settings, keyring, sessions, office) as running:
        await _races(running, sessions, office)


async def _races(running: Running, sessions: Sessions, office: Office) -> None:
    random, won = Random(3), Counter[str]()
    journeys = [await begin(sessions, office) for _ in range(JOURNEYS)]
    for _ in range(8):  # the rest of each journey is out of the way, but for its close
        for journey in journeys:
            await answer_open(sessions, office, journey, ANSWERS, frozenset({"close_journey", KIND}))
        await asyncio.sleep(0.3)
    for _ in range(ROUNDS):
        won.update(await asyncio.gather(*(race(sessions, office, journey, random) for journey in journeys)))
    assert won.total() == JOURNEYS * ROUNDS
    assert {"done", "waived"} <= set(won), won
    assert any("after the deadline" in each for each in won), won
    async with sessions.begin() as session:
        coordinator = await actor(session, "labour-division.coordinator")
        for journey in journeys:
            await record_wish(session, office, coordinator, journey, "withdraw")
    for journey in journeys:
        assert await running.client.get_workflow_handle(journey).result() == "withdrawn"
    async with sessions() as session:
        states = set(await session.scalars(select(Journey.state)))
        assert (states, await verify_chains(session)) == ({JourneyState.CLOSED}, [])
