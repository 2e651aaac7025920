"""Many deadlines at one instant: how late each is marked, and that each is marked once."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from activities.casework import clocks, outbox
from activities.casework.locks import lock_task
from activities.domain.states import TaskState
from activities.store.journal import JournalEntry
from activities.store.outbox import Command
from activities.store.tasks import Task
from deploy.bench.measure import Budget, Spread, percentile
from deploy.bench.place import Place
from deploy.bench.standing import open_tasks

AHEAD = timedelta(seconds=15)  # the least time until the instant, and
EACH = timedelta(seconds=0.1)  # for each task, in which its story takes the new date up
PATIENCE = 120.0  # seconds after the instant
SOME = 20  # tasks of one transaction


async def deadlines(place: Place, size: int, _: int) -> Budget:
    """Seconds late of the overdue mark, the 99th of a hundred; each exactly once. The clock runs at life's pace."""
    tasks = [each.task for each in await open_tasks(place, size)]
    instant = place.office.now() + AHEAD + len(tasks) * EACH
    for some in range(0, len(tasks), SOME):
        await due_at(place, tasks[some : some + SOME], instant)
    while taking_up := await _pending(place):
        if place.office.now() > instant:
            break
        await asyncio.sleep(0.2)
    marked = await _marked(place, tasks, instant)
    late = [(at - instant).total_seconds() for at in marked.values()]
    entries = await _entries(place, tasks)
    twice = sum(1 for count in entries.values() if count > 1)
    never = len(tasks) - len(late)
    p99 = percentile(late, 0.99) if late else PATIENCE
    return Budget(
        "deadlines", "s late", Spread((p99,)), 20.0, "at most",
        also={
            "tasks": len(tasks), "of": "p99", "p50": round(percentile(late, 0.5), 2) if late else None,
            "most": round(max(late), 2) if late else None, "aim": 5.0, "twice": twice, "never": never,
            "not_taken_up": taking_up,
        },
        holds_also=not (twice or never or taking_up),
    )  # fmt: skip


async def due_at(place: Place, tasks: Sequence[str], instant: datetime) -> None:
    """Give open tasks this date, as an extension gives another: the next generation of their clock."""
    async with place.sessions.begin() as session:
        for each in tasks:
            journey, task = await lock_task(session, each)
            plan = await place.office.shelf.ensure(session, journey.plan_hash)
            task.due_at = task.deadline_at = instant
            task.generation += 1
            await session.flush()
            await clocks.climb_again(session, place.office, plan, task)
            await outbox.wake(session, task, TaskState.OPEN, task.generation - 1)


async def _pending(place: Place) -> int:
    async with place.sessions() as session:
        return await session.scalar(select(func.count()).where(Command.state == "pending")) or 0


async def _marked(place: Place, tasks: Sequence[str], instant: datetime) -> dict[str, datetime]:
    """When each was marked overdue, once all are or patience has ended."""
    rows = select(Task.id, Task.overdue_at).where(Task.id.in_(tasks), Task.overdue_at.is_not(None))
    end = instant + timedelta(seconds=PATIENCE)
    while True:
        async with place.sessions() as session:
            found = {row[0]: row[1] for row in await session.execute(rows) if row[1] is not None}
        if len(found) == len(tasks) or place.office.now() > end:
            return found
        await asyncio.sleep(0.5)


async def _entries(place: Place, tasks: Sequence[str]) -> dict[str, int]:
    """How often the journal says of each task that it is overdue."""
    rows = select(JournalEntry.task_id, func.count()).where(
        JournalEntry.event == "task-overdue", JournalEntry.task_id.in_(tasks)
    )
    async with place.sessions() as session:
        return {str(row[0]): row[1] for row in await session.execute(rows.group_by(JournalEntry.task_id))}
