"""What the form of an absence needs: who leaves, who could stand in, and what is held meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select

from activities.casework.away import can_answer
from activities.casework.errors import NotFoundError
from activities.casework.permits import demand
from activities.domain.states import LIVE, Role
from activities.plan.access import Subject, Verb
from activities.store.absences import Absence
from activities.store.organisations import Officer, Organisation
from activities.store.scope import in_states
from activities.store.tasks import Task
from api.deps import Desk
from api.reads.absences import near


async def leaver(desk: Desk, officer_id: str) -> tuple[Officer, Organisation]:
    """The officer an absence is recorded for, by default the caller; refused where that is not the caller's to do."""
    wanted = (
        select(Officer, Organisation)
        .join(Organisation, Organisation.id == Officer.organisation_id)
        .where(Officer.id == (officer_id or desk.actor.officer_id), Officer.active.is_(True), near(desk))
    )
    return _allowed(desk, (await desk.session.execute(wanted)).first())


def _allowed(desk: Desk, found: Sequence[Any] | None) -> tuple[Officer, Organisation]:
    if found is None:
        raise NotFoundError("officer-unknown")
    officer, own = found[0], found[1]
    subject = Subject(organisation_id=own.id, officer_id=officer.id, territory=own.territory)
    demand(desk.actor, Verb.RECORD_ABSENCE, subject)
    return officer, own


@dataclass(frozen=True)
class Leaving:
    """Who leaves; colleagues of the same agency who could answer its tasks; and by agency whom else the caller may record it for."""

    leaver: Officer
    stand_ins: list[Officer]
    staff: dict[str, list[Officer]]


async def leaving(desk: Desk, officer_id: str, language: str) -> Leaving:
    """What the form shows, in one question; refused where that absence is not the caller's to record."""
    name = Organisation.name_en if language == "en" else Organisation.name_vi
    wanted = select(Officer, Organisation, name, can_answer()).join(
        Organisation, Organisation.id == Officer.organisation_id
    )
    rows = (await desk.session.execute(wanted.where(near(desk), Officer.active.is_(True)))).all()
    leaver, own = _allowed(
        desk, next((row for row in rows if row[0].id == (officer_id or desk.actor.officer_id)), None)
    )
    staff = dict[str, list[Officer]]()
    for officer, _, agency, _ in rows if desk.actor.roles & {Role.SUPERVISOR, Role.ADMINISTRATOR} else ():
        staff.setdefault(agency, []).append(officer)
    beside = [row[0] for row in rows if row[1].id == own.id and row[0].id != leaver.id and row[3]]
    return Leaving(leaver, beside, staff)


async def held(desk: Desk, leaver: Officer) -> int:
    """How many live tasks they hold now."""
    mine = select(func.count()).where(Task.officer_id == leaver.id, in_states(*LIVE))
    return await desk.session.scalar(mine) or 0


async def stood_in_for(desk: Desk, leaver: Officer, since: date, until: date) -> tuple[list[str], int]:
    """Whom they would stand in for on these days, and how many live tasks those hold: nobody acts on them then."""
    theirs = (
        select(Officer.name, func.count(Task.id))
        .join(Absence, Absence.officer_id == Officer.id)
        .outerjoin(Task, and_(Task.officer_id == Officer.id, in_states(*LIVE)))
        .where(
            Absence.substitute_id == leaver.id, Absence.ended_at.is_(None), Absence.since <= until, Absence.until >= since
        )
        .group_by(Officer.id)
    )  # fmt: skip
    found = [(name, tasks) for name, tasks in await desk.session.execute(theirs) if tasks]
    return [name for name, _ in found], sum(tasks for _, tasks in found)
