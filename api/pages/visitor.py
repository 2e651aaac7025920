"""Who looks at a page: the sign-in of their cookie, and what every page shows of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

from activities.casework.errors import ForbiddenError, InvalidError
from activities.casework.sign_ins import device_of
from activities.security.passwords import token_digest
from api.deps import Caller, Desk, Means_
from api.pages import csrf
from api.pages.kept import taken
from api.words import LANGUAGES, language_of

COOKIE = "homeward"
LANGUAGE = "homeward-language"
DEVICE = "homeward-device"  # stays when its officer signs out


@dataclass(frozen=True)
class Visitor(Caller):
    """A caller at a page. `language`: vi or en; the officer's own once the desk is open."""

    request: Request
    language: str

    @property
    def csrf(self) -> str:
        """A token for one form of this page."""
        return csrf.token_for(self.digest)

    @property
    def device(self) -> str:
        """The digest of the device's cookie; empty where it has none."""
        return device_of(self.request.cookies.get(DEVICE, ""))

    @asynccontextmanager
    async def desk(self, *, alone: bool = False) -> AsyncIterator[Desk]:
        """As for every caller: one transaction, or UnauthorisedError, which a page answers with the way to sign in."""
        async with super().desk(alone=alone) as desk:
            yield desk


def language_at(request: Request) -> str:
    """The language chosen on this browser, else the one the browser asks for."""
    chosen = request.cookies.get(LANGUAGE, "")
    return chosen if chosen in LANGUAGES else language_of(request.headers.get("accept-language", "vi"))


async def visitor(request: Request, means: Means_) -> Visitor:
    """The visitor of this request; without a cookie, one nobody knows."""
    return Visitor(means, token_digest(request.cookies.get(COOKIE, "")).hex(), request, language_at(request))


def in_language_of(visitor: Visitor, desk: Desk) -> Visitor:
    """The visitor, once it is known which language the officer works in and none was chosen on this browser."""
    if visitor.request.cookies.get(LANGUAGE) in LANGUAGES:
        return visitor
    return replace(visitor, language=desk.officer.language if desk.officer.language in LANGUAGES else "vi")


async def posted(request: Request, visitor: Annotated[Visitor, Depends(visitor)]) -> AsyncIterator[FormData]:
    """What a form sent, its files open until it is answered; ForbiddenError where it was not drawn for this sign-in.

    Whoever is not signed in, or locked the screen, is told that instead: behind a locked screen no words are given back.
    """
    async with request.form() as form:
        typed, token = taken(request, form, visitor.means, visitor.digest), str(form.get("csrf", ""))
        if not csrf.sound(visitor.digest, token):
            async with visitor.desk():
                raise ForbiddenError("form-not-yours")
        if any(isinstance(text, str) and "\x00" in text for _, text in typed.multi_items()):
            raise InvalidError("request-invalid")  # no row can hold it, and nobody types it
        yield typed


Visits = Annotated[Visitor, Depends(visitor)]
Posted = Annotated[FormData, Depends(posted)]
