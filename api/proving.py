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
    until = (there or known).locked_until if known is not None else None
    if until is not None and until > real:
        raise UnauthorisedError("sign-in-locked")
    right = await asyncio.to_thread(verify, password, known.password_hash if known else None)
    async with means.sessions.begin() as session:
        if known is not None:
            officer, own = await _rows(session, known, there)
            if own.locked_until is not None and own.locked_until > real:
                raise UnauthorisedError("sign-in-locked")
            if right:
                own.failures, own.locked_until = 0, None
                officer.failures = (
                    0  # those before a right one are in a row with none to come; a lock of strangers stays
                )
                yield session, known
                return
            own.failures += 1
            if own.failures >= rules.lockout_tries:
                own.failures, own.locked_until = 0, real + timedelta(minutes=rules.lockout_minutes)
    raise UnauthorisedError("sign-in-refused")


async def _rows(session: AsyncSession, known: Officer, there: KnownDevice | None) -> tuple[Officer, Counted]:
    """The officer's row and the one that counts, ours until the end: guesses made at once wait here for one another."""
    officer = await session.get_one(Officer, known.id, with_for_update=True)
    device = None
    if there is not None:  # may be forgotten meanwhile
        device = await session.get(KnownDevice, (there.digest, there.officer_id), with_for_update=True)
    return officer, device or officer
