"""Rungs whose time has come: each fires once and is a notice to whom the ladder names."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import journal
from activities.casework.actors import actor_of
from activities.casework.context import Office
from activities.casework.holders import directing
from activities.casework.notices import notify
from activities.casework.permits import of_task
from activities.casework.returning import returned
from activities.domain.states import Role, TaskState
from activities.plan.access import Verb, may
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
    """The day has come on which somebody wanted to look again: they are told; who left, or watches it no more, is followed."""
    reminder = await session.scalar(select(Reminder).where(Reminder.rung_id == rung.id))
    author = await session.get(Officer, reminder.officer_id) if reminder else None
    if author is None:
        return
    watches = may(await actor_of(session, author), Verb.REMIND, of_task(journey, task)).allowed
    role = Role.SUPERVISOR if Role.SUPERVISOR.value in author.roles else Role.COORDINATOR
    to, audience, officer = author.organisation_id, role.value, author.id if author.active else None
    if author.district and not author.active:
        audience = AUDIENCE["district"]
    if not watches or not (author.active or await _others(session, author, role)):
        to, audience, officer = journey.lead_id, AUDIENCE["lead"], None  # somebody coordinates while it leads a journey
    notify(session, office, journey, to, "look-again", task=task.id, audience=audience, officer=officer, rung=rung.id)


async def _others(session: AsyncSession, author: Officer, role: Role) -> bool:
    """Whether anybody does what the author did: watches the district, or for their agency in the same role."""
    theirs = (Officer.organisation_id == author.organisation_id) & Officer.roles.contains([role.value])
    same = Officer.district.is_(True) if author.district else theirs
    return await session.scalar(select(Officer.id).where(Officer.active.is_(True), same).limit(1)) is not None
