"""A password proves who somebody is: at sign-in, at a locked screen, and before another is chosen; by one rule."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.security.passwords import verify
from activities.store.organisations import Officer
from api.deps import Means
from api.errors import UnauthorisedError


@asynccontextmanager
async def proved(means: Means, username: str, password: str) -> AsyncIterator[tuple[AsyncSession, Officer]]:
    """The officer, in a transaction in which they have proved who they are; UnauthorisedError otherwise.

    Wrong passwords in a row lock the account for a while; an unknown name costs the same work.
    """
    rules, real = means.settings.api, datetime.now(UTC)
    async with means.sessions() as session:
        known = await session.scalar(
            select(Officer).where(Officer.username == username.replace("\x00", ""), Officer.active.is_(True))
        )
    if known is not None and known.locked_until is not None and known.locked_until > real:
        raise UnauthorisedError("sign-in-locked")
    right = await asyncio.to_thread(verify, password, known.password_hash if known else None)
    async with means.sessions.begin() as session:
        await _refuse_locked(session, known, real)
        if known is not None and right:
            await session.execute(update(Officer).where(Officer.id == known.id).values(failures=0, locked_until=None))
            yield session, known
            return
        await _count_failure(session, known, rules.lockout_tries, real + timedelta(minutes=rules.lockout_minutes))
    raise UnauthorisedError("sign-in-refused")


async def _refuse_locked(session: AsyncSession, known: Officer | None, real: datetime) -> None:
    """Guesses made at once wait here for one another: those behind the locking one are refused, right or not."""
    if known is None:
        return
    until = await session.scalar(select(Officer.locked_until).where(Officer.id == known.id).with_for_update())
    if until is not None and until > real:
        raise UnauthorisedError("sign-in-locked")


async def _count_failure(session: AsyncSession, known: Officer | None, tries: int, until: datetime) -> None:
    if known is None:
        return
    counted = (
        update(Officer).where(Officer.id == known.id).values(failures=Officer.failures + 1).returning(Officer.failures)
    )
    if (await session.scalar(counted) or 0) >= tries:
        await session.execute(update(Officer).where(Officer.id == known.id).values(failures=0, locked_until=until))
