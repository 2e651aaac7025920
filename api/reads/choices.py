"""Whom a task may go to: colleagues, organisations below one's own, and others that hold a role; as a form offers them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import String, bindparam, exists, func, select

from activities.casework.away import able_in, can_answer
from activities.casework.holders import held_on
from activities.store.organisations import Officer, Organisation, RoleHolder
from api.deps import Desk
from api.reads.tasks import TODAY
from api.sorting import by_name

_OWN, _TERRITORY = bindparam("own", type_=String), bindparam("territory", type_=String)
_BELOW = Organisation.id.in_(select(func.organisations_below(_OWN)))
COLLEAGUES = select(Officer).where(Officer.organisation_id == bindparam("colleagues_of", type_=String), can_answer())
OTHERS = select(Organisation, _BELOW).where(
    Organisation.territory == _TERRITORY,
    exists().where(RoleHolder.organisation_id == Organisation.id, held_on(TODAY)),
    able_in(Organisation.id, TODAY),
)  # asked with `places`


def places(desk: Desk) -> dict[str, Any]:
    """Whose colleagues, and the others of which territory, are asked for."""
    own = desk.actor.organisation_id
    return {"own": own, "colleagues_of": own, "territory": desk.actor.territory, "today": desk.office.today()}


async def colleagues(desk: Desk) -> list[dict[str, str]]:
    """Officers of one's own agency who can answer."""
    return officers(await desk.session.scalars(COLLEAGUES, places(desk)))


async def officers_below(desk: Desk, code: str) -> list[dict[str, str]]:
    """Officers who can answer of one organisation under one's own; nobody for any other code."""
    there = select(Organisation.id).where(
        Organisation.code == code, Organisation.id.in_(select(func.organisations_below(desk.actor.organisation_id)))
    )
    return officers(await desk.session.scalars(select(Officer).where(Officer.organisation_id.in_(there), can_answer())))


def officers(rows: Iterable[Officer]) -> list[dict[str, str]]:
    """As a form names them, by name."""
    return [{"username": each.username, "name": each.name} for each in by_name(rows, lambda each: each.name)]


async def others(desk: Desk) -> list[dict[str, Any]]:
    """Organisations of the territory that hold a role and could answer today, by name; `below`: under one's own."""
    return organisations((await desk.session.execute(OTHERS, places(desk))).all())


def organisations(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """The same out of rows of `OTHERS`."""
    return [
        {"id": each.id, "code": each.code, "name": {"vi": each.name_vi, "en": each.name_en}, "below": under}
        for each, under in by_name(rows, lambda row: row[0].name_vi)
    ]
