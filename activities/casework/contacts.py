"""How an office is reached on duty: set by its head or the administrator, shown with every task and journey."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Select, and_, select
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
    return reached(await session.execute(reaching(office.today()).where(Organisation.id == row.id)))[0]


def reaching(day: date | BindParameter[date]) -> Select[Organisation, Contact, Officer]:
    """Organisations by their codes, each with what is written down of it and once for each officer on call who is there on a day.

    Who left, moved to another office or is away is not there.
    """
    there = and_(
        Contact.on_call.has_key(Officer.id), Officer.organisation_id == Organisation.id, Officer.active.is_(True),
        Officer.id.not_in(select(Absence.officer_id).where(running(day))),
    )  # fmt: skip
    written = select(Organisation, Contact, Officer).outerjoin(Contact, Contact.organisation_id == Organisation.id)
    return written.outerjoin(Officer, there).order_by(Organisation.code)


def reached(rows: Iterable[Sequence[Any]]) -> list[Reached]:
    """How each organisation of these rows of `reaching` is reached, in their order; empty words where nothing was written down."""
    found, on_call = dict[str, tuple[Organisation, Contact | None]](), dict[str, dict[str, str]]()
    for own, contact, officer in rows:
        found[own.id] = own, contact
        on_call.setdefault(own.id, {}).update({officer.id: officer.name} if officer else {})
    return [_reached(own, contact, on_call[own.id]) for own, contact in found.values()]


def _reached(own: Organisation, contact: Contact | None, there: Mapping[str, str]) -> Reached:
    if contact is None:
        return Reached(own, "", "", (), None)
    names = tuple(there[officer] for officer in contact.on_call if officer in there)
    return Reached(own, contact.phone, contact.hours, names, contact.at)
