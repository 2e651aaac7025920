"""How an office is reached on duty: set by its head or the administrator, shown with every task and journey."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import administration
from activities.casework.away import running
from activities.casework.context import Office
from activities.casework.errors import FieldProblem, InvalidError
from activities.casework.organising import organisation_of
from activities.casework.permits import demand
from activities.domain.states import Role
from activities.plan.access import Actor, Subject, Verb
from activities.store.absences import Absence
from activities.store.contacts import Contact
from activities.store.organisations import Officer, Organisation


@dataclass(frozen=True)
class Reached:
    """An organisation and how it is reached; `on_call`: names of its officers who are active and not away today."""

    organisation: Organisation
    phone: str
    hours: str
    on_call: tuple[str, ...]
    at: datetime | None


async def set_contact(
    session: AsyncSession, office: Office, actor: Actor, code: str, phone: str, hours: str, on_call: Sequence[str]
) -> Reached:
    """Write the duty telephone, hours and who is on call (usernames of the office), all at once."""
    row = await organisation_of(session, actor, code)
    demand(actor, Verb.SET_CONTACT, Subject(organisation_id=row.id, territory=row.territory))
    staff = select(Officer.id, Officer.username).where(
        Officer.organisation_id == row.id, Officer.active.is_(True), Officer.username.in_(on_call)
    )
    known = {each.username: each.id for each in await session.execute(staff)}
    if strangers := [name for name in on_call if name not in known]:
        problems = tuple(FieldProblem(("on_call", name), "officer-unknown", "not of this office") for name in strangers)
        raise InvalidError("officer-unfit", problems)
    contact = await session.get(Contact, row.id, with_for_update=True) or Contact(organisation_id=row.id)
    contact.phone, contact.hours, contact.on_call = phone, hours, [known[name] for name in dict.fromkeys(on_call)]
    contact.at, contact.by_id = office.now(), actor.officer_id
    session.add(contact)
    if Role.ADMINISTRATOR in actor.roles:
        await administration.record(session, office, actor.officer_id, "contact-set", code, on_call=list(on_call))
    await session.flush()
    return (await reached(session, office, [row]))[0]


async def reached(session: AsyncSession, office: Office, organisations: Sequence[Organisation]) -> list[Reached]:
    """How each of these organisations is reached today; empty words where nothing was written down."""
    ids = [each.id for each in organisations]
    rows = {
        row.organisation_id: row
        for row in await session.scalars(select(Contact).where(Contact.organisation_id.in_(ids)))
    }
    there = await _there(session, office, {officer for row in rows.values() for officer in row.on_call})
    found = []
    for each in organisations:
        row = rows.get(each.id)
        if row is None:
            found.append(Reached(each, "", "", (), None))
        else:
            names = tuple(there[officer, each.id] for officer in row.on_call if (officer, each.id) in there)
            found.append(Reached(each, row.phone, row.hours, names, row.at))
    return found


async def _there(session: AsyncSession, office: Office, officers: Collection[str]) -> dict[tuple[str, str], str]:
    """Names of those who are active and not away today, by id and office: who moved on is not on call at the office they left."""
    away = select(Absence.officer_id).where(running(office.today()))
    present = select(Officer.id, Officer.organisation_id, Officer.name).where(
        Officer.id.in_(officers), Officer.active.is_(True), Officer.id.not_in(away)
    )
    return {(row.id, row.organisation_id): row.name for row in await session.execute(present)} if officers else {}
