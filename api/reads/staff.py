"""What an officer holds, as numbers, and who of their agency could take it over."""

from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import func, select

from activities.casework.away import can_answer, running
from activities.domain.states import LIVE
from activities.store.absences import Absence
from activities.store.organisations import Officer
from activities.store.scope import in_states
from activities.store.tasks import Task
from api.deps import Desk
from api.sorting import by_name


async def heirs(desk: Desk, leaver: Officer) -> list[tuple[str, str]]:
    """Username and name of colleagues who can answer and are not away today."""
    away = select(Absence.officer_id).where(running(desk.office.today()))
    able = select(Officer.username, Officer.name).where(
        Officer.organisation_id == leaver.organisation_id, Officer.id != leaver.id, Officer.id.not_in(away), can_answer()
    )  # fmt: skip
    found = await desk.session.execute(able)
    return by_name([(row.username, row.name) for row in found], itemgetter(1))


async def holding(desk: Desk, officers: list[str]) -> dict[str, dict[str, int]]:
    """By officer id: live tasks they hold, `held`, and how many of those are `overdue`; nothing of what they are about."""
    late = func.count().filter(Task.due_at < desk.office.now())
    counted = select(Task.officer_id, func.count(), late).where(Task.officer_id.in_(officers), in_states(*LIVE))
    found: dict[str, dict[str, int]] = {each: {"held": 0, "overdue": 0} for each in officers}
    for row in await desk.session.execute(counted.group_by(Task.officer_id)):
        found[str(row[0])] = {"held": row[1], "overdue": row[2]}
    return found


async def colleagues(desk: Desk, organisation_id: str) -> list[dict[str, Any]]:
    """Officers of one agency, each with what they hold."""
    own = select(Officer).where(Officer.organisation_id == organisation_id, Officer.active.is_(True))
    rows = by_name(await desk.session.scalars(own), attrgetter("name"))
    counts = await holding(desk, [row.id for row in rows])
    return [{"id": row.id, "username": row.username, "name": row.name} | counts[row.id] for row in rows]
