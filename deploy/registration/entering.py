"""Entering what was shown: organisations first, then officers, each new one with a password of their own."""

import secrets

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.staffing import enter_officer, enter_organisation
from activities.plan.model import OrganisationEntry
from activities.security.passwords import LEAST_PASSWORD, weak
from activities.store.organisations import Officer, Organisation
from deploy.registration.form import Form, OfficerForm, OrganisationForm


class WeakPasswordError(ValueError):
    """A password that is too easily guessed."""

    code = "password-weak"

    def __init__(self) -> None:
        super().__init__(
            f"{self.code}: a password has at least {LEAST_PASSWORD} characters, not all alike, and is not the username"
        )


def demand_strong(username: str, password: str) -> None:
    """WeakPasswordError for one nobody should have."""
    if weak(username, password):
        raise WeakPasswordError


async def enter(session: AsyncSession, form: Form) -> dict[str, str]:
    """Enter the file's content in this transaction; username -> first password of every new officer."""
    for each in _parents_first(form.organisations):
        await _organisation(session, each)
    passwords: dict[str, str] = {}
    for officer in form.officers:
        known = await session.scalar(select(Officer).where(Officer.username == officer.username))
        if known is None:
            passwords[officer.username] = secrets.token_urlsafe(12)
            await _officer(session, officer, passwords[officer.username])
        else:
            known.name, known.mail, known.language = officer.name, officer.mail, officer.language
    await session.flush()
    return passwords


async def _organisation(session: AsyncSession, form: OrganisationForm) -> None:
    entry = OrganisationEntry.model_validate(
        form.model_dump(exclude={"mail", "name"})
        | {"name": {"vi": form.name.vi, "en": form.name.en or form.name.vi}, "source": {"local": True}}
    )
    await enter_organisation(session, entry)
    row = (await session.scalars(select(Organisation).where(Organisation.code == form.code))).one()
    row.name_vi, row.name_en, row.mail = form.name.vi, form.name.en or row.name_en, form.mail or row.mail


async def _officer(session: AsyncSession, form: OfficerForm, password: str) -> None:
    await enter_officer(
        session,
        form.username,
        form.name,
        form.organisation,
        form.roles,
        password,
        district=form.district,
        mail=form.mail,
    )
    row = (await session.scalars(select(Officer).where(Officer.username == form.username))).one()
    row.language = form.language


def _parents_first(forms: tuple[OrganisationForm, ...]) -> list[OrganisationForm]:
    """Whoever directs comes before whom they direct."""
    waiting, placed = list(forms), list[OrganisationForm]()
    while waiting:
        codes = {each.code for each in waiting}
        ready = [each for each in waiting if each.parent not in codes] or waiting  # a ring is refused by the rows
        placed += ready
        waiting = [each for each in waiting if each not in ready]
    return placed
