"""Signing in and out, and who one is."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.security.passwords import new_token, verify
from activities.store.organisations import Officer, Organisation, SignIn
from api.deps import Means_, SignedIn
from api.errors import Unauthorised, documented

router = APIRouter(tags=["sessions"])


class Credentials(BaseModel):
    """A user name and a password."""

    username: str = Field(max_length=200)
    password: str = Field(max_length=1000)

    model_config = {"json_schema_extra": {"examples": [{"username": "labour-division.coordinator", "password": "…"}]}}


class OfficerShape(BaseModel):
    """An officer as they see themselves."""

    id: str
    username: str
    name: str
    organisation: dict[str, str]
    roles: list[str]
    district: bool
    language: str


class SessionShape(BaseModel):
    """A token, and whose it is."""

    token: str
    officer: OfficerShape


async def officer_shape(session: AsyncSession, officer: Officer) -> OfficerShape:
    """An officer with their organisation."""
    own = await session.get_one(Organisation, officer.organisation_id)
    facts: dict[str, Any] = {
        name: getattr(officer, name) for name in ("id", "username", "name", "roles", "district", "language")
    }
    return OfficerShape(organisation={"id": own.id, "code": own.code, "name": own.name_vi}, **facts)


@router.post("/sessions", responses=documented(400, 401, 422))
async def sign_in(given: Credentials, means: Means_) -> SessionShape:
    """Sign in. Wrong passwords in a row lock the account for a while; an unknown name costs the same work."""
    rules, real = means.settings.api, datetime.now(UTC)
    async with means.sessions() as session:
        known = await session.scalar(
            select(Officer).where(Officer.username == given.username.replace("\x00", ""), Officer.active.is_(True))
        )
    if known is not None and known.locked_until is not None and known.locked_until > real:
        raise Unauthorised("sign-in-locked")
    right = await asyncio.to_thread(verify, given.password, known.password_hash if known else None)
    async with means.sessions.begin() as session:
        await _refuse_locked(session, known, real)
        if known is None or not right:
            await _count_failure(session, known, rules.lockout_tries, real + timedelta(minutes=rules.lockout_minutes))
        else:
            await session.execute(update(Officer).where(Officer.id == known.id).values(failures=0, locked_until=None))
            token = new_token()
            expires = real + timedelta(hours=rules.session_hours)
            session.add(SignIn(digest=token.digest.hex(), officer_id=known.id, created_at=real, expires_at=expires))
            own = update(Organisation).where(Organisation.id == known.organisation_id)
            await session.execute(own.values(heard_at=means.office.now()))
            return SessionShape(token=token.token, officer=await officer_shape(session, known))
    raise Unauthorised("sign-in-refused")


async def _refuse_locked(session: AsyncSession, known: Officer | None, real: datetime) -> None:
    """Guesses made at once wait here for one another: those behind the locking one are refused, right or not."""
    if known is None:
        return
    until = await session.scalar(select(Officer.locked_until).where(Officer.id == known.id).with_for_update())
    if until is not None and until > real:
        raise Unauthorised("sign-in-locked")


async def _count_failure(session: AsyncSession, known: Officer | None, tries: int, until: datetime) -> None:
    if known is None:
        return
    counted = (
        update(Officer).where(Officer.id == known.id).values(failures=Officer.failures + 1).returning(Officer.failures)
    )
    if (await session.scalar(counted) or 0) >= tries:
        await session.execute(update(Officer).where(Officer.id == known.id).values(failures=0, locked_until=until))


@router.delete("/sessions/current", status_code=204, responses=documented(401))
async def sign_out(caller: SignedIn) -> Response:
    """Revoke the token at once."""
    async with caller.desk() as desk:
        await desk.session.execute(
            update(SignIn).where(SignIn.digest == caller.digest).values(revoked_at=datetime.now(UTC))
        )
    return Response(status_code=204)


@router.get("/me", responses=documented(401))
async def me(caller: SignedIn) -> OfficerShape:
    """Who the token belongs to."""
    async with caller.desk() as desk:
        return await officer_shape(desk.session, desk.officer)
