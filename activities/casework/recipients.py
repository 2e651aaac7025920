"""Whom a notice or a digest goes to outside the application: mailboxes, and the organisation as the gateway knows it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.notices import AUDIENCES
from activities.domain.states import Role
from activities.store.notices import Digest, Notice
from activities.store.organisations import Officer, Organisation

CASE_ROLES = {role.value for role in (Role.OFFICER, Role.COORDINATOR, Role.SUPERVISOR)}


@dataclass(frozen=True)
class Whom:
    """An audience of an organisation, or the one officer of it that is meant."""

    organisation: str
    audience: str
    officer: str | None

    @classmethod
    def of(cls, notice: Notice) -> "Whom":
        """Whom a notice is for."""
        return cls(notice.organisation_id, notice.audience, notice.officer_id)


@dataclass(frozen=True)
class AddressBook:
    """Active officers who have a mailbox, and every organisation, by id."""

    officers: tuple[Officer, ...]
    organisations: Mapping[str, Organisation]

    def addresses(self, channel: str, whom: Whom) -> dict[str, str]:
        """Where a notice goes on a channel, by whose it is: officers' boxes, else the organisation's; the gateway: its code."""
        own = self.organisations[whom.organisation]
        if channel == "webhook":
            return {own.id: own.code}
        found = {officer.id: officer.mail for officer in self.officers if self._meant(officer, whom)}
        return found or ({own.id: own.mail} if own.mail else {})

    def in_the_morning(self, channel: str, digest: Digest) -> dict[str, str]:
        """Where a digest goes: to its one recipient."""
        own = self.organisations[digest.organisation_id]
        if channel == "webhook":
            return {own.id: own.code}
        boxes = {officer.id: officer.mail for officer in self.officers} | ({own.id: own.mail} if own.mail else {})
        return {digest.recipient: boxes[digest.recipient]} if digest.recipient in boxes else {}

    def at_work(self, organisation: str) -> list[Officer]:
        """Officers of an organisation who have a mailbox and a part in cases."""
        return [each for each in self.officers if each.organisation_id == organisation and CASE_ROLES & {*each.roles}]

    def _meant(self, officer: Officer, whom: Whom) -> bool:
        if whom.officer:
            return officer.id == whom.officer
        if whom.audience == "district":
            there, own = self.organisations[whom.organisation], self.organisations[officer.organisation_id]
            return officer.district and own.territory == there.territory
        return officer.organisation_id == whom.organisation and AUDIENCES[whom.audience].value in officer.roles


async def address_book(session: AsyncSession) -> AddressBook:
    """The whole of it: two statements, whatever the number of notices."""
    officers = select(Officer).where(Officer.active.is_(True), Officer.mail != "").order_by(Officer.id)
    everybody = tuple(await session.scalars(officers))
    return AddressBook(everybody, {each.id: each for each in await session.scalars(select(Organisation))})
