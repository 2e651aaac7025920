"""Agencies a supervisor looks at: which they are, how they are reached, and what each has to do now."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select

from activities.casework.away import able_in
from activities.casework.errors import NotFoundError
from activities.casework.holders import held_on
from activities.plan.access import scope
from activities.store.journeys import Journey
from activities.store.organisations import Officer, Organisation, RoleHolder
from activities.store.scope import tasks_within
from activities.store.tasks import Task
from api.deps import Desk
from api.reads.names import named
from api.reads.tasks import passed
from api.sorting import by_name, sort_key

Columns = TypeVarTuple("Columns")


def watched(desk: Desk) -> ColumnElement[bool]:
    """Agencies whose work the caller looks at: theirs and those below; all of the territory for its supervisor or the lead."""
    seen = scope(desk.actor)
    near = Organisation.id.in_(seen.watched | seen.organisations | {desk.actor.organisation_id})
    whole = bool(seen.watched_territory or seen.led_by)
    return or_(near, Organisation.territory == desk.actor.territory) if whole else near


def names(desk: Desk, language: str) -> ScalarSelect[Any]:
    """Code and name of each of them, to be asked within another question; in no order."""
    name = Organisation.name_en if language == "en" else Organisation.name_vi
    pairs = func.json_agg(func.json_build_array(Organisation.code, name))
    return select(func.coalesce(pairs, func.json_build_array())).where(watched(desk)).scalar_subquery()


async def one(desk: Desk, code: str) -> Organisation:
    """One of them; NotFoundError for any other."""
    found = await desk.session.scalar(select(Organisation).where(watched(desk), Organisation.code == code))
    if found is None:
        raise NotFoundError("organisation-unknown")
    return found


async def load(desk: Desk, organisation: str) -> list[dict[str, Any]]:
    """What each officer of an agency has in hand, by `id`, and what nobody there has taken (None); the most first."""
    now = desk.office.now()
    n, late = func.count(), func.count().filter(_late(now))
    found: Sequence[Any] = (
        await desk.session.execute(
            _live(desk, select(Officer.id, Officer.name, n, late))
            .outerjoin(Officer, Officer.id == Task.officer_id)
            .where(Task.organisation_id == organisation)
            .group_by(Officer.id, Officer.name)
        )
    ).all()
    by_load = sorted(found, key=lambda row: (-row[2], row[1] is None, sort_key(row[1] or "")))
    return [{"id": id_, "name": name, "open": count, "overdue": overdue} for id_, name, count, overdue in by_load]


def name_of(desk: Desk, officer: str) -> ScalarSelect[str | None]:
    """The name of an officer of one of them, to be asked within another question."""
    own = select(Officer.name).join(Organisation, Organisation.id == Officer.organisation_id)
    return own.where(Officer.id == officer, watched(desk)).scalar_subquery()


async def candidates(desk: Desk, holder: str = "") -> list[dict[str, Any]]:
    """Agencies other than `holder` that could take a task over, each with its present load as far as the caller may know of it.

    `load` None: the agency's work is not the caller's to look at.
    """
    held = select(RoleHolder.organisation_id).where(held_on(desk.office.today()))
    fit = (Organisation.id.in_(held), Organisation.id != holder, able_in(Organisation.id, desk.office.today()))
    here = select(Organisation, watched(desk)).where(Organisation.territory == desk.actor.territory, *fit)
    rows = by_name((await desk.session.execute(here)).all(), lambda row: row[0].name_vi)
    loads = await loads_of(desk, [row.id for row, seen in rows if seen])
    nothing = {"open": 0, "overdue": 0}
    return [named(row) | {"load": loads.get(row.id, nothing) if seen else None} for row, seen in rows]


async def loads_of(desk: Desk, organisations: Collection[str]) -> dict[str, dict[str, int]]:
    """How many tasks agencies have open, and how many of them are overdue, by id."""
    counted = _live(desk, select(Task.organisation_id, func.count(), func.count().filter(_late(desk.office.now()))))
    wanted = counted.where(Task.organisation_id.in_(organisations)).group_by(Task.organisation_id)
    return {id_: {"open": n, "overdue": late} for id_, n, late in await desk.session.execute(wanted)}


def _live(desk: Desk, wanted: Select[*Columns]) -> Select[*Columns]:
    of_journey = wanted.select_from(Task).join(Journey, Journey.id == Task.journey_id)
    return of_journey.where(Task.standing.is_not(None), tasks_within(scope(desk.actor)))


def _late(now: datetime) -> ColumnElement[bool]:
    return or_(Task.overdue_at.is_not(None), passed(now))
