"""Signing in and out, and the language."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import ValidationError
from sqlalchemy import update

from activities.casework.sign_ins import device_at, device_of
from activities.store.organisations import Officer
from api.deps import Means_
from api.errors import UnauthorisedError
from api.pages.rooms import front_of
from api.pages.show import show_plain, to, within
from api.pages.visitor import COOKIE, DEVICE, LANGUAGE, Posted, Visits
from api.rest import sessions
from api.words import LANGUAGES

router = APIRouter(include_in_schema=False)
YEAR = 365 * 24 * 3600
CLEAR = '"cache"'


@router.get("/")
async def front(visitor: Visits) -> Response:
    """To the room this officer begins in."""
    async with visitor.desk() as desk:
        return to(front_of(desk.actor))


@router.get("/sign-in")
async def form(request: Request, next_: Annotated[str, Query(alias="next", max_length=500)] = "/") -> Response:
    """The form; `next` is where the officer wanted to go."""
    return show_plain(request, "sign_in.html", next=within(next_), username="", refusal="")


@router.post("/sign-in")
async def sign_in(
    request: Request,
    means: Means_,
    username: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    next_: Annotated[str, Form(alias="next", max_length=500)] = "/",
) -> Response:
    """Sign in by the same rules as everybody; the token goes into a cookie no script can read, and the device is known from now on."""
    async with means.sessions() as session:
        device = await device_at(session, request.cookies.get(DEVICE, ""))
    try:
        given = sessions.Credentials(username=username, password=password)
        opened = await sessions.signed_in_with(given, means, means.settings.api.idle_minutes, device_of(device))
    except (UnauthorisedError, ValidationError) as error:
        code = error.code if isinstance(error, UnauthorisedError) else "sign-in-refused"
        return show_plain(request, "sign_in.html", 401, next=within(next_), username=username, refusal=code)
    answer = to(within(next_))
    keep(answer, means, COOKIE, opened.token, means.settings.api.session_hours * 3600)
    keep(answer, means, DEVICE, device, YEAR)
    return answer


@router.post("/sign-out")
async def sign_out(visitor: Visits, _form: Posted) -> Response:
    """Revoke the token, forget the cookie."""
    await sessions.sign_out(visitor)
    answer = to("/sign-in", "signed-out")
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax")
    answer.headers["Clear-Site-Data"] = CLEAR
    return answer


@router.post("/language")
async def choose_language(request: Request, visitor: Visits, means: Means_) -> Response:
    """Read the pages in another language from now on; nothing else changes, so any form may ask for it."""
    form = await request.form()
    chosen = str(form.get("language", ""))
    language = chosen if chosen in LANGUAGES else "vi"
    answer = to(within(str(form.get("next", "/"))))
    keep(answer, means, LANGUAGE, language, YEAR)
    if COOKIE in request.cookies:
        try:
            async with visitor.desk() as desk:
                own = update(Officer).where(Officer.id == desk.officer.id)
                await desk.session.execute(own.values(language=language))
        except UnauthorisedError:
            pass
    return answer


def keep(answer: Response, means: Means_, name: str, value: str, seconds: int) -> None:
    """Set a cookie no script reads, sent to this site alone, and over https alone where the site has it."""
    secure = means.settings.api.public_url.startswith("https://")
    answer.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=secure, path="/")
