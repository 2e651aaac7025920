"""Who is away: of one's own office, of those below it, or for the administrator of the whole territory."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, bindparam, exists, select, tuple_
from sqlalchemy.orm import aliased

from activities.casework.away import absences_on
from activities.domain.states import Role
from activities.plan.access import Subject, Verb, may
from activities.store.absences import Absence, Handover
from activities.store.journal import JournalEntry
from activities.store.organisations import Officer, Organisation
from activities.store.tasks import Task
from api.cursors import cursor_of, read_cursor
from api.deps import Desk
from api.reads.names import named
from api.reads.tasks import THIS, TODAY


def near(desk: Desk) -> ColumnElement[bool]:
    """Organisations whose staff the caller may know of; the query must join `Organisation`."""
    if Role.ADMINISTRATOR in desk.actor.roles:
        return Organisation.territory == desk.actor.territory
    return Organisation.id.in_(desk.actor.below | {desk.actor.organisation_id})


async def page(desk: Desk, cursor: str, limit: int) -> dict[str, Any]:
    """Absences that run or are to come, in the order they were recorded."""
    stand_in, theirs = aliased(Officer), aliased(Absence)
    overlap = and_(theirs.since <= Absence.until, theirs.until >= Absence.since, theirs.ended_at.is_(None))
    wanted = (
        select(Absence, Officer, Organisation, stand_in, exists().where(theirs.officer_id == stand_in.id, overlap))
        .join(Officer, Officer.id == Absence.officer_id)
        .join(Organisation, Organisation.id == Officer.organisation_id)
        .outerjoin(stand_in, stand_in.id == Absence.substitute_id)
        .where(near(desk), Absence.ended_at.is_(None), Absence.until >= desk.office.today())
    )
    if cursor:
        wanted = wanted.where(tuple_(Absence.at, Absence.id) > read_cursor(cursor))
    found = (await desk.session.execute(wanted.order_by(Absence.at, Absence.id).limit(limit + 1))).all()
    items = [_shape(desk, *row) for row in found[:limit]]
    last = found[limit - 1][0] if len(found) > limit else None
    return {"items": items, "next": cursor_of(last.at, last.id) if last else None}


def _shape(
    desk: Desk, row: Absence, officer: Officer, organisation: Organisation, stand_in: Officer | None, away: bool = False
) -> dict[str, Any]:
    """`may_end`: the caller may end it early, or take it back; `substitute_away`: who stands in is away on one of the days."""
    subject = Subject(organisation_id=organisation.id, officer_id=officer.id, territory=organisation.territory)
    return {
        "id": row.id,
        "officer": person(officer),
        "organisation": named(organisation),
        "from": row.since,
        "to": row.until,
        "substitute": person(stand_in) if stand_in else None,
        "substitute_away": away,
        "may_end": may(desk.actor, Verb.RECORD_ABSENCE, subject).allowed,
    }


async def absence(desk: Desk, row: Absence) -> dict[str, Any]:
    """One absence, as it was just recorded."""
    officer = await desk.session.get_one(Officer, row.officer_id)
    organisation = await desk.session.get_one(Organisation, officer.organisation_id)
    stand_in = await desk.session.get_one(Officer, row.substitute_id) if row.substitute_id else None
    return _shape(desk, row, officer, organisation, stand_in)


def handover(row: Handover) -> dict[str, Any]:
    """A hand-over: how many tasks went, not which."""
    return {name: getattr(row, name) for name in ("id", "tasks", "at", "reason")}


def person(officer: Officer) -> dict[str, str]:
    """An officer as colleagues name them."""
    return {"username": officer.username, "name": officer.name}


HOLDER, ANSWERED_BY, AWAY = (
    select(Officer).join(Task, Task.officer_id == Officer.id).where(Task.id == THIS),
    select(Officer)
    .join(Task, and_(Task.answered_by == Officer.id, Task.organisation_id == Officer.organisation_id))
    .where(Task.id == THIS, Task.officer_id != Officer.id),
    absences_on(TODAY).join(Task, Task.officer_id == Absence.officer_id).where(Task.id == THIS),
)  # of the task that is shown


HANDED = (
    select(JournalEntry.at, JournalEntry.data, Officer)
    .join(Officer, Officer.id == JournalEntry.data["was"].astext)
    .where(
        JournalEntry.chain == bindparam("journey", type_=String), JournalEntry.task_id == THIS,
        JournalEntry.event == "task-handed-over",
    )
    .order_by(JournalEntry.seq.desc())
    .limit(1)
)  # fmt: skip  # who held the task before it was handed over last


def answered_by(officers: Sequence[Officer]) -> dict[str, str] | None:
    """The colleague who answered for whoever held it; None where that is the same."""
    return person(officers[0]) if officers else None


def handed(task: Task, rows: Sequence[tuple[datetime, Mapping[str, Any], Officer]]) -> dict[str, Any] | None:
    """Why a live task is with its holder or in the queue, where it was handed over and nobody has moved it since."""
    if not rows or task.state.final:
        return None
    at, data, was = rows[0]
    if (data["to"] or None) != task.officer_id or was.organisation_id != task.organisation_id:
        return None
    return {"at": at, "from": person(was), "reason": data["reason"]}


def holder(officers: Sequence[Officer], absences: Sequence[tuple[Absence, Officer | None]]) -> dict[str, Any] | None:
    """Who holds a task within its agency, if anybody; `away_until` and `substitute` where they are away today."""
    if not officers:
        return None
    away, stand_in = absences[-1] if absences else (None, None)
    return person(officers[0]) | {
        "away_until": away.until if away else None,
        "substitute": person(stand_in) if stand_in else None,
    }
