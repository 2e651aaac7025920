"""Officers as the stories meet them: by username."""

from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.actors import actor_of
from activities.casework.staffing import enter_officer
from activities.domain.states import Role
from activities.plan.access import Actor
from activities.security.passwords import hash_password
from activities.store.engine import Sessions
from activities.store.organisations import Officer

PASSWORD = "mot-mat-khau-thu-nghiem"


async def actor(session: AsyncSession, username: str) -> Actor:
    """The officer with this username, as the policy sees them."""
    officer = await session.scalar(select(Officer).where(Officer.username == username))
    assert officer is not None, username
    return await actor_of(session, officer)


async def newcomer(sessions: Sessions, username: str, organisation: str, *roles: Role) -> str:
    """One more officer of an organisation (by code); gone before the next test."""
    async with sessions.begin() as session:
        given = roles or (Role.OFFICER,)
        hashed = _hashed()
        return await enter_officer(session, username, username, organisation, given, PASSWORD, password_hash=hashed)


@lru_cache(maxsize=1)
def _hashed() -> str:
    return hash_password(PASSWORD)
