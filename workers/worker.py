"""The worker process: stories, steps, the patience for agencies; relay, notifier, reconcile and expiry run beside them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker

from activities.agencies.registry import TASKS
from activities.casework.context import Office
from activities.casework.steps import CaseSteps
from activities.settings import Settings
from activities.store.engine import Sessions
from workers.unaware import Unaware
from workers.versions import build_id, deployment, make_current
from workflows.journey import JourneyWorkflow
from workflows.options import RUNNER
from workflows.watch import WatchWorkflow


def journey_worker(client: Client, sessions: Sessions, office: Office, settings: Settings, build: str = "") -> Worker:
    """A worker for the one task queue. A killed worker's journeys go on within seconds: the sticky time is short."""
    steps, tuning = CaseSteps(sessions, office), settings.worker
    return Worker(
        client,
        task_queue=settings.temporal.task_queue,
        workflows=[JourneyWorkflow, WatchWorkflow],
        activities=[*steps.all(), *(task.activity for task in TASKS)],
        workflow_runner=Unaware(RUNNER),
        max_cached_workflows=tuning.max_cached_workflows,
        max_concurrent_workflow_tasks=tuning.workflow_slots,
        max_concurrent_local_activities=tuning.local_slots,
        max_concurrent_activities=tuning.activity_slots,
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
        graceful_shutdown_timeout=timedelta(seconds=10),
        deployment_config=deployment(build or build_id()),
    )


@asynccontextmanager
async def stories_at_work(
    client: Client, sessions: Sessions, office: Office, settings: Settings, build: str = ""
) -> AsyncIterator[None]:
    """A worker at work until the block ends, its build made the current one."""
    async with journey_worker(client, sessions, office, settings, build):
        naming = asyncio.create_task(make_current(client, build or build_id()))
        try:
            yield
        finally:
            naming.cancel()
            await asyncio.gather(naming, return_exceptions=True)
