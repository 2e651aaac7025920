"""The locked screen: nobody is signed out, but nothing is shown until the password is given again."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request, Response
from starlette.datastructures import FormData

from activities.casework.sign_ins import lock_screen, locked_officer, open_screen
from activities.store.organisations import Officer
from api.deps import Means_
from api.errors import UnauthorisedError
from api.pages.kept import sealed
from api.pages.show import show, show_plain, to, within
from api.pages.sign_in import CLEAR
from api.pages.visitor import Posted, Visitor, Visits
from api.proving import proved

router = APIRouter(include_in_schema=False)
Next = Annotated[str, Query(alias="next", max_length=500)]


@router.get("/locked")
async def screen(request: Request, visitor: Visits, next_: Next = "/") -> Response:
    """Ask for the password where the screen is locked, else offer to lock it. Opening the page changes nothing."""
    officer = await _locked(visitor)
    if officer is not None:
        return _form(request, visitor, officer, _wanted(next_))
    async with visitor.desk() as desk:
        return await show(visitor, desk, "everyone/lock.html", next=_wanted(next_))


@router.post("/lock")
async def lock(visitor: Visits, form: Posted) -> Response:
    """Lock this sign-in, then ask for the password. The page's script sends the same form when nobody works."""
    async with visitor.means.sessions.begin() as session:
        await lock_screen(session, visitor.digest)
    wanted = _wanted(str(form.get("next", "/"))[:500])
    return to("/locked" if wanted == "/" else f"/locked?next={quote(wanted, safe='')}")


@router.post("/locked")
async def unlock(
    request: Request,
    visitor: Visits,
    means: Means_,
    form: Posted,
    password: Annotated[str, Form(max_length=1000)] = "",
    next_: Annotated[str, Form(alias="next", max_length=500)] = "/",
) -> Response:
    """Open it, by the rules of the sign-in: wrong passwords in a row lock out for a while."""
    officer = await _locked(visitor)
    wanted, words = _wanted(next_), _words(form)
    if officer is not None:
        try:
            async with proved(means, officer.username, password, visitor.device) as (session, _):
                await open_screen(session, visitor.digest)
        except UnauthorisedError as refusal:
            code = "password-wrong" if refusal.code == "sign-in-refused" else refusal.code
            return _form(request, visitor, officer, wanted, words, refusal=code)
    return await _shown(visitor, words, wanted) if words else to(wanted)


@router.post("/typed")
async def typed(request: Request, visitor: Visits, form: Posted) -> Response:
    """What stood unsent on a screen that locked itself: sealed until the password is given, then shown. Nothing is recorded."""
    officer = await _locked(visitor)
    wanted, words = _wanted(str(form.get("next", "/"))[:500]), _words(form)
    if officer is not None:
        return _form(request, visitor, officer, wanted, words)
    return await _shown(visitor, words, wanted)


async def _locked(visitor: Visitor) -> Officer | None:
    async with visitor.means.sessions() as session:
        return await locked_officer(session, visitor.digest)


def _words(form: FormData) -> list[str]:
    return [str(each) for each in form.getlist("words")]


async def _shown(visitor: Visitor, words: list[str], back: str) -> Response:
    async with visitor.desk() as desk:
        return await show(visitor, desk, "everyone/typed.html", words=words, back=back)


def _wanted(path: str) -> str:
    """Where to go on; never to this page."""
    found = within(path)
    return "/" if found.startswith("/locked") else found


def _form(
    request: Request, visitor: Visitor, officer: Officer, wanted: str, words: Sequence[str] = (), *, refusal: str = ""
) -> Response:
    unsent = sealed(visitor.means, visitor.digest, tuple(("words", each) for each in words)) if words else ""
    answer = show_plain(
        request, "everyone/locked.html", 401 if refusal else 200, next=wanted, name=officer.name,
        username=officer.username, refusal=refusal, csrf=visitor.csrf, unsent=unsent,
    )  # fmt: skip
    answer.headers["Clear-Site-Data"] = CLEAR
    return answer
