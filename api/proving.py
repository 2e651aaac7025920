"""A password proves who somebody is: at sign-in, at a locked screen, and before another is chosen; by one rule."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.security.passwords import verify
from activities.store.organisations import KnownDevice, Officer
from api.deps import Means
from api.errors import UnauthorisedError

Counted = Officer | KnownDevice
"""Whose wrong passwords in a row are counted together, and locked out: a known device's, else all others of the account."""


@asynccontextmanager
async def proved(
    means: Means, username: str, password: str, device: str = ""
) -> AsyncIterator[tuple[AsyncSession, Officer]]:
    """The officer, in a transaction in which they have proved who they are; UnauthorisedError otherwise.

    Wrong passwords in a row lock out for a while: on a device the officer is known on (`device`, its digest) that device, anywhere
    else all others, so nobody who guesses from afar keeps the officer from their own desk. An unknown name costs the same work.
    """
    rules, real = means.settings.api, datetime.now(UTC)
    async with means.sessions() as session:
        known = await session.scalar(
            select(Officer).where(Officer.username == username.replace("\x00", ""), Officer.active.is_(True))
        )
        there = await session.get(KnownDevice, (device, known.id)) if known is not None and device else None
    counted = there or known
    if counted is not None and counted.locked_until is not None and counted.locked_until > real:
        raise UnauthorisedError("sign-in-locked")
    right = await asyncio.to_thread(verify, password, known.password_hash if known else None)
    async with means.sessions.begin() as session:
        own = await _still_open(session, counted, real) if counted else None
        if known is not None and own is not None and right:
            own.failures, own.locked_until = 0, None
            yield session, known
            return
        if own is not None:
            own.failures += 1
            if own.failures >= rules.lockout_tries:
                own.failures, own.locked_until = 0, real + timedelta(minutes=rules.lockout_minutes)
    raise UnauthorisedError("sign-in-refused")


async def _still_open(session: AsyncSession, counted: Counted, real: datetime) -> Counted:
    """The row, ours until the end. Guesses made at once wait here for one another: those behind the locking one are refused."""
    own: Counted
    if isinstance(counted, Officer):
        own = await session.get_one(Officer, counted.id, with_for_update=True)
    else:
        own = await session.get_one(KnownDevice, (counted.digest, counted.officer_id), with_for_update=True)
    if own.locked_until is not None and own.locked_until > real:
        raise UnauthorisedError("sign-in-locked")
    return own
