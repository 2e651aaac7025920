"""The one order in which rows are locked: the journey, then its tasks by id; the chain's head is in the journey's row."""

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.errors import NotFoundError
from activities.domain.states import LIVE, TaskState
from activities.store.journeys import Journey
from activities.store.tasks import Task

Row = TypeVar("Row")
BOTH = (
    select(Journey, Task)
    .select_from(Journey)
    .join(Task, Task.journey_id == Journey.id)
    .where(Task.id == bindparam("task"))
    .with_for_update(of=(Journey, Task))
)


async def lock_journey(session: AsyncSession, journey_id: str) -> Journey:
    """The journey's row, ours until the transaction ends. NotFoundError for an unknown id."""
    journey = await session.get(Journey, journey_id, with_for_update=True)
    if journey is None:
        raise NotFoundError("journey-unknown")
    return hold(session, journey)


async def lock_task(session: AsyncSession, task_id: str) -> tuple[Journey, Task]:
    """A task's row behind its journey's. NotFoundError for an unknown id."""
    fresh = {"populate_existing": True}
    row = (await session.execute(BOTH, {"task": task_id}, execution_options=fresh)).first()
    if row is None:
        raise NotFoundError("task-unknown")
    return hold(session, row[0]), row[1]


def hold(session: AsyncSession, row: Row) -> Row:
    """A row stays known to its session, which by itself forgets what nobody refers to: it is not read a second time."""
    session.info.setdefault("held", []).append(row)
    return row


async def lock_live(session: AsyncSession, journey: Journey, states: Iterable[TaskState] = LIVE) -> list[Task]:
    """All live tasks of a locked journey, by id."""
    rows = select(Task).where(Task.journey_id == journey.id, Task.state.in_(list(states))).order_by(Task.id)
    return list(await session.scalars(rows.with_for_update()))
