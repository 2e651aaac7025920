"""What an officer holds, as numbers, and who of their agency could take it over."""

from operator import itemgetter
from typing import Any

from sqlalchemy import func, select

from activities.casework.away import can_answer, running
from activities.casework.errors import NotFoundError
from activities.domain.states import LIVE
from activities.store.absences import Absence
from activities.store.organisations import Officer, Organisation
from activities.store.scope import in_states
from activities.store.tasks import Task
from api.deps import Desk
from api.reads.tasks import NOW, given
from api.sorting import by_name

_MINE = select(func.count()).where(Task.officer_id == Officer.id, in_states(*LIVE)).correlate(Officer)
HELD = (
    _MINE.scalar_subquery(),
    _MINE.where(Task.due_at < NOW).scalar_subquery(),
)  # live tasks, and the overdue of them
HOLDING = select(Officer, *HELD)  # nothing of what they are about


async def heirs(desk: Desk, leaver: Officer) -> list[tuple[str, str]]:
    """Username and name of colleagues who can answer and are not away today."""
    away = select(Absence.officer_id).where(running(desk.office.today()))
    able = select(Officer.username, Officer.name).where(
        Officer.organisation_id == leaver.organisation_id, Officer.id != leaver.id, Officer.id.not_in(away), can_answer()
    )  # fmt: skip
    found = await desk.session.execute(able)
    return by_name([(row.username, row.name) for row in found], itemgetter(1))


async def one(desk: Desk, username: str) -> tuple[Officer, dict[str, int]]:
    """An officer of the territory with what they hold; NotFoundError for anybody else."""
    here = Organisation.id == Officer.organisation_id
    wanted = HOLDING.join(Organisation, here).where(Organisation.territory == desk.actor.territory)
    found = (await desk.session.execute(wanted.where(Officer.username == username), given(desk.office))).first()
    if found is None:
        raise NotFoundError("officer-unknown")
    return found[0], {"held": found[1], "overdue": found[2]}


async def colleagues(desk: Desk, organisation_id: str) -> list[dict[str, Any]]:
    """Officers of one agency, each with what they hold."""
    own = HOLDING.where(Officer.organisation_id == organisation_id, Officer.active.is_(True))
    rows = by_name((await desk.session.execute(own, given(desk.office))).all(), lambda row: row[0].name)
    return [
        {"id": row.id, "username": row.username, "name": row.name, "held": held, "overdue": late}
        for row, held, late in rows
    ]
