"""Rungs whose time has come: each fires once and is a notice to whom the ladder names."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import journal
from activities.casework.context import Office
from activities.casework.holders import directing
from activities.casework.notices import notify
from activities.casework.returning import returned
from activities.domain.states import Role, TaskState
from activities.store.journeys import Journey
from activities.store.organisations import Officer
from activities.store.reminders import Reminder
from activities.store.tasks import Rung, Task

HAIR = timedelta(milliseconds=500)
LOOK_AGAIN = "look-again"
AUDIENCE = {
    "holder": "officer",
    "head": "supervisor",
    "directing": "supervisor",
    "lead": "coordinator",
    "district": "district",
}


def soon(office: Office) -> datetime:
    """A timer may ring a hair early against the fast clock: half a real second counts as now."""
    return office.clock.case_of(office.clock.real_of(office.now()) + HAIR)


async def fire(session: AsyncSession, office: Office, journey: Journey, task: Task) -> None:
    """Fire the rungs whose time has come, each once, each a notice to whom the ladder names."""
    due = select(Rung).where(
        Rung.task_id == task.id, Rung.fired_at.is_(None), Rung.lapsed_at.is_(None), Rung.owed_at <= soon(office)
    )
    await session.flush()
    plan = await office.shelf.ensure(session, journey.plan_hash)
    home = {rule.code for rule in plan.rungs(plan.kind(task.kind)) if rule.home}
    for rung in list(await session.scalars(due.order_by(Rung.owed_at))):
        rung.fired_at = office.now()
        if rung.code == LOOK_AGAIN:
            await _to_author(session, office, journey, task, rung)
            continue
        to = await _recipient(session, office, journey, task, rung)
        notify(
            session, office, journey, to, f"rung-{rung.code}", task=task.id, audience=AUDIENCE[rung.to], rung=rung.id
        )
        journal.write(session, office, journey, "rung-fired", task=task.id, kind=task.kind, rung=rung.code, to=rung.to)
        if home & {rung.code, *rung.merged} and task.state is TaskState.OPEN and task.claimed_at is None:
            await returned(session, office, journey, task, "no_reply", None)  # an offer nobody took up comes home


async def _recipient(session: AsyncSession, office: Office, journey: Journey, task: Task, rung: Rung) -> str:
    if rung.to == "head" and task.answerable_id:
        return task.answerable_id  # who handed it down answers for it, and is the first rung
    if rung.to in ("holder", "head"):
        return task.organisation_id
    if rung.to == "directing":
        plan = await office.shelf.ensure(session, journey.plan_hash)
        return (await directing(session, plan, journey, plan.kind(task.kind), office.today())).id
    return journey.lead_id


async def _to_author(session: AsyncSession, office: Office, journey: Journey, task: Task, rung: Rung) -> None:
    """The day has come on which somebody wanted to look again: they are told, nobody else."""
    reminder = await session.scalar(select(Reminder).where(Reminder.rung_id == rung.id))
    author = await session.get(Officer, reminder.officer_id) if reminder else None
    if author is None:
        return
    audience = "supervisor" if Role.SUPERVISOR.value in author.roles else "coordinator"
    notify(
        session, office, journey, author.organisation_id, "look-again", task=task.id, audience=audience,
        officer=author.id, rung=rung.id,
    )  # fmt: skip
