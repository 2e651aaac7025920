"""A clock stops and goes on: the ledger of pauses, each with its reason and author."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import clocks, journal, outbox
from activities.casework.context import Office
from activities.casework.reasons import sealed
from activities.domain.ids import new_id
from activities.domain.states import TaskState
from activities.store.journeys import Journey
from activities.store.tasks import PauseRow, Task


async def pause(
    session: AsyncSession, office: Office, journey: Journey, task: Task, officer: str, said: str, until: datetime
) -> None:
    """Stop the clock until a date at the latest: nothing waits without one. What is asked of others goes on climbing."""
    generation, now = task.generation, office.now()
    reason = sealed(office, task.id, said)
    session.add(PauseRow(id=new_id("pause"), task_id=task.id, reason=reason, officer_id=officer, since=now))
    task.state, task.paused_until, task.revision = TaskState.PAUSED, until, task.revision + 1
    plan = await office.shelf.ensure(session, journey.plan_hash)
    await clocks.lapse_rungs(session, office, task, codes=[rule.code for rule in plan.rungs(plan.kind(task.kind))])
    journal.write(
        session,
        office,
        journey,
        "task-paused",
        officer=officer,
        task=task.id,
        kind=task.kind,
        said=said,
        until=until,
    )
    await outbox.wake(session, task, TaskState.OPEN, generation)


async def resume(
    session: AsyncSession,
    office: Office,
    journey: Journey,
    task: Task,
    officer: str | None,
    *,
    reason: str = "",
    said: str = "",
) -> None:
    """The clock goes on: the pause is entered in the ledger and the due date moves by it. Why: a code, or as somebody said it."""
    await clocks.end_pause(session, office, task)
    task.state, task.generation = TaskState.OPEN, task.generation + 1
    await clocks.set_again(session, office, await office.shelf.ensure(session, journey.plan_hash), task)
    journal.write(
        session,
        office,
        journey,
        "task-resumed",
        officer=officer,
        task=task.id,
        kind=task.kind,
        reason=reason,
        said=said,
        due=task.due_at,
    )
