"""What endpoints are given: the means of casework, the signed-in caller, revisions, keys.

They are coroutines that wait for nothing: FastAPI would carry out each plain function in a thread of its own, at every request.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.attending import attend_desk
from activities.casework.context import Office
from activities.casework.errors import MalformedError
from activities.casework.idempotency import Asked, Kept, answered, keep
from activities.casework.sign_ins import locked_officer
from activities.plan.access import Actor
from activities.security.passwords import token_digest
from activities.settings import Settings
from activities.store.engine import Sessions
from activities.store.organisations import Officer
from api.errors import AnsweredError, UnauthorisedError, UnconditionalError

DIGITS = 8  # no task is changed so often that its revision has more
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
    asked: list[Asked] = field(default_factory=list)

    async def once(
        self, key: str, route: str, body: Any, status: int, work: Callable[[], Awaitable[Any]], *, withheld: str = ""
    ) -> JSONResponse:
        """Do the work once a key: the same request again gets the same answer, but for its field `withheld`, which is not kept.

        The answer before is looked for where the work failed, or its answer could not be kept: most requests come once.
        """
        canonical = json.dumps([route, body], sort_keys=True, default=jsonable_encoder)
        asked = Asked(self.officer.id, key, hashlib.sha256(canonical.encode()).hexdigest())
        self.asked.append(asked)
        answer = json.loads(json.dumps(await work(), default=jsonable_encoder))
        kept = answer | {withheld: None} if withheld else answer
        await keep(self.session, self.office, asked, Kept(status, kept))
        return JSONResponse(answer, status)


@dataclass(frozen=True)
class Caller:
    """Somebody with a token. Nothing is looked up before the desk opens, so one request is one transaction."""

    means: Means
    digest: str

    @asynccontextmanager
    async def desk(self, *, alone: bool = False) -> AsyncIterator[Desk]:
        """Open the transaction and find who is asking; UnauthorisedError for a token that is not good (any more).

        `alone`: for acts on staff, roles, days and plans, which have the office for themselves.
        """
        asked: list[Asked] = []
        try:
            async with self.means.sessions.begin() as session:
                office, officer, actor = await self._recognised(session, alone=alone)
                yield Desk(session, office, actor, officer, asked)
        except Exception:
            for each in asked:  # the work was undone; it may have been done before
                await self._answer_again(each)
            raise

    async def _recognised(self, session: AsyncSession, *, alone: bool) -> tuple[Office, Officer, Actor]:
        found = await attend_desk(session, self.means.office, self.digest, alone=alone)
        if found is None:
            locked = await locked_officer(session, self.digest)
            raise UnauthorisedError("sign-in-needed" if locked is None else "screen-locked")
        return found

    async def _answer_again(self, asked: Asked) -> None:
        async with self.means.sessions() as session:
            before = await answered(session, self.means.office, asked)
        if before is not None:
            raise AnsweredError(before)


async def means(request: Request) -> Means:
    """The process's means."""
    found: Means = request.app.state.means
    return found


async def signed_in(
    means: Annotated[Means, Depends(means)],
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)] = None,
) -> Caller:
    """The caller, by bearer token."""
    if given is None:
        raise UnauthorisedError("sign-in-needed")
    return Caller(means, token_digest(given.credentials).hex())


def revision_of(value: str | None) -> int:
    """The revision an If-Match names."""
    if value is None:
        raise UnconditionalError("if-match-missing")
    return revision_in(value.removeprefix("W/").strip('"'))


def number_in(text: str) -> int | None:
    """A number as a page of ours wrote it into its own form; None for anything else: it may have been tampered with."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None


def revision_in(text: str) -> int:
    """A revision as a form or a header writes it; MalformedError for anything else."""
    found = number_in(text)
    if found is None:
        raise MalformedError("if-match-invalid")
    return found


async def if_match(
    value: Annotated[str | None, Header(alias="If-Match", description='The task\'s ETag, e.g. "3".')] = None,
) -> int:
    """The revision a form was drawn from."""
    return revision_of(value)


async def idempotency_key(value: Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)] = None) -> str:
    """The caller's key for this request."""
    if not value:
        raise MalformedError("idempotency-key-missing")
    return value


Means_ = Annotated[Means, Depends(means)]
SignedIn = Annotated[Caller, Depends(signed_in)]
Revision = Annotated[int, Depends(if_match)]
Key = Annotated[str, Depends(idempotency_key)]
