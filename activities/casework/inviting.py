"""Invitations: a token shown once, by which an officer chooses a password; only its digest is kept."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import administration
from activities.casework.context import Office
from activities.casework.errors import NotFoundError
from activities.security.passwords import new_token, token_digest
from activities.store.administration import Invitation
from activities.store.organisations import KnownDevice, Officer, SignIn

VALID = timedelta(days=7)  # local, of real time


async def invite(session: AsyncSession, officer: Officer) -> tuple[str, datetime]:
    """A new token for the officer and when it expires; earlier ones are worth nothing any more."""
    await revoke_invitations(session, officer.id)
    real, token = datetime.now(UTC), new_token()
    session.add(Invitation(digest=token.digest.hex(), officer_id=officer.id, created_at=real, expires_at=real + VALID))
    return token.token, real + VALID


async def invited(session: AsyncSession, token: str, *, lock: bool = False) -> tuple[Invitation, Officer]:
    """The invitation of a token that is good, and whose it is; NotFoundError for any other, whatever is wrong with it."""
    wanted = select(Invitation).where(
        Invitation.digest == token_digest(token).hex(), Invitation.used_at.is_(None),
        Invitation.revoked_at.is_(None), Invitation.expires_at > datetime.now(UTC),
    )  # fmt: skip
    row = await session.scalar(wanted.with_for_update() if lock else wanted)
    if row is None:
        raise NotFoundError("invitation-unknown")
    return row, await session.get_one(Officer, row.officer_id, with_for_update=lock)


async def accept(session: AsyncSession, office: Office, token: str, password_hash: str) -> Officer:
    """The officer has chosen: they can sign in, earlier sessions end, and the token is spent."""
    row, officer = await invited(session, token, lock=True)
    row.used_at = datetime.now(UTC)
    officer.password_hash, officer.active = password_hash, True
    await forgive(session, officer)
    await revoke_sessions(session, officer.id)
    await administration.record(session, office, officer.id, "invitation-accepted", officer.username)
    return officer


async def forgive(session: AsyncSession, officer: Officer) -> None:
    """Wrong passwords before this count no more, on no device."""
    officer.failures, officer.locked_until = 0, None
    theirs = update(KnownDevice).where(KnownDevice.officer_id == officer.id)
    await session.execute(theirs.values(failures=0, locked_until=None))


async def revoke_invitations(session: AsyncSession, officer_id: str) -> None:
    """Open invitations of an officer are worth nothing any more."""
    open_ones = update(Invitation).where(
        Invitation.officer_id == officer_id, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None)
    )
    await session.execute(open_ones.values(revoked_at=datetime.now(UTC)))


async def revoke_sessions(session: AsyncSession, officer_id: str, *, but: str = "") -> None:
    """Whoever is signed in as this officer is not any more; `but`: the digest of the one sign-in that stays."""
    running = update(SignIn).where(SignIn.officer_id == officer_id, SignIn.revoked_at.is_(None), SignIn.digest != but)
    await session.execute(running.values(revoked_at=datetime.now(UTC)))
