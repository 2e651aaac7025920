"""Signing in and out, one's sign-ins and password, and who one is."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.errors import FieldProblem, InvalidError
from activities.casework.inviting import revoke_sessions
from activities.casework.sign_ins import change_password, end_sign_in, handle, know_device, sign_ins
from activities.security.passwords import hash_password, new_token, weak
from activities.store.organisations import Officer, Organisation, SignIn
from api.deps import Caller, Means, Means_, SignedIn
from api.errors import UnauthorisedError, documented
from api.proving import proved

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


class PasswordChange(BaseModel):
    """The password as it is and as it is to be: twelve characters at least, not all alike, without the username."""

    old: str = Field(max_length=1000)
    new: str = Field(max_length=1000)

    model_config = {"extra": "forbid", "json_schema_extra": {"examples": [{"old": "…", "new": "…"}]}}


@router.post("/sessions", responses=documented(400, 401, 422))
async def sign_in(given: Credentials, means: Means_) -> SessionShape:
    """Sign in. Wrong passwords in a row lock the account for a while; an unknown name costs the same work."""
    return await signed_in_with(given, means)


async def signed_in_with(
    given: Credentials, means: Means, idle_minutes: int | None = None, device: str = ""
) -> SessionShape:
    """The same at a page as here; only a page's is locked when nobody used it for so long, and makes its `device` (a digest) known."""
    async with proved(means, given.username, given.password, device) as (session, known):
        token, real = new_token(), datetime.now(UTC)
        expires = real + timedelta(hours=means.settings.api.session_hours)
        row = SignIn(
            digest=token.digest.hex(), officer_id=known.id, created_at=real, expires_at=expires, seen_at=real,
            idle_minutes=idle_minutes,
        )  # fmt: skip
        session.add(row)
        if device:
            await know_device(session, known.id, device)
        own = update(Organisation).where(Organisation.id == known.organisation_id)
        await session.execute(own.values(heard_at=means.office.now()))
        return SessionShape(token=token.token, officer=await officer_shape(session, known))


@router.delete("/sessions/current", status_code=204, responses=documented(401))
async def sign_out(caller: SignedIn) -> Response:
    """Revoke the token at once."""
    async with caller.desk() as desk:
        await desk.session.execute(
            update(SignIn).where(SignIn.digest == caller.digest).values(revoked_at=datetime.now(UTC))
        )
    return Response(status_code=204)


@router.get("/sessions", responses=documented(401))
async def list_sessions(caller: SignedIn) -> dict[str, Any]:
    """The caller's sign-ins, newest first; `current`: this one. Real times; `seen_at` to five minutes."""
    async with caller.desk() as desk:
        return {
            "items": [
                {
                    "id": handle(row),
                    "created_at": row.created_at,
                    "seen_at": row.seen_at,
                    "expires_at": row.expires_at,
                    "current": row.digest == caller.digest,
                }
                for row in await sign_ins(desk.session, desk.officer.id)
            ],
            "next": None,
        }


@router.delete("/sessions", status_code=204, responses=documented(401))
async def end_others(caller: SignedIn) -> Response:
    """End every other sign-in of the caller."""
    async with caller.desk() as desk:
        await revoke_sessions(desk.session, desk.officer.id, but=caller.digest)
    return Response(status_code=204)


@router.delete("/sessions/{session_id}", status_code=204, responses=documented(401, 404, 422))
async def end_one(session_id: Annotated[str, Path(max_length=40)], caller: SignedIn) -> Response:
    """End one sign-in of the caller's own."""
    async with caller.desk() as desk:
        await end_sign_in(desk.session, desk.officer.id, session_id)
    return Response(status_code=204)


@router.put("/me/password", status_code=204, responses=documented(400, 401, 422))
async def put_password(body: PasswordChange, caller: SignedIn) -> Response:
    """Choose another password. The old one proves who asks, by the rules of the sign-in; other sign-ins end."""
    await choose_password(caller, body)
    return Response(status_code=204)


async def choose_password(caller: Caller, given: PasswordChange, device: str = "") -> None:
    """InvalidError for an old one that is wrong or a new one too easily guessed; UnauthorisedError while it is locked."""
    if problems := await misfits_of(caller, given, device):
        raise InvalidError("password-unfit", problems)
    hashed = await asyncio.to_thread(hash_password, given.new)
    async with caller.desk() as desk:
        await change_password(desk.session, desk.office, desk.officer, hashed, caller.digest)


async def misfits_of(caller: Caller, given: PasswordChange, device: str = "") -> tuple[FieldProblem, ...]:
    """What is wrong with either, both at once; an old one that is wrong counts as everywhere."""
    async with caller.desk() as desk:
        username = desk.officer.username
    problems = list[FieldProblem]()
    try:
        async with proved(caller.means, username, given.old, device):
            pass
    except UnauthorisedError as refusal:
        if refusal.code != "sign-in-refused":
            raise
        problems.append(FieldProblem(("old",), "password-wrong", "is not the password"))
    if weak(username, given.new):
        problems.append(FieldProblem(("new",), "password-weak", "is too easily guessed"))
    return tuple(problems)


@router.get("/me", responses=documented(401))
async def me(caller: SignedIn) -> OfficerShape:
    """Who the token belongs to."""
    async with caller.desk() as desk:
        return await officer_shape(desk.session, desk.officer)
