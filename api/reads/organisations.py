"""Organisations with the roles they hold, officers with where they stand, and the administration log."""

from typing import Any

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import aliased

from activities.casework.away import can_answer
from activities.store.administration import AdministrationEntry, Invitation
from activities.store.organisations import Officer, Organisation, RoleHolder
from api.deps import Desk
from api.reads.names import named
from api.sorting import sort_columns, unmarked, unmarked_column

OFFICER = ("username", "name", "roles", "district", "mail", "language", "active")


async def page(desk: Desk, cursor: str, limit: int) -> dict[str, Any]:
    """Organisations of the territory by code; `cursor` is the last code seen."""
    wanted = select(Organisation).where(Organisation.territory == desk.actor.territory, Organisation.code > cursor)
    found = list(await desk.session.scalars(wanted.order_by(Organisation.code).limit(limit + 1)))
    items = [await organisation(desk, row) for row in found[:limit]]
    return {"items": items, "next": found[limit - 1].code if len(found) > limit else None}


async def organisation(desk: Desk, row: Organisation) -> dict[str, Any]:
    """One organisation; `officers`: how many could answer a task."""
    held = select(RoleHolder).where(RoleHolder.organisation_id == row.id).order_by(RoleHolder.since, RoleHolder.role)
    parent = await desk.session.get(Organisation, row.parent_id) if row.parent_id else None
    able = select(func.count()).select_from(Officer).where(Officer.organisation_id == row.id, can_answer())
    return {
        "code": row.code,
        "name": {"vi": row.name_vi, "en": row.name_en},
        "parent": parent.code if parent else "",
        "directed_by": named(parent) if parent else None,
        "territory": row.territory,
        "commune": row.commune,
        "mail": row.mail,
        "roles": [role(each) for each in await desk.session.scalars(held)],
        "officers": await desk.session.scalar(able),
    }


def role(row: RoleHolder) -> dict[str, Any]:
    """A role and its days."""
    return {"id": row.id, "role": row.role, "commune": row.commune, "from": row.since, "to": row.until}


async def officers_page(
    desk: Desk, organisation_code: str, cursor: str, limit: int, search: str = ""
) -> dict[str, Any]:
    """Officers of the territory (or of one organisation) by name; `cursor` is the username of the last one seen.

    `search`: a part of username or name, with or without its accents.
    """
    order = (*sort_columns(Officer.name), Officer.username)
    wanted = (
        select(Officer, Organisation.code)
        .join(Organisation, Organisation.id == Officer.organisation_id)
        .where(Organisation.territory == desk.actor.territory)
    )
    if cursor:  # where that officer stands: a name does not travel in an address
        seen, theirs = aliased(Officer), aliased(Organisation)
        last = select(*sort_columns(seen.name), seen.username).join(theirs, theirs.id == seen.organisation_id)
        last = last.where(seen.username == cursor, theirs.territory == desk.actor.territory)
        wanted = wanted.where(tuple_(*order) > last.scalar_subquery())
    wanted = wanted.where(Organisation.code == organisation_code) if organisation_code else wanted
    if search.strip():
        part = unmarked(search)
        name = unmarked_column(Officer.name)
        wanted = wanted.where(
            or_(Officer.username.contains(part, autoescape=True), name.contains(part, autoescape=True))
        )
    found = (await desk.session.execute(wanted.order_by(*order).limit(limit + 1))).all()
    waiting = await _invited(desk, [row[0].id for row in found[:limit]])
    items = [officer(row[0], row[1], invited=row[0].id in waiting) for row in found[:limit]]
    return {"items": items, "next": found[limit - 1][0].username if len(found) > limit else None}


async def _invited(desk: Desk, officers: list[str]) -> set[str]:
    open_ones = select(Invitation.officer_id).where(
        Invitation.officer_id.in_(officers), Invitation.used_at.is_(None), Invitation.revoked_at.is_(None)
    )
    return set(await desk.session.scalars(open_ones))


def officer(row: Officer, organisation_code: str, *, invited: bool) -> dict[str, Any]:
    """One officer; `invited`: an invitation is open, good or expired."""
    facts = {name: getattr(row, name) for name in OFFICER}
    return facts | {"organisation": organisation_code, "invited": invited}


async def one_officer(desk: Desk, row: Officer) -> dict[str, Any]:
    """One officer after an act."""
    own = await desk.session.get_one(Organisation, row.organisation_id)
    return officer(row, own.code, invited=row.id in await _invited(desk, [row.id]))


async def log(desk: Desk, cursor: int, limit: int) -> dict[str, Any]:
    """The administration log, newest first; `cursor` is the number of the last entry seen. `by`: a username, or the command's name."""
    wanted = select(AdministrationEntry, Officer.username).outerjoin(
        Officer, Officer.id == AdministrationEntry.officer_id
    )
    wanted = wanted.where(AdministrationEntry.seq < cursor) if cursor else wanted
    found = (await desk.session.execute(wanted.order_by(AdministrationEntry.seq.desc()).limit(limit + 1))).all()
    names = ("seq", "at", "act", "subject", "data", "hash")
    items = [
        {name: getattr(entry, name) for name in names} | {"by": by or entry.officer_id} for entry, by in found[:limit]
    ]
    return {"items": items, "next": str(found[limit - 1][0].seq) if len(found) > limit else None}


async def names(desk: Desk) -> list[tuple[str, str, str]]:
    """Code, Vietnamese and English name of every organisation of the caller's territory."""
    wanted = select(Organisation.code, Organisation.name_vi, Organisation.name_en)
    rows = await desk.session.execute(wanted.where(Organisation.territory == desk.actor.territory))
    return [(row[0], row[1], row[2]) for row in rows]
