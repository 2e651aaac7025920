"""The worst instant to die: the row is committed, and Temporal has not heard of it."""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from activities.casework.context import Office
from activities.casework.journal import verify_chains
from activities.domain.ids import task_id
from activities.domain.messages import JourneyStart
from activities.security.keyring import Keyring
from activities.store.engine import Sessions
from activities.store.journal import JournalEntry
from activities.store.notices import Notice
from activities.store.tasks import Task
from activities.temporal import connect, ensure_namespace
from tests.build.agencies import until_closed
from tests.build.outcomes import BRANCHES, VALID
from tests.chaos.dying_worker import DIED
from tests.journeys.running import at_work, settings_of
from tests.journeys.test_whole_journeys import begin

NOBODY_NEEDS = VALID["assess_needs"] | {"needs": []}
QUICK = {"assess_needs": NOBODY_NEEDS, "check_information": BRANCHES["check_information"]["proven"]}
KIND = "meet_essential_needs"


async def dies(settings: dict[str, str], why: str, office: Office) -> int:
    """Run a worker that dies at that step; its exit code."""
    clock = [office.clock.anchor.isoformat(), office.clock.real0.isoformat(), str(office.clock.scale)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.chaos.dying_worker", KIND, why, *clock, env=dict(os.environ) | settings
    )
    return await asyncio.wait_for(process.wait(), 60)


async def entries(sessions: Sessions, task: str, event: str) -> int:
    """How often the journal tells this of the task."""
    wanted = select(func.count()).where(JournalEntry.task_id == task, JournalEntry.event == event)
    async with sessions() as session:
        return await session.scalar(wanted) or 0


@pytest.mark.chaos
@pytest.mark.parametrize("why", ["open", "expired"])
async def test_a_worker_that_dies_between_commit_and_report_opens_and_marks_once(
    why: str,
    temporal_address: str,
    database_url: str,
    key_file: Path,
    keyring: Keyring,
    sessions: Sessions,
    office: Office,
) -> None:
    """The step runs again on another worker and finds its own traces: one task, one notice, one overdue mark."""
    settings = settings_of(temporal_address, database_url, str(key_file))
    client = await connect(settings, keyring, role="test")
    await ensure_namespace(client)
    env = {
        "HOMEWARD_DATABASE__URL": database_url,
        "HOMEWARD_KEYS__FILE": str(key_file),
        "HOMEWARD_TEMPORAL_ADDRESS": temporal_address,
        "HOMEWARD_TEMPORAL__NAMESPACE": settings.temporal.namespace,
    }
    journey = await begin(sessions, office)
    task = task_id(journey, KIND)
    start = JourneyStart(journey=journey)
    await client.start_workflow("JourneyWorkflow", start, id=journey, task_queue=settings.temporal.task_queue)
    assert DIED == await dies(env, why, office)
    async with at_work(settings, keyring, sessions, office):
        if why == "expired":
            assert 1 == await entries(sessions, task, "task-overdue")
        closed = await until_closed(sessions, office, journey, QUICK)
    async with sessions() as session:
        row = await session.get_one(Task, task)
        notices = await session.scalar(select(func.count()).where(Notice.task_id == task, Notice.code == "task-opened"))
        assert [] == await verify_chains(session)
    assert closed.closing_reason
    assert (row.answers, notices, row.overdue_marks) == (1, 1, 1 if row.overdue_at else 0)
    assert 1 == await entries(sessions, task, "task-opened")
    assert 1 == await entries(sessions, task, "task-done")
    if why == "expired":
        assert row.overdue_marks == 1
        assert row.late
