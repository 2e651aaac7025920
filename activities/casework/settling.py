"""The story looks at a row: what passed is written down, what is owed is fired, and the row says what it is now."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import clocks
from activities.casework.attending import attend_task
from activities.casework.away import let_go
from activities.casework.context import Office
from activities.casework.ending import mark_overdue
from activities.casework.firing import fire, soon
from activities.casework.opening import New, open_task
from activities.casework.pausing import resume
from activities.casework.wanted import apply_wish
from activities.domain.messages import Turn, Wake
from activities.domain.states import TaskState
from activities.store.journeys import Journey
from activities.store.tasks import Task


async def settle(session: AsyncSession, office: Office, wake: Wake) -> Turn:
    """One look at one task, under its lock; safe to run again."""
    office, journey, known = await attend_task(session, office, wake.ask.journey, wake.ask.task)
    opened = known or await open_task(session, office, journey, wake.ask)
    if isinstance(opened, Turn):
        return opened
    if isinstance(opened, New):
        return await _just_opened(session, office, journey, opened)
    if not opened.state.final:
        await _look(session, office, journey, opened, wake)
    return await clocks.turn_of(session, office, opened)


async def _just_opened(session: AsyncSession, office: Office, journey: Journey, new: New) -> Turn:
    """A task whose first rung lies ahead has nothing else to look at; one that opens late has."""
    await apply_wish(session, office, journey, new.task)
    ahead = new.rung is None or new.rung > soon(office)
    if not ahead and not new.task.state.final:
        await fire(session, office, journey, new.task)
    if ahead:
        return clocks.turn_until(office, new.task, new.rung)
    return await clocks.turn_of(session, office, new.task)


async def _look(session: AsyncSession, office: Office, journey: Journey, task: Task, wake: Wake) -> None:
    if wake.why == "open":
        await apply_wish(session, office, journey, task)
    elif (
        wake.why in ("expired", "ended") and task.generation == wake.held and task.state is not TaskState.PAUSED
    ):  # a pause that met the deadline stopped the clock; its end opens the next generation
        _next_generation(session, office, journey, task, await _grace(session, office, journey, task))
    if task.state is TaskState.PAUSED and task.paused_until and task.paused_until <= soon(office):
        await resume(session, office, journey, task, None, reason="review-date")
    if not task.state.final:
        await let_go(session, office, (journey, task))
        await fire(session, office, journey, task)


async def _grace(session: AsyncSession, office: Office, journey: Journey, task: Task) -> datetime:
    plan = await office.shelf.ensure(session, journey.plan_hash)
    return clocks.grace(office, plan.kind(task.kind), office.now())


def _next_generation(session: AsyncSession, office: Office, journey: Journey, task: Task, grace: datetime) -> None:
    """The generation the story held is over: overdue when its deadline passed, and a new one runs in any case."""
    task.generation += 1
    if task.deadline_at <= soon(office):
        mark_overdue(session, office, journey, task)
        task.deadline_at = grace
