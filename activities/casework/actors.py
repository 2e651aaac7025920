"""An officer as the policy sees them: organisation, roles, and the organisations below."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.domain.states import Role
from activities.plan.access import Actor
from activities.store.organisations import Officer, Organisation, RoleHolder

LEADS = ("labour",)


async def actor_of(session: AsyncSession, officer: Officer) -> Actor:
    """Read where an officer stands today."""
    own = await session.get_one(Organisation, officer.organisation_id)
    tree = select(Organisation.id).where(Organisation.parent_id == own.id).cte(recursive=True)
    tree = tree.union_all(select(Organisation.id).join(tree, Organisation.parent_id == tree.c.id))
    below = (
        frozenset(await session.scalars(select(tree.c.id))) if Role.SUPERVISOR.value in officer.roles else frozenset()
    )
    leads = select(RoleHolder.id).where(RoleHolder.organisation_id == own.id, RoleHolder.role.in_(LEADS)).limit(1)
    return Actor(
        officer_id=officer.id,
        organisation_id=own.id,
        roles=frozenset(Role(each) for each in officer.roles),
        below=below,
        district=officer.district,
        territory=own.territory,
        lead=await session.scalar(leads) is not None,
    )
