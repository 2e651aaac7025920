"""Duty contacts: of the territory, of the two offices a task concerns, and of those of a journey."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select

from activities.casework.contacts import Reached, reached, reaching
from activities.casework.errors import NotFoundError
from activities.store.contacts import Contact
from activities.store.journeys import Journey
from activities.store.organisations import Officer, Organisation
from activities.store.tasks import Task
from api.deps import Desk
from api.reads.names import named
from api.reads.tasks import TODAY
from api.sorting import by_name, unmarked, unmarked_column


def shape(found: Reached) -> dict[str, Any]:
    """How one office is reached."""
    own = found.organisation
    return {
        "organisation": named(own),
        "phone": found.phone,
        "hours": found.hours,
        "on_call": list(found.on_call),
        "as_of": found.at,
    }


async def page(desk: Desk, cursor: str, limit: int, search: str = "") -> dict[str, Any]:
    """Offices of the caller's territory by code; `cursor` is the last code seen.

    `search`: words of the office's name in either language, or their beginnings, with or without their accents.
    """
    wanted = select(Organisation.id).where(Organisation.territory == desk.actor.territory, Organisation.code > cursor)
    if words := unmarked(search).split():
        wanted = wanted.where(or_(*(_holds(each, words) for each in (Organisation.name_vi, Organisation.name_en))))
    some = wanted.order_by(Organisation.code).limit(limit + 1)
    found = reached(await desk.session.execute(reaching(desk.office.today()).where(Organisation.id.in_(some))))
    items = [shape(each) for each in found[:limit]]
    return {"items": items, "next": found[limit - 1].organisation.code if len(found) > limit else None}


def _holds(name: Any, words: Collection[str]) -> ColumnElement[bool]:
    apart = func.concat(" ", unmarked_column(name))
    return and_(*(apart.contains(f" {each}", autoescape=True) for each in words))


async def of_office(desk: Desk, code: str) -> tuple[Organisation, Contact | None, list[Officer]]:
    """An office of the territory, what is written down of it, and its officers by name; NotFoundError for any other code."""
    works = and_(Officer.organisation_id == Organisation.id, Officer.active.is_(True))
    own = select(Organisation, Contact, Officer).outerjoin(Contact, Contact.organisation_id == Organisation.id)
    here = own.outerjoin(Officer, works).where(Organisation.territory == desk.actor.territory)
    rows = (await desk.session.execute(here.where(Organisation.code == code))).all()
    if not rows:
        raise NotFoundError("organisation-unknown")
    return rows[0][0], rows[0][1], by_name([row[2] for row in rows if row[2]], lambda each: each.name)


OFFICES = reaching(TODAY).where(Organisation.id.in_(bindparam("offices", expanding=True)))


def of_task(rows: Iterable[Sequence[Any]], task: Task, journey: Journey) -> dict[str, Any]:
    """Of the holder, and of the lead whose coordinator takes what is sent back, out of `OFFICES`."""
    found = _by_id(rows)
    return {"holder": found[task.organisation_id], "lead": found[journey.lead_id]}


def of_journey(rows: Iterable[Sequence[Any]], journey: Journey) -> list[dict[str, Any]]:
    """Of the lead first, then of the offices whose tasks the caller may know of, out of rows of `reaching`."""
    found = _by_id(rows)
    return [found.pop(journey.lead_id), *found.values()]


def _by_id(rows: Iterable[Sequence[Any]]) -> dict[str, dict[str, Any]]:
    return {each.organisation.id: shape(each) for each in reached(rows)}
