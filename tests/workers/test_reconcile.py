"""Rows and stories that came apart are brought together again, or reported; a healthy journey is left alone."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from temporalio.client import WorkflowExecutionStatus

from activities.casework.context import Office
from activities.casework.correction_decisions import decide_correction
from activities.casework.corrections import Corrected, correct
from activities.casework.idempotency import KEPT, Asked, Kept, answered, keep
from activities.casework.tasks import submit
from activities.domain.ids import task_id
from activities.domain.states import JourneyState, TaskState
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.outbox import Command, Idempotency
from activities.store.tasks import Task
from activities.temporal import connect
from tests.build.agencies import until_closed
from tests.build.officers import actor
from tests.build.outcomes import BRANCHES, VALID
from tests.journeys.running import Running
from tests.journeys.test_branches import opens
from tests.journeys.test_whole_journeys import begin
from workers.reconcile import Drift, Reconcile
from workflows.foresight import foresee

QUICK = {
    "assess_needs": VALID["assess_needs"] | {"needs": []},
    "check_information": BRANCHES["check_information"]["proven"],
}
KIND = "examine_health"


async def at_rest(sessions: Sessions) -> None:
    """Nothing under way, and nothing sent lately: only then is a journey compared."""
    async with asyncio.timeout(20):
        while True:
            async with sessions.begin() as session:
                left = await session.scalar(select(Command.id).where(Command.state == "pending"))
                if left is None:
                    await session.execute(update(Command).values(created_at=Command.created_at - timedelta(minutes=5)))
                    return
            await asyncio.sleep(0.1)


async def agree(reconcile: Reconcile, sessions: Sessions) -> None:
    """Rows and stories come to say the same; what a story was just told it works off in its own time."""
    async with asyncio.timeout(30):
        while True:
            await at_rest(sessions)
            if (await reconcile.compare(repair=False)).empty:
                return
            await asyncio.sleep(0.2)


@pytest.fixture
async def journey(running: Running, sessions: Sessions, office: Office) -> str:
    """A journey whose tasks are open."""
    begun = await begin(sessions, office)
    await opens(sessions, task_id(begun, KIND))
    await agree(Reconcile(sessions, running.client), sessions)
    return begun


async def test_a_healthy_journey_is_left_alone(running: Running, sessions: Sessions, journey: str) -> None:
    """Comparing repairs nothing where nothing is wrong."""
    drift = await Reconcile(sessions, running.client).compare(repair=True)
    assert drift.empty, drift


async def test_a_story_that_is_gone_is_started_again_and_goes_on_from_the_rows(
    running: Running, sessions: Sessions, office: Office, journey: str
) -> None:
    """Somebody terminated it: nobody is asked twice, and the journey comes to its end."""
    await running.client.get_workflow_handle(journey).terminate()
    drift = await Reconcile(sessions, running.client).compare(repair=True)
    assert drift.started == [journey]
    closed = await until_closed(sessions, office, journey, QUICK)
    assert closed.closing_reason
    async with sessions() as session:
        assert {1} == {each.answers for each in await session.scalars(select(Task).where(Task.state == TaskState.DONE))}


async def test_a_completion_that_was_lost_is_sent_again(
    running: Running, sessions: Sessions, office: Office, journey: str
) -> None:
    """The row is done, the command is gone: the agency's answer reaches the story all the same."""
    async with sessions.begin() as session:
        done = {"state": TaskState.DONE, "code": "done", "answers": 1, "ended_at": office.now()}
        await session.execute(update(Task).where(Task.id == task_id(journey, KIND)).values(done))
    drift = await Reconcile(sessions, running.client).compare(repair=True)
    assert drift.completed == [task_id(journey, KIND)]
    assert (await until_closed(sessions, office, journey, QUICK)).closing_reason


