"""Agencies a supervisor looks at: which they are, how they are reached, and what each has to do now."""

from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVarTuple

from sqlalchemy import BindParameter, ColumnElement, Integer, ScalarSelect, Select, String, bindparam, func, or_, select

from activities.casework.away import able_in
from activities.casework.contacts import reaching
from activities.casework.errors import NotFoundError
from activities.casework.holders import held_on
from activities.domain.states import LIVE
from activities.plan.access import Actor, scope
from activities.store.journeys import Journey
from activities.store.organisations import Officer, Organisation, RoleHolder
from activities.store.scope import in_states, tasks_within
from activities.store.tasks import Task
from activities.store.together import Answers, Together
from api.deps import Desk
from api.reads.names import named
from api.reads.tasks import NOW, TODAY, given, passed, rows
from api.sorting import by_name, sort_key

Columns = TypeVarTuple("Columns")


def watched(actor: Actor) -> ColumnElement[bool]:
    """Agencies whose work an actor looks at: theirs and those below; all of the territory for its supervisor or the lead."""
    seen = scope(actor)
    near = Organisation.id.in_(seen.watched | seen.organisations | {actor.organisation_id})
    whole = bool(seen.watched_territory or seen.led_by)
    return or_(near, Organisation.territory == actor.territory) if whole else near


def names(desk: Desk, language: str) -> ScalarSelect[Any]:
    """Code and name of each of them, to be asked within another question; in no order."""
    name = Organisation.name_en if language == "en" else Organisation.name_vi
    pairs = func.json_agg(func.json_build_array(Organisation.code, name))
    return select(func.coalesce(pairs, func.json_build_array())).where(watched(desk.actor)).scalar_subquery()


async def one(desk: Desk, code: str, most: int) -> Answers:
    """One of them with what belongs to it, in one question; NotFoundError for any other.

    `office`: rows of `reaching`; `load`: what each officer has in hand, by `id`, and what nobody there has taken (None), the most first; `rows`: its
    open tasks, soonest due first, `most` and one more where they go on.
    """
    asked_with = given(desk.office) | {"agency": code, "most": most + 1}
    found = await _asked(desk.actor).ask(desk.session, asked_with)
    if not found["office"]:
        raise NotFoundError("organisation-unknown")
    by_load = sorted(found["load"], key=lambda row: (-row[2], row[1] is None, sort_key(row[1] or "")))
    load = [{"id": id_, "name": name, "open": n, "overdue": late} for id_, name, n, late in by_load]
    return found | {"load": load}


@lru_cache(maxsize=64)
def _asked(actor: Actor) -> Together:
    this, n = Organisation.code == bindparam("agency", type_=String), func.count()
    load = _live(actor, select(Officer.id, Officer.name, n, func.count().filter(_late(NOW))))
    own = load.join(Organisation, Organisation.id == Task.organisation_id).outerjoin(
        Officer, Officer.id == Task.officer_id
    )
    live = rows().where(tasks_within(scope(actor)), in_states(*LIVE), this)
    return Together(
        office=reaching(TODAY).where(watched(actor), this),
        load=own.where(this, watched(actor)).group_by(Officer.id, Officer.name),
        rows=live.order_by(Task.due_at, Task.id).limit(bindparam("most", type_=Integer)),
    )


def name_of(desk: Desk, officer: str) -> ScalarSelect[str | None]:
    """The name of an officer of one of them, to be asked within another question."""
    own = select(Officer.name).join(Organisation, Organisation.id == Officer.organisation_id)
    return own.where(Officer.id == officer, watched(desk.actor)).scalar_subquery()


async def candidates(desk: Desk, holder: str = "") -> list[dict[str, Any]]:
    """Agencies other than `holder` that could take a task over, each with its present load as far as the caller may know of it.

    `load` None: the agency's work is not the caller's to look at.
    """
    held = select(RoleHolder.organisation_id).where(held_on(desk.office.today()))
    fit = (Organisation.id.in_(held), Organisation.id != holder, able_in(Organisation.id, desk.office.today()))
    n, late = func.count().label("n"), func.count().filter(_late(desk.office.now())).label("late")
    loads = _live(desk.actor, select(Task.organisation_id, n, late)).group_by(Task.organisation_id).subquery()
    loaded = (func.coalesce(loads.c.n, 0), func.coalesce(loads.c.late, 0))
    here = select(Organisation, watched(desk.actor), *loaded).outerjoin(
        loads, loads.c.organisation_id == Organisation.id
    )
    found = (await desk.session.execute(here.where(Organisation.territory == desk.actor.territory, *fit))).all()
    return [
        named(row) | {"load": {"open": open_, "overdue": overdue} if seen else None}
        for row, seen, open_, overdue in by_name(found, lambda each: each[0].name_vi)
    ]


def _live(actor: Actor, wanted: Select[*Columns]) -> Select[*Columns]:
    of_journey = wanted.select_from(Task).join(Journey, Journey.id == Task.journey_id)
    return of_journey.where(Task.standing.is_not(None), tasks_within(scope(actor)))


def _late(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return or_(Task.overdue_at.is_not(None), passed(now))
