"""What a file would do to what is there: entry by entry created, changed or unchanged; or refused, with its line."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.plan.checks import Lines, Problem
from activities.store.organisations import Officer, Organisation, RoleHolder
from deploy.registration.form import Form, FormError, OfficerForm, OrganisationForm

CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"


@dataclass(frozen=True)
class Effect:
    """What becomes of one entry. `changes`: field -> (as it is, as it will be)."""

    what: str
    name: str
    effect: str
    changes: dict[str, tuple[str, str]]


async def compare(session: AsyncSession, form: Form, lines: Lines, roles: frozenset[str]) -> list[Effect]:
    """The effect of every entry, in the file's order; FormError where one contradicts the rows. `roles`: those of the plans."""
    known = {each.code: each for each in await session.scalars(select(Organisation))}
    officers = {each.username: each for each in await session.scalars(select(Officer))}
    problems = _organisation_problems(form, lines, known, roles) + _officer_problems(form, lines, known, officers)
    if problems:
        raise FormError(problems)
    held = {
        (each.organisation_id, each.role, each.since): each.until for each in await session.scalars(select(RoleHolder))
    }
    return [
        *(_organisation(each, known.get(each.code), held) for each in form.organisations),
        *(_officer(each, officers.get(each.username)) for each in form.officers),
    ]


def _organisation_problems(
    form: Form, lines: Lines, known: dict[str, Organisation], roles: frozenset[str]
) -> list[Problem]:
    found, territories = [], {code: each.territory for code, each in known.items()}
    territories |= {each.code: each.territory for each in form.organisations}
    for at, each in enumerate(form.organisations):
        place = ("organisations", at)
        if each.parent and each.parent not in territories:
            found.append(lines.problem((*place, "parent"), "organisation-unknown", f"nobody is called {each.parent}"))
        elif each.parent and territories[each.parent] != each.territory:
            message = f"{each.parent} is of {territories[each.parent]}, not of {each.territory}"
            found.append(lines.problem((*place, "parent"), "territory-differs", message))
        if each.role not in roles:
            found.append(lines.problem((*place, "role"), "role-unknown", f"no plan has a role {each.role}"))
        if each.code in known and known[each.code].territory != each.territory:
            message = f"{each.code} is of {known[each.code].territory}; a territory never changes"
            found.append(lines.problem((*place, "territory"), "territory-differs", message))
        if each.until is not None and each.until < each.since:
            found.append(lines.problem((*place, "until"), "ends-before-it-begins", "until lies before since"))
    return found


def _officer_problems(
    form: Form, lines: Lines, known: dict[str, Organisation], officers: dict[str, Officer]
) -> list[Problem]:
    found, codes = [], set(known) | {each.code for each in form.organisations}
    named = {each.id: code for code, each in known.items()}
    for at, each in enumerate(form.officers):
        place, there = ("officers", at), officers.get(each.username)
        if each.organisation not in codes:
            message = f"nobody is called {each.organisation}"
            found.append(lines.problem((*place, "organisation"), "organisation-unknown", message))
        if there is None:
            continue
        as_is = (named[there.organisation_id], sorted(there.roles), there.district)
        if as_is != (each.organisation, sorted(role.value for role in each.roles), each.district):
            message = f"{each.username} is at {as_is[0]} as {', '.join(as_is[1])}: a move would strand open tasks; enter a new account"
            found.append(lines.problem(place, "officer-is-elsewhere", message))
    return found


def _organisation(
    form: OrganisationForm, row: Organisation | None, held: dict[tuple[str, str, date], date | None]
) -> Effect:
    if row is None:
        return Effect("organisation", form.code, CREATED, {})
    as_is = {"name.vi": row.name_vi, "name.en": row.name_en, "mail": row.mail}
    to_be = {"name.vi": form.name.vi, "name.en": form.name.en or row.name_en, "mail": form.mail or row.mail}
    changes = {name: (as_is[name], to_be[name]) for name in as_is if as_is[name] != to_be[name]}
    if (row.id, form.role, form.since) not in held:
        changes["role"] = ("", f"{form.role} from {form.since}")
    return Effect("organisation", form.code, CHANGED if changes else UNCHANGED, changes)


def _officer(form: OfficerForm, row: Officer | None) -> Effect:
    if row is None:
        return Effect("officer", form.username, CREATED, {})
    names = ("name", "mail", "language")
    changes = {
        name: (getattr(row, name), getattr(form, name)) for name in names if getattr(row, name) != getattr(form, name)
    }
    return Effect("officer", form.username, CHANGED if changes else UNCHANGED, changes)
