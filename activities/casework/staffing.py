"""Organisations, the roles they hold and the officers who sign in: entered, never guessed."""

from datetime import date

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from activities.domain.ids import new_id
from activities.domain.states import Role
from activities.plan.model import OrganisationEntry, Plan
from activities.security.passwords import hash_password
from activities.store.organisations import Officer, Organisation, RoleHolder


async def enter_plan(session: AsyncSession, plan: Plan, today: date) -> int:
    """Enter the organisations a plan names, with the roles they hold by date; those already there stay. How many are new.

    Where the plan is in force today, whoever it puts them under directs them from now on.
    """
    new, current = 0, plan.since <= today and (plan.until is None or today <= plan.until)
    for entry in _parents_first(plan.organisations):
        new += await enter_organisation(session, entry)
        if current:
            await _put_under(session, entry)
    return new


async def _put_under(session: AsyncSession, entry: OrganisationEntry) -> None:
    above = select(Organisation.id).where(Organisation.code == entry.parent).scalar_subquery()
    await session.execute(update(Organisation).where(Organisation.code == entry.code).values(parent_id=above))


async def enter_organisation(session: AsyncSession, entry: OrganisationEntry) -> int:
    """Enter one organisation and its role; 1 when it is new, 0 when its code is known (its role is still entered once)."""
    parent = (
        await session.scalar(select(Organisation.id).where(Organisation.code == entry.parent)) if entry.parent else None
    )
    row = {
        "id": new_id("organisation"),
        "code": entry.code,
        "name_vi": entry.name.vi,
        "name_en": entry.name.en,
        "parent_id": parent,
        "territory": entry.territory,
        "commune": entry.commune,
        "mail": "",
    }
    added = await session.execute(insert(Organisation).values(row).on_conflict_do_nothing().returning(Organisation.id))
    is_new = added.scalar() is not None
    own = await session.scalar(select(Organisation.id).where(Organisation.code == entry.code))
    held = select(RoleHolder.id).where(
        RoleHolder.organisation_id == own, RoleHolder.role == entry.role, RoleHolder.since == entry.since
    )
    if await session.scalar(held) is None:
        session.add(
            RoleHolder(
                id=new_id("holder"),
                role=entry.role,
                organisation_id=own,
                territory=entry.territory,
                commune=entry.commune,
                since=entry.since,
                until=entry.until,
            )
        )
        await session.flush()
    return int(is_new)


async def enter_officer(
    session: AsyncSession,
    username: str,
    name: str,
    organisation: str,
    roles: tuple[Role, ...],
    password: str,
    *,
    district: bool = False,
    mail: str = "",
    password_hash: str = "",
) -> str:
    """Enter an officer of the organisation with this code; the officer's id, the known one's when the username is taken."""
    own = await session.scalar(select(Organisation.id).where(Organisation.code == organisation))
    if own is None:
        raise LookupError(f"organisation-unknown: {organisation}")
    known = await session.scalar(select(Officer.id).where(Officer.username == username))
    if known is not None:
        return known
    officer = Officer(
        id=new_id("officer"),
        username=username,
        name=name,
        organisation_id=own,
        roles=[role.value for role in roles],
        district=district,
        mail=mail,
        language="vi",
        active=True,
        password_hash=password_hash or hash_password(password),
        failures=0,
    )
    session.add(officer)
    await session.flush()
    return officer.id


def _parents_first(entries: tuple[OrganisationEntry, ...]) -> list[OrganisationEntry]:
    codes = {entry.code for entry in entries}
    placed: list[OrganisationEntry] = []
    waiting = list(entries)
    while waiting:
        ready = [e for e in waiting if not e.parent or e.parent not in codes or any(p.code == e.parent for p in placed)]
        if not ready:
            raise ValueError("organisations direct one another in a ring")
        placed += ready
        waiting = [entry for entry in waiting if entry not in ready]
    return placed


def in_force(plan: Plan, day: date) -> tuple[OrganisationEntry, ...]:
    """The organisations of a plan that exist on a day."""
    return tuple(
        entry for entry in plan.organisations if entry.since <= day and (entry.until is None or day <= entry.until)
    )
