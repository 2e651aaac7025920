"""An officer's sign-ins: which there are, ended one by one or all others, their screens locked and opened, on which devices; real times.

Outside they go by a handle: forms are sealed with the digest, so it is shown to nobody.
"""

import hashlib
from datetime import UTC, datetime, timedelta

from sqlalchemy import Update, delete, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import administration
from activities.casework.context import Office
from activities.casework.errors import NotFoundError
from activities.casework.inviting import revoke_invitations, revoke_sessions
from activities.security.passwords import new_token, token_digest
from activities.store.organisations import KnownDevice, Officer, SignIn

HANDLE = 16  # hex digits
FORGOTTEN, MOST_DEVICES = (
    timedelta(days=365),
    20,
)  # local: as long as the cookie is kept; a browser that keeps none is met anew each time


def handle(row: SignIn) -> str:
    """What a sign-in is called outside; neither token nor digest can be had from it."""
    return hashlib.sha256(f"sign-in/{row.digest}".encode()).hexdigest()[:HANDLE]


async def sign_ins(session: AsyncSession, officer_id: str) -> list[SignIn]:
    """Those that are good, newest first."""
    good = select(SignIn).where(
        SignIn.officer_id == officer_id, SignIn.revoked_at.is_(None), SignIn.expires_at > datetime.now(UTC)
    )
    return list(await session.scalars(good.order_by(SignIn.created_at.desc(), SignIn.digest)))


async def end_sign_in(session: AsyncSession, officer_id: str, named: str) -> SignIn:
    """End one of the officer's own; NotFoundError for any other handle."""
    for row in await sign_ins(session, officer_id):
        if handle(row) == named:
            row.revoked_at = datetime.now(UTC)
            return row
    raise NotFoundError("session-unknown")


async def change_password(session: AsyncSession, office: Office, officer: Officer, hashed: str, digest: str) -> None:
    """A password its owner chose: other sign-ins end, this one stays, open invitations are worth nothing."""
    await revoke_sessions(session, officer.id, but=digest)
    await revoke_invitations(session, officer.id)
    officer.password_hash = hashed
    await administration.record(session, office, officer.id, "password-changed", officer.username)


async def locked_officer(session: AsyncSession, digest: str) -> Officer | None:
    """Whose locked screen this is, by hand or by idleness; None for a sign-in that is not locked, or not good (any more)."""
    now, whose = datetime.now(UTC), select(Officer).join(SignIn, SignIn.officer_id == Officer.id)
    found: Officer | None = await session.scalar(
        whose.where(
            SignIn.digest == digest, func.screen_locked(literal_column(SignIn.__tablename__), now), SignIn.revoked_at.is_(None),
            SignIn.expires_at > now, Officer.active.is_(True),
        )
    )  # fmt: skip
    return found


async def lock_screen(session: AsyncSession, digest: str) -> None:
    """Show this sign-in nothing until the password is given; nothing for one that is not good."""
    await session.execute(_this(digest).where(SignIn.locked_at.is_(None)).values(locked_at=datetime.now(UTC)))


async def open_screen(session: AsyncSession, digest: str) -> None:
    """The password was given: go on."""
    await session.execute(_this(digest).values(locked_at=None, seen_at=datetime.now(UTC)))


def _this(digest: str) -> Update:
    return update(SignIn).where(SignIn.digest == digest, SignIn.revoked_at.is_(None))


async def device_at(session: AsyncSession, token: str) -> str:
    """The token of a device some officer is known on, else a new one: nobody plants theirs where another signs in."""
    known = token and await session.scalar(
        select(KnownDevice.digest).where(KnownDevice.digest == device_of(token)).limit(1)
    )
    return token if known else new_token().token


def device_of(token: str) -> str:
    """What a row keeps of a device; empty for no token."""
    return token_digest(token).hex() if token else ""


async def know_device(session: AsyncSession, officer_id: str, device: str) -> None:
    """The officer has signed in on this device (its digest). Known are the last MOST_DEVICES, unless not used for FORGOTTEN."""
    now = datetime.now(UTC)
    row = insert(KnownDevice).values(digest=device, officer_id=officer_id, failures=0, used_at=now)
    await session.execute(
        row.on_conflict_do_update(index_elements=["digest", "officer_id"], set_={"used_at": row.excluded.used_at})
    )
    own = select(KnownDevice.digest).where(KnownDevice.officer_id == officer_id)
    last = own.where(KnownDevice.used_at >= now - FORGOTTEN).order_by(KnownDevice.used_at.desc()).limit(MOST_DEVICES)
    past = own.where(KnownDevice.digest.not_in(last)).with_for_update(skip_locked=True)  # one in use is not past
    gone = delete(KnownDevice).where(KnownDevice.officer_id == officer_id, KnownDevice.digest.in_(past))
    await session.execute(gone)
