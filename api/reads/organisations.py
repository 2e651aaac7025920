"""Organisations with the roles they hold, officers with where they stand, and the administration log."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, String, bindparam, exists, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from activities.casework.away import can_answer
from activities.casework.errors import NotFoundError
from activities.store.administration import AdministrationEntry, Invitation
from activities.store.organisations import Officer, Organisation, RoleHolder
from activities.store.together import Together
from api.deps import Desk
from api.reads import staff
from api.reads.names import named
from api.reads.tasks import given
from api.sorting import sort_columns, unmarked, unmarked_column

OFFICER = ("username", "name", "roles", "district", "mail", "language", "active")


async def page(desk: Desk, cursor: str, limit: int) -> dict[str, Any]:
    """Organisations of the territory by code; `cursor` is the last code seen."""
    found = await some(desk, after=cursor, most=limit + 1)
    return {"items": found[:limit], "next": found[limit - 1]["code"] if len(found) > limit else None}


async def organisation(desk: Desk, code: str) -> dict[str, Any]:
    """One of them; NotFoundError for a code nobody has here."""
    found = await some(desk, code=code)
    if not found:
        raise NotFoundError("organisation-unknown")
    return found[0]


async def some(desk: Desk, *, code: str = "", after: str = "", most: int | None = None) -> list[dict[str, Any]]:
    """Organisations of the territory by code, in one question: one of them, those after a code, or all."""
    given = {"territory": desk.actor.territory, "code": code, "after": after, "most": most}
    found = await _asked().ask(desk.session, given)
    held = defaultdict[str, list[RoleHolder]](list)
    for each in found["roles"]:
        held[each.organisation_id].append(each)
    return [_shape(row, parent, able, held[row.id]) for row, parent, able in found["organisations"]]


@lru_cache(maxsize=1)
def _asked() -> Together:
    code, after = bindparam("code", type_=String), bindparam("after", type_=String)
    here = select(Organisation.id).where(
        Organisation.territory == bindparam("territory"), or_(code == "", Organisation.code == code), Organisation.code > after
    )  # fmt: skip
    these = here.order_by(Organisation.code).limit(bindparam("most", type_=Integer))
    parent, officer_of = aliased(Organisation), Officer.organisation_id == Organisation.id
    able = select(func.count()).select_from(Officer).where(officer_of, can_answer()).correlate(Organisation)
    rows = select(Organisation, parent, able.scalar_subquery()).outerjoin(parent, parent.id == Organisation.parent_id)
    return Together(
        organisations=rows.where(Organisation.id.in_(these)).order_by(Organisation.code),
        roles=select(RoleHolder)
        .where(RoleHolder.organisation_id.in_(these))
        .order_by(RoleHolder.since, RoleHolder.role),
    )


def _shape(row: Organisation, parent: Organisation | None, able: int, roles: Sequence[RoleHolder]) -> dict[str, Any]:
    """`officers`: how many could answer a task."""
    return {
        "code": row.code,
        "name": {"vi": row.name_vi, "en": row.name_en},
        "parent": parent.code if parent else "",
        "directed_by": named(parent) if parent else None,
        "territory": row.territory,
        "commune": row.commune,
        "mail": row.mail,
        "roles": [role(each) for each in roles],
        "officers": able,
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
    wanted = OFFICERS.where(Organisation.territory == desk.actor.territory)
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
    items = [officer(*row) for row in found[:limit]]
    return {"items": items, "next": found[limit - 1][0].username if len(found) > limit else None}


OFFICERS = select(
    Officer,
    Organisation.code,
    exists().where(Invitation.officer_id == Officer.id, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None)),
).join(Organisation, Organisation.id == Officer.organisation_id)


def officer(row: Officer, organisation_code: str, invited: bool) -> dict[str, Any]:
    """One officer out of `OFFICERS`; `invited`: an invitation is open, good or expired."""
    facts = {name: getattr(row, name) for name in OFFICER}
    return facts | {"organisation": organisation_code, "invited": invited}


async def known(desk: Desk, username: str) -> dict[str, Any]:
    """One officer of the territory, with what they hold; `chosen`: they have a password. NotFoundError for anybody else."""
    wanted = OFFICERS.add_columns(*staff.HELD).where(Organisation.territory == desk.actor.territory)
    found = (await desk.session.execute(wanted.where(Officer.username == username), given(desk.office))).first()
    if found is None:
        raise NotFoundError("officer-unknown")
    held = {"held": found[3], "overdue": found[4], "chosen": bool(found[0].password_hash)}
    return officer(*found[:3]) | held


async def one_officer(desk: Desk, row: Officer) -> dict[str, Any]:
    """One officer after an act."""
    return officer(*(await desk.session.execute(OFFICERS.where(Officer.id == row.id))).one())


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
