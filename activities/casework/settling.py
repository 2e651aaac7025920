"""The story looks at a row: what passed is written down, what is owed is fired, and the row says what it is now."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import clocks, journal
from activities.casework.context import Office
from activities.casework.ending import mark_overdue
from activities.casework.holders import directing
from activities.casework.locks import lock_journey
from activities.casework.notices import notify
from activities.casework.opening import open_task
from activities.casework.pausing import resume
from activities.casework.wanted import apply_wish
from activities.domain.messages import Turn, Wake
from activities.domain.states import TaskState
from activities.store.journeys import Journey
from activities.store.tasks import Rung, Task

HAIR = timedelta(milliseconds=500)
AUDIENCE = {
    "holder": "officer",
    "head": "supervisor",
    "directing": "supervisor",
    "lead": "coordinator",
    "district": "district",
}


async def settle(session: AsyncSession, office: Office, wake: Wake) -> Turn:
    """One look at one task, under its lock; safe to run again."""
    journey = await lock_journey(session, wake.ask.journey)
    opened = await open_task(session, office, journey, wake.ask)
    if isinstance(opened, Turn):
        return opened
    task = opened
    if not task.state.final:
        if wake.why == "open":
            await apply_wish(session, office, journey, task)
        elif (
            wake.why in ("expired", "ended") and task.generation == wake.held and task.state is not TaskState.PAUSED
        ):  # a pause that met the deadline stopped the clock; its end opens the next generation
            _next_generation(session, office, journey, task, await _grace(session, office, journey, task))
        if task.state is TaskState.PAUSED and task.paused_until and task.paused_until <= _soon(office):
            await resume(session, office, journey, task, None, "review-date")
        if task.state in (TaskState.OPEN, TaskState.RETURNED):
            await fire(session, office, journey, task)
    return await clocks.turn_of(session, office, task)


def _soon(office: Office) -> datetime:
    """A timer may ring a hair early against the fast clock: half a real second counts as now."""
    return office.clock.case_of(office.clock.real_of(office.now()) + HAIR)


async def _grace(session: AsyncSession, office: Office, journey: Journey, task: Task) -> datetime:
    plan = await office.shelf.ensure(session, journey.plan_hash)
    return clocks.grace(office, plan.kind(task.kind), office.now())


def _next_generation(session: AsyncSession, office: Office, journey: Journey, task: Task, grace: datetime) -> None:
    """The generation the story held is over: overdue when its deadline passed, and a new one runs in any case."""
    task.generation += 1
    if task.deadline_at <= _soon(office):
        mark_overdue(session, office, journey, task)
        task.deadline_at = grace


async def fire(session: AsyncSession, office: Office, journey: Journey, task: Task) -> None:
    """Fire the rungs whose time has come, each once, each a notice to whom the ladder names."""
    due = select(Rung).where(
        Rung.task_id == task.id, Rung.fired_at.is_(None), Rung.lapsed_at.is_(None), Rung.owed_at <= _soon(office)
    )
    await session.flush()
    for rung in await session.scalars(due.order_by(Rung.owed_at)):
        rung.fired_at = office.now()
        to = await _recipient(session, office, journey, task, rung)
        notify(
            session, office, journey, to, f"rung-{rung.code}", task=task.id, audience=AUDIENCE[rung.to], rung=rung.id
        )
        journal.write(session, office, journey, "rung-fired", task=task.id, kind=task.kind, rung=rung.code, to=rung.to)


async def _recipient(session: AsyncSession, office: Office, journey: Journey, task: Task, rung: Rung) -> str:
    if rung.to in ("holder", "head"):
        return task.organisation_id
    if rung.to == "directing":
        plan = await office.shelf.ensure(session, journey.plan_hash)
        return (await directing(session, plan, journey, plan.kind(task.kind), office.today())).id
    return journey.lead_id
