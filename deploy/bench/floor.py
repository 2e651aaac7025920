"""The bare floor: the same Temporal server, twelve async activities a story, no product."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker

TOGETHER, ONE_BY_ONE = 8, 4  # the shape of the journey it is compared with: twelve tasks
PATIENCE = timedelta(days=30)


@workflow.defn(name="FloorWorkflow", sandboxed=False)
class FloorWorkflow:
    """Eight activities side by side, then four one after the other; each completed from outside."""

    @workflow.run
    async def run(self, one_by_one: bool) -> None:
        names = [f"task-{number}" for number in range(TOGETHER + ONE_BY_ONE)]
        together = [] if one_by_one else names[:TOGETHER]
        await asyncio.gather(*(self._ask(name) for name in together))
        for name in names[len(together) :]:
            await self._ask(name)

    async def _ask(self, name: str) -> None:
        await workflow.execute_activity("floor_task", name, activity_id=name, schedule_to_close_timeout=PATIENCE)


class Floor:
    """A worker of this process, and clients that complete what opens."""

    def __init__(self, client: Client) -> None:
        self._client, self.queue = client, f"floor-{uuid.uuid4().hex[:8]}"
        self._opened: dict[str, asyncio.Queue[str]] = {}

    @activity.defn(name="floor_task")
    async def task(self, name: str) -> None:
        """Tell the client of this story that the task is open, and leave it so."""
        self._opened[activity.info().workflow_id or ""].put_nowait(name)
        activity.raise_complete_async()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator["Floor"]:
        """With the slots of our own worker."""
        async with Worker(
            self._client, task_queue=self.queue, workflows=[FloorWorkflow], activities=[self.task],
            max_concurrent_workflow_tasks=12, max_concurrent_activities=12,
        ):  # fmt: skip
            yield self

    async def story(self, *, one_by_one: bool = False) -> list[float]:
        """One story from start to end; the seconds from each completion to the next opening."""
        name = f"floor-{uuid.uuid4().hex}"
        opened = self._opened[name] = asyncio.Queue()
        handle = await self._client.start_workflow(FloorWorkflow.run, one_by_one, id=name, task_queue=self.queue)
        hops, sent = [], 0.0
        for number in range(TOGETHER + ONE_BY_ONE):
            task = await opened.get()
            if number:
                hops.append(time.perf_counter() - sent)
            sent = time.perf_counter()
            work = self._client.get_async_activity_handle(workflow_id=name, run_id=None, activity_id=task)
            await work.complete(None)
        await handle.result()
        del self._opened[name]
        return hops


async def throughput(client: Client, clients: int, stories: int) -> float:
    """Tasks a second of so many clients, each with its share of the stories."""
    async with Floor(client).at_work() as floor:
        await floor.story()
        begun = time.perf_counter()

        async def some(count: int) -> None:
            for _ in range(count):
                await floor.story()

        await asyncio.gather(*(some(stories // clients) for _ in range(clients)))
        return (stories // clients) * clients * (TOGETHER + ONE_BY_ONE) / (time.perf_counter() - begun)


async def hops(client: Client, stories: int) -> list[float]:
    """Seconds from a completion to the next task, one client, one task after the other."""
    async with Floor(client).at_work() as floor:
        await floor.story(one_by_one=True)
        return [hop for _ in range(stories) for hop in await floor.story(one_by_one=True)]
