"""Whom a task may go to: colleagues, organisations below one's own, and others that hold a role; as a form offers them."""

from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from activities.casework.away import able_in, can_answer
from activities.casework.holders import held_on
from activities.store.organisations import Officer, Organisation, RoleHolder
from api.deps import Desk
from api.sorting import by_name


async def colleagues(desk: Desk) -> list[dict[str, str]]:
    """Officers of one's own agency who can answer."""
    return await _officers(desk, Officer.organisation_id == desk.actor.organisation_id)


async def officers_below(desk: Desk, code: str) -> list[dict[str, str]]:
    """Officers who can answer of one organisation under one's own; nobody for any other code."""
    there = select(Organisation.id).where(
        Organisation.code == code, Organisation.id.in_(select(func.organisations_below(desk.actor.organisation_id)))
    )
    return await _officers(desk, Officer.organisation_id.in_(there))


async def _officers(desk: Desk, within: ColumnElement[bool]) -> list[dict[str, str]]:
    found = await desk.session.scalars(select(Officer).where(within, can_answer()))
    return [{"username": each.username, "name": each.name} for each in by_name(found, lambda each: each.name)]


async def others(desk: Desk) -> list[dict[str, Any]]:
    """Organisations of the territory that hold a role and could answer today, by name; `below`: under one's own."""
    today = desk.office.today()
    role = exists().where(RoleHolder.organisation_id == Organisation.id, held_on(today))
    below = Organisation.id.in_(select(func.organisations_below(desk.actor.organisation_id)))
    within = (Organisation.territory == desk.actor.territory, role, able_in(Organisation.id, today))
    found = (await desk.session.execute(select(Organisation, below).where(*within))).all()
    return [
        {"id": each.id, "code": each.code, "name": {"vi": each.name_vi, "en": each.name_en}, "below": under}
        for each, under in by_name(found, lambda row: row[0].name_vi)
    ]
