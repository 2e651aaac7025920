"""What a command entered, written into the administration log as the interface's verbs are."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.administration import record_by_command
from activities.domain.states import Role
from activities.store.organisations import Organisation, RoleHolder
from deploy.registration.comparing import CHANGED, CREATED, Effect
from deploy.registration.form import Form, OfficerForm, OrganisationForm

Act = tuple[str, dict[str, Any]]


async def log_plans(session: AsyncSession) -> None:
    """The organisations and roles of the plans, all there are after the first start."""
    rows = {each.id: each for each in await session.scalars(select(Organisation).order_by(Organisation.code))}
    for row in rows.values():
        parent = rows[row.parent_id].code if row.parent_id else ""
        await record_by_command(session, "organisation-entered", row.code, parent=parent, commune=row.commune)
    for held in await session.scalars(select(RoleHolder).order_by(RoleHolder.since, RoleHolder.role, RoleHolder.id)):
        given = {"role": held.role, "since": held.since, "until": held.until or ""}
        await record_by_command(session, "role-given", rows[held.organisation_id].code, **given)


async def log_administrator(session: AsyncSession, username: str, organisation: str) -> None:
    """The first administrator."""
    told = {"organisation": organisation, "roles": [Role.ADMINISTRATOR.value]}
    await record_by_command(session, "officer-entered", username, **told)


async def log_effects(session: AsyncSession, form: Form, effects: list[Effect]) -> None:
    """Every entry of a file that made a difference; names of fields, never what was in them."""
    organisations = {each.code: each for each in form.organisations}
    officers = {each.username: each for each in form.officers}
    for effect in effects:
        if effect.what == "organisation":
            acts = _of_organisation(organisations[effect.name], effect)
        else:
            acts = _of_officer(officers[effect.name], effect)
        for act, data in acts:
            await record_by_command(session, act, effect.name, **data)


def _of_organisation(form: OrganisationForm, effect: Effect) -> list[Act]:
    acts: list[Act] = []
    fields = sorted(name.replace(".", "_") for name in effect.changes.keys() - {"role"})
    if effect.effect == CREATED:
        acts.append(("organisation-entered", {"parent": form.parent, "commune": form.commune}))
    elif fields:
        acts.append(("organisation-changed", {"fields": fields}))
    if effect.effect == CREATED or "role" in effect.changes:
        acts.append(("role-given", {"role": form.role, "since": form.since, "until": form.until or ""}))
    return acts


def _of_officer(form: OfficerForm, effect: Effect) -> list[Act]:
    roles = [role.value for role in form.roles]
    if effect.effect == CREATED:
        return [("officer-entered", {"organisation": form.organisation, "roles": roles})]
    if effect.effect == CHANGED:
        return [("officer-changed", {"fields": sorted(effect.changes), "roles": roles})]
    return []
