"""The worker process: stories, steps, the patience for agencies, and beside them relay, notifier and reconcile."""

import asyncio
import logging
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker

from activities.agencies.registry import TASKS
from activities.casework.context import Office
from activities.casework.steps import CaseSteps
from activities.settings import Settings
from activities.store.engine import Sessions
from workflows.journey import JourneyWorkflow
from workflows.options import RUNNER

log = logging.getLogger(__name__)


def journey_worker(client: Client, sessions: Sessions, office: Office, settings: Settings) -> Worker:
    """A worker for the one task queue. A killed worker's journeys go on within seconds: the sticky time is short."""
    steps, tuning = CaseSteps(sessions, office), settings.worker
    return Worker(
        client,
        task_queue=settings.temporal.task_queue,
        workflows=[JourneyWorkflow],
        activities=[steps.settle, steps.news, steps.facts, steps.end_journey, *(task.activity for task in TASKS)],
        workflow_runner=RUNNER,
        max_cached_workflows=tuning.max_cached_workflows,
        max_concurrent_workflow_tasks=tuning.workflow_slots,
        max_concurrent_local_activities=tuning.local_slots,
        max_concurrent_activities=tuning.activity_slots,
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
        graceful_shutdown_timeout=timedelta(seconds=10),
    )


async def until_stopped(worker: Worker, *beside: asyncio.Task[None]) -> None:
    """Run the worker until cancelled or until something beside it fails for good."""
    async with worker:
        await asyncio.gather(*beside, asyncio.Event().wait())
