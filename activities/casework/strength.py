"""An agency keeps somebody who can answer: what would leave its live tasks with nobody is refused."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.away import can_answer
from activities.casework.context import Office
from activities.casework.errors import ConflictError
from activities.domain.states import LIVE, JourneyState, Role
from activities.store.absences import Absence
from activities.store.journeys import Journey
from activities.store.organisations import Officer
from activities.store.tasks import Task

Leave = tuple[str, date, date]  # an officer's id, the first and the last day


async def demand_strength(
    session: AsyncSession,
    office: Office,
    organisation_id: str,
    *,
    without: Collection[str] = (),
    leaves: Collection[Leave] = (),
) -> None:
    """ConflictError where, `without` these officers and with these `leaves`, nobody could answer the live tasks on some day."""
    live = await live_tasks(session, organisation_id)
    if not live:
        return
    today = office.today()
    staff = select(Officer.id).where(Officer.organisation_id == organisation_id, can_answer())
    able = set(await session.scalars(staff)) - set(without)
    known = select(Absence).where(Absence.officer_id.in_(able), Absence.until >= today, Absence.ended_at.is_(None))
    spans = [(row.officer_id, row.since, row.until) for row in await session.scalars(known)] + list(leaves)
    for day in sorted({today, *(since for _, since, _ in spans if since > today)}):
        away = {officer for officer, since, until in spans if since <= day <= until}
        if not able - away:
            raise ConflictError("would-strand-tasks", tasks=live, on=day.isoformat())


async def live_tasks(session: AsyncSession, organisation_id: str) -> int:
    """How many live tasks an organisation holds, or handed down and may get back."""
    ours = or_(Task.organisation_id == organisation_id, Task.answerable_id == organisation_id)
    return await session.scalar(select(func.count()).where(ours, Task.state.in_(list(LIVE)))) or 0


async def demand_coordinator(session: AsyncSession, organisation_id: str, leaver: str) -> None:
    """ConflictError where the lead of running journeys would be left without anybody to take what is sent back to it."""
    led = select(func.count()).where(Journey.lead_id == organisation_id, Journey.state != JourneyState.CLOSED)
    others = select(Officer.id).where(
        Officer.organisation_id == organisation_id,
        Officer.active.is_(True),
        Officer.roles.contains([Role.COORDINATOR.value]),
        Officer.id != leaver,
    )
    if (journeys := await session.scalar(led)) and await session.scalar(others.limit(1)) is None:
        raise ConflictError("would-strand-journeys", journeys=journeys)
