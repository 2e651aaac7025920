"""An officer as the policy sees them: organisation, roles, and the organisations below."""

from sqlalchemy import Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.domain.states import Role
from activities.plan.access import Actor
from activities.store.organisations import Officer, Organisation, RoleHolder

LEADS = ("labour",)  # since whenever: who held the role when a journey opened goes on leading it


def signed_in_officers() -> Select[Officer, Organisation, bool]:
    """Officers with their organisation and whether it leads, in one question."""
    leads = exists().where(RoleHolder.organisation_id == Organisation.id, RoleHolder.role.in_(LEADS))
    return select(Officer, Organisation, leads).join(Organisation, Organisation.id == Officer.organisation_id)


async def actor_of(session: AsyncSession, officer: Officer) -> Actor:
    """Read where an officer stands today."""
    _, own, lead = (await session.execute(signed_in_officers().where(Officer.id == officer.id))).one()
    below = frozenset[str]()
    if Role.SUPERVISOR.value in officer.roles:
        below = frozenset(await session.scalars(select(func.organisations_below(own.id))))
    return standing(officer, own, lead=lead, below=below)


def standing(officer: Officer, own: Organisation, *, lead: bool, below: frozenset[str]) -> Actor:
    """Where an officer of this organisation stands: supervisors with the organisations below theirs."""
    return Actor(
        officer_id=officer.id,
        organisation_id=own.id,
        roles=frozenset(Role(each) for each in officer.roles),
        below=below,
        district=officer.district,
        territory=own.territory,
        lead=lead,
    )
