"""What endpoints are given: the means of casework, the signed-in caller, revisions, keys."""

import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import idempotency
from activities.casework.actors import signed_in_officers, standing
from activities.casework.context import Office
from activities.casework.editions import attend
from activities.casework.errors import Malformed
from activities.plan.access import Actor
from activities.security.passwords import token_digest
from activities.settings import Settings
from activities.store.engine import Sessions
from activities.store.organisations import Officer, SignIn
from api.errors import Unauthorised, Unconditional

BEARER = HTTPBearer(auto_error=False, description="The token of POST /sessions.")


@dataclass(frozen=True)
class Means:
    """What the process was started with."""

    settings: Settings
    office: Office
    sessions: Sessions


@dataclass(frozen=True)
class Desk:
    """An open transaction of a signed-in officer."""

    session: AsyncSession
    office: Office
    actor: Actor
    officer: Officer

    async def once(
        self, key: str, route: str, body: Any, status: int, work: Callable[[], Awaitable[Any]], *, secret: str = ""
    ) -> JSONResponse:
        """Do the work once a key: the same request again gets the same answer, but for its `secret`, which is not kept."""
        asked = json.dumps([route, jsonable_encoder(body)], sort_keys=True)
        digest = hashlib.sha256(asked.encode()).hexdigest()
        before = await idempotency.kept(self.session, self.officer.id, key, digest)
        if before is not None:
            return JSONResponse(before.body, before.status)
        answer = jsonable_encoder(await work())
        kept = answer | {secret: None} if secret else answer
        await idempotency.keep(self.session, self.officer.id, key, status, kept)
        return JSONResponse(answer, status)


@dataclass(frozen=True)
class Caller:
    """Somebody with a token. Nothing is looked up before the desk opens, so one request is one transaction."""

    means: Means
    digest: str

    @asynccontextmanager
    async def desk(self, *, alone: bool = False) -> AsyncIterator[Desk]:
        """Open the transaction and find who is asking; Unauthorised for a token that is not good (any more).

        `alone`: for acts on staff, roles, days and plans, which have the office for themselves.
        """
        async with self.means.sessions.begin() as session:
            office = await attend(session, self.means.office, alone=alone)
            good = signed_in_officers().where(
                SignIn.digest == self.digest,
                SignIn.revoked_at.is_(None),
                SignIn.expires_at > datetime.now(UTC),
                Officer.active.is_(True),
            )
            found = (await session.execute(good.join(SignIn, SignIn.officer_id == Officer.id))).first()
            if found is None:
                raise Unauthorised("sign-in-needed")
            officer, own, lead = found
            yield Desk(session, office, await standing(session, officer, own, lead=lead), officer)


def means(request: Request) -> Means:
    """The process's means."""
    found: Means = request.app.state.means
    return found


def signed_in(
    means: Annotated[Means, Depends(means)],
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)] = None,
) -> Caller:
    """The caller, by bearer token."""
    if given is None:
        raise Unauthorised("sign-in-needed")
    return Caller(means, token_digest(given.credentials).hex())


def if_match(
    value: Annotated[str | None, Header(alias="If-Match", description='The task\'s ETag, e.g. "3".')] = None,
) -> int:
    """The revision a form was drawn from."""
    if value is None:
        raise Unconditional("if-match-missing")
    revision = value.removeprefix("W/").strip('"')
    if not (revision.isascii() and revision.isdigit() and len(revision) < 9):  # noqa: PLR2004 - more digits than a revision has
        raise Malformed("if-match-invalid")
    return int(revision)


def idempotency_key(value: Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)] = None) -> str:
    """The caller's key for this request."""
    if not value:
        raise Malformed("idempotency-key-missing")
    return value


Means_ = Annotated[Means, Depends(means)]
SignedIn = Annotated[Caller, Depends(signed_in)]
Revision = Annotated[int, Depends(if_match)]
Key = Annotated[str, Depends(idempotency_key)]
