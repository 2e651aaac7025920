"""Ten thousand journeys that wait: a restart does not wake them, and they cost no memory."""

import asyncio
import time
from functools import partial

from sqlalchemy import func, select

from activities.store.journeys import Journey
from activities.store.tasks import Task
from deploy.bench.journeys import answer_of
from deploy.bench.kills import PATIENCE
from deploy.bench.measure import Budget, Processor, Spread, memory_mb
from deploy.bench.place import Place
from deploy.bench.standing import open_journeys, standing
from deploy.local.answers import api as api_ready
from deploy.local.waiting import until

AT_ONCE = 100  # journeys that open side by side: fewer than stories kept in memory, as in a district whose reports come one by one
IDLE = 10.0  # seconds after the restart in which nobody asks for anything
LARGEST = {"worker": 300.0, "api": 250.0}  # MB
WAKING = 0.05  # local: of one processor; a worker that reads its stories back uses all of it


async def parked(place: Place, size: int, _: int) -> Budget:
    """Seconds from the worker's restart to the first completion; memory before and after, processor seconds of the idle time."""
    for opened in range(0, size, AT_ONCE):
        await open_journeys(place, min(AT_ONCE, size - opened))
    full = _memory(place)
    for name in ("worker", "api"):
        before = place.stack.pids[name]
        place.stack.kill(name)
        await until(partial(_anew, place, name, before), 0.02)
    began = time.perf_counter()
    await api_ready(place.stack.api_url)
    first = await _first_completion(place, began)
    processor = Processor(place.stack.pids)
    await asyncio.sleep(IDLE)
    idle, memory = processor.used(), _memory(place)
    async with place.sessions() as session:
        journeys = await session.scalar(select(func.count()).where(Journey.closed_at.is_(None)))
    return Budget(
        "parked", "s", Spread((first,)), 5.0, "at most",
        also={
            "journeys": journeys, "memory_mb": memory, "memory_before_mb": full, "memory_budget_mb": LARGEST,
            "idle_processor_s": idle, "idle_s": IDLE,
        },
        holds_also=idle["worker"] <= WAKING * IDLE
        and all(max(memory[name], full[name]) <= most for name, most in LARGEST.items()),
    )  # fmt: skip


async def _anew(place: Place, name: str, before: int) -> bool:
    """Whether the supervisor has started it again."""
    return place.stack.pids.get(name, before) != before


def _memory(place: Place) -> dict[str, float]:
    return {name: round(memory_mb(place.stack.pids[name]), 1) for name in LARGEST}


async def _first_completion(place: Place, began: float) -> float:
    """Answer the oldest task, until its story has heard of it."""
    [oldest] = await standing(place, 1)
    async with place.sessions() as session:
        journey = (await session.scalars(select(Task.journey_id).where(Task.id == oldest.task))).one()
    story = place.client.get_workflow_handle(journey)
    before = (await story.describe()).history_length
    officer = await place.desk(f"{oldest.agency}.officer")
    await officer.act(f"/tasks/{oldest.task}/outcome", answer_of(oldest.kind), revision=1)
    while time.perf_counter() - began < PATIENCE:
        now = await story.describe()
        if now.history_length > before and not now.raw_description.HasField("pending_workflow_task"):
            return time.perf_counter() - began
        await asyncio.sleep(0.02)
    return PATIENCE