async def test_an_open_row_without_its_activity_makes_the_story_look(
    running: Running, sessions: Sessions, journey: str
) -> None:
    """The row is a generation ahead of the story: it looks, and holds the row's generation again."""
    async with sessions.begin() as session:
        ahead = update(Task).where(Task.id == task_id(journey, KIND)).values(generation=Task.generation + 1)
        await session.execute(ahead)
    reconcile = Reconcile(sessions, running.client)
    drift = await reconcile.compare(repair=True)
    assert task_id(journey, KIND) in drift.looked
    await agree(reconcile, sessions)


async def test_a_story_without_a_row_is_reported_and_not_touched(
    running: Running, sessions: Sessions, journey: str
) -> None:
    """A restore lost its journey: a person must look; nothing is thrown away."""
    await running.client.start_workflow(
        "JourneyWorkflow", {"journey": "journey-lost"}, id="journey-lost", task_queue="nowhere"
    )
    reconcile, drift = Reconcile(sessions, running.client), Drift()
    async with asyncio.timeout(30):  # the list of workflows follows a little later
        while not drift.stories:
            drift = await reconcile.compare(repair=True)
    assert drift.stories == ["journey-lost"]


async def test_a_story_that_ended_before_its_journey_is_reported_and_not_begun_anew(
    running: Running, sessions: Sessions, office: Office, journey: str
) -> None:
    """An older database was restored: nobody is asked everything again; a person must look."""
    await until_closed(sessions, office, journey, QUICK)
    await running.client.get_workflow_handle(journey).result()
    await at_rest(sessions)
    async with sessions.begin() as session:
        await session.execute(update(Journey).values(state=JourneyState.OPEN))
    drift = await Reconcile(sessions, running.client).compare(repair=True)
    assert (drift.ended, drift.started, drift.looked) == ([journey], [], [])
    async with sessions() as session:
        assert await session.scalar(select(Command.id).where(Command.state == "pending")) is None


async def test_a_correction_that_waits_has_its_watch_back_until_it_is_decided(
    running: Running, sessions: Sessions, office: Office, journey: str
) -> None:
    """The watch was lost with its server's data: whoever must decide is still reminded, and of a decided one no more."""
    asked, labour = task_id(journey, "check_information"), "labour-division.officer"
    await opens(sessions, asked)
    async with sessions.begin() as session:
        answered = BRANCHES["check_information"]["identify"]
        await submit(session, office, await actor(session, labour), asked, 1, dict(answered), office.now())
    async with sessions.begin() as session:
        right = Corrected(outcome=BRANCHES["check_information"]["proven"], reason="nhầm hồ sơ")
        row = await correct(session, office, await actor(session, labour), asked, right, foresee)
    reconcile, watch = Reconcile(sessions, running.client), running.client.get_workflow_handle(row.id)
    await agree(reconcile, sessions)
    await watch.terminate()
    assert [row.id] == (await reconcile.compare(repair=True)).watches
    await agree(reconcile, sessions)
    assert WorkflowExecutionStatus.RUNNING == (await watch.describe()).status
    await watch.terminate()
    async with sessions.begin() as session:
        who = await actor(session, "labour-division.coordinator")
        await decide_correction(
            session, office, who, row.id, grant=False, reason="không đúng", digest=row.digest, foresee=foresee
        )
    assert [] == (await reconcile.compare(repair=True)).watches


async def test_temporal_away_is_waited_out(
    running: Running, sessions: Sessions, office: Office, journey: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The job outlives it and says so; what needs no server goes on: an answer kept long enough is forgotten."""
    client, asked = await connect(running.settings, office.keyring, role="test"), Asked("officer-one", "key-1", "x")
    async with sessions.begin() as session:
        await keep(session, office, asked, Kept(200, {}))
        await session.execute(update(Idempotency).values(at=Idempotency.at - KEPT))
    job = Reconcile(sessions, client, every=0.05)

    async def away(*, repair: bool) -> None:
        raise OSError

    job.compare = away  # type: ignore[method-assign, assignment]  # as when the connection is refused
    working = asyncio.create_task(job.run())
    await asyncio.sleep(0.5)
    assert not working.done()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    assert any("reconcile_failed" in each.message for each in caplog.records)
    async with sessions() as session:
        assert await answered(session, office, asked) is None
