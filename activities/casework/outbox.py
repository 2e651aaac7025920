"""Commands to Temporal, written with the fact they follow from; the relay carries them out."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.domain.states import TaskState
from activities.store.outbox import Command
from activities.store.tasks import Task

CHANNEL = "homeward_outbox"
STIRRED = "homeward_stirred"  # organisations whose open pages have something new, though no story has
AGAIN = "again"  # the code of a start under an id whose story has ended, or is about to
HOLDS_ACTIVITY = frozenset({TaskState.OPEN, TaskState.RETURNED})


async def send(
    session: AsyncSession,
    journey: str,
    command: str,
    *,
    task: str = "",
    generation: int = 0,
    code: str = "",
    flags: Sequence[str] = (),
) -> None:
    """Write one command; the table itself wakes the relay at commit. Commands: `start`, `complete`, `look`, `watch` (`code`: what)."""
    real = datetime.now(UTC)
    session.add(
        Command(
            journey_id=journey,
            command=command,
            task_id=task,
            generation=generation,
            code=code,
            flags=list(flags),
            created_at=real,
            next_at=real,
        )
    )


async def wake(session: AsyncSession, task: Task, held: TaskState, generation: int) -> None:
    """Tell the story to look at the row again: by completing the activity it held, or by a signal where it held none."""
    if held in HOLDS_ACTIVITY:
        await send(session, task.journey_id, "complete", task=task.id, generation=generation)
    else:
        await send(session, task.journey_id, "look", task=task.id)


async def answer(session: AsyncSession, task: Task, held: TaskState, generation: int) -> None:
    """Deliver the committed answer of a task to its story."""
    if held in HOLDS_ACTIVITY:
        await send(
            session, task.journey_id, "complete", task=task.id, generation=generation, code=task.code, flags=task.flags
        )
    else:
        await send(session, task.journey_id, "look", task=task.id)


async def stir(session: AsyncSession, *organisations: str) -> None:
    """At commit, wake the open pages of these organisations, by id: for acts the engine hears nothing of and no tally counts."""
    await session.execute(select(func.pg_notify(STIRRED, " ".join(organisations))))
