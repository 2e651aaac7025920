"""Agencies and an operator around one story: they change the rows and deliver as the relay does."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from temporalio.api.enums.v1 import PendingActivityState
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Worker

from activities.agencies.registry import TASKS
from activities.domain.ids import activity_id
from activities.domain.messages import Ended, JourneyStart, NewsItem
from activities.domain.states import TaskState
from tests.workflows.rows import WAY_HOME, Row, Rows
from workflows.journey import JourneyWorkflow
from workflows.options import RUNNER

CODES = {
    "check_information": "identify",
    "identify_victim": "identified",
    "assess_danger": "no_danger",
    "record_choice": "stay",
    "accept_at_centre": "place",
    "confirm_arrival": "arrived",
    "confirm_application": "confirmed",
    "approve_support": "approved",
    "follow_up": "settled",
    "close_journey": "settled",
}
HOLDS = (TaskState.OPEN, TaskState.RETURNED)


@dataclass
class Desk:
    """One journey's story and everybody around it. `answers` by kind or kind#round; else CODES, else `done`."""

    client: Client
    queue: str
    rows: Rows
    journey: str = field(default_factory=lambda: f"journey-{uuid.uuid4()}")
    answers: dict[str, Ended] = field(default_factory=dict)

    @property
    def story(self) -> WorkflowHandle[JourneyWorkflow, str]:
        return self.client.get_workflow_handle_for(JourneyWorkflow.run, self.journey)

    async def begin(self) -> None:
        await self.client.start_workflow(
            "JourneyWorkflow",
            JourneyStart(journey=self.journey),
            id=self.journey,
            task_queue=self.queue,
            task_timeout=timedelta(seconds=5),
        )

    async def until(self, holds: Callable[[], object], seconds: float = 20) -> None:
        """Wait for the rows to say so."""
        async with asyncio.timeout(seconds):
            while not holds():  # noqa: ASYNC110 - the rows of the test raise no event
                await asyncio.sleep(0.02)

    async def opens(self, name: str) -> Row:
        """The row of a task, once its story has opened it."""
        await self.until(lambda: name in self.rows.rows)
        return self.rows.rows[name]

    async def pending(self) -> set[str]:
        """Activity ids the server holds open and the story has not let go of."""
        told = (await self.story.describe()).raw_description
        gone = PendingActivityState.PENDING_ACTIVITY_STATE_CANCEL_REQUESTED
        return {each.activity_id for each in told.pending_activities if each.state != gone}

    async def look(self, *tasks: str) -> None:
        await self.story.signal("look", list(tasks))

    async def tell(self, *items: NewsItem) -> None:
        self.rows.items.extend(items)
        await self.look()

    async def deliver(self, row: Row, generation: int, ended: Ended) -> None:
        """Complete by id; a generation not there yet is looked at and tried again, as the relay does."""
        handle = self.client.get_async_activity_handle(
            workflow_id=self.journey, run_id=None, activity_id=activity_id(row.task, generation)
        )
        for pause in (0.1, 0.4, 0.0):
            try:
                return await handle.complete(ended)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
                await asyncio.sleep(pause)
        return await self._look_quietly(row)

    async def _look_quietly(self, row: Row) -> None:
        try:
            await self.look(row.task)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:  # the story is over
                raise

    async def answer(self, name: str) -> None:
        """The agency answers: first the row, then the delivery."""
        row, kind = await self.opens(name), name.partition("#")[0]
        ended = self.answers.get(name) or self.answers.get(kind) or Ended(code=CODES.get(kind, "done"))
        held, generation = row.state, row.generation
        row.state, row.code, row.flags, row.answers = TaskState.DONE, ended.code, ended.flags, row.answers + 1
        if held in HOLDS:
            await self.deliver(row, generation, ended)
        else:
            await self._look_quietly(row)

    async def withdraw(self, *, home: bool) -> None:
        """The person withdraws: rows first, then the deliveries, the journey's news last."""
        self.rows.ending = True
        held = [(row, row.generation) for name, row in self.rows.rows.items() if self._ends(name, row)]
        for row, _ in held:
            row.state = TaskState.WITHDRAWN
        self.rows.items.extend(NewsItem(code=code) for code in (*(("home",) if home else ()), "withdrawn"))
        for row, generation in held:
            await self.deliver(row, generation, Ended())

    def _ends(self, name: str, row: Row) -> bool:
        return not row.state.final and name.partition("#")[0] not in WAY_HOME

    async def until_closed(self, *silent: str, seconds: float = 40) -> str:
        """Answer everything that opens, in the order it opened, but for silent ones; the reason of the end."""
        ending = asyncio.create_task(self.story.result())
        try:
            async with asyncio.timeout(seconds):
                while not ending.done():
                    for name in [each for each, row in self.rows.rows.items() if not row.state.final]:
                        if name not in silent:
                            await self.answer(name)
                    await asyncio.sleep(0.02)
                return await ending
        finally:
            ending.cancel()


@asynccontextmanager
async def at_desk(client: Client, rows: Rows, queue: str) -> AsyncIterator[Worker]:
    """A worker for these rows; two cached stories, so that replay is the rule."""
    async with Worker(
        client,
        task_queue=queue,
        workflows=[JourneyWorkflow],
        activities=[*rows.all(), *(task.activity for task in TASKS)],
        workflow_runner=RUNNER,
        max_cached_workflows=2,
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
    ) as worker:
        yield worker
