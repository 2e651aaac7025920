"""An agency keeps somebody who can answer: what would leave its live tasks with nobody is refused."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.away import can_answer
from activities.casework.context import Office
from activities.casework.errors import Conflict
from activities.domain.states import LIVE
from activities.store.absences import Absence
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
    """Conflict where, `without` these officers and with these `leaves`, nobody could answer the live tasks on some day."""
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
            raise Conflict("would-strand-tasks", tasks=live, on=day.isoformat())


async def live_tasks(session: AsyncSession, organisation_id: str) -> int:
    """How many live tasks an organisation holds."""
    live = select(func.count()).where(Task.organisation_id == organisation_id, Task.state.in_(list(LIVE)))
    return await session.scalar(live) or 0
