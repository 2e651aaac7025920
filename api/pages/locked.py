"""The locked screen: nobody is signed out, but nothing is shown until the password is given again."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from activities.casework.sign_ins import lock_screen, locked_officer, open_screen
from activities.store.organisations import Officer
from api.deps import Means_
from api.errors import Unauthorised
from api.pages.show import show_plain, to, within
from api.pages.sign_in import CLEAR
from api.pages.visitor import Posted, Visitor, Visits
from api.proving import proved

router = APIRouter(include_in_schema=False)
Next = Annotated[str, Query(alias="next", max_length=500)]


@router.get("/locked")
async def lock(request: Request, visitor: Visits, next_: Next = "/") -> Response:
    """Lock the sign-in, then ask for the password. A link on another site does not lock anybody."""
    async with visitor.means.sessions.begin() as session:
        if request.headers.get("sec-fetch-site", "none") != "cross-site":
            await lock_screen(session, visitor.digest)
        officer = await locked_officer(session, visitor.digest)
    if officer is None:
        return to(_wanted(next_))
    return _form(request, visitor, officer, _wanted(next_))


@router.post("/locked")
async def unlock(
    request: Request,
    visitor: Visits,
    means: Means_,
    _form_sent: Posted,
    password: Annotated[str, Form(max_length=1000)] = "",
    next_: Annotated[str, Form(alias="next", max_length=500)] = "/",
) -> Response:
    """Open it, by the rules of the sign-in: wrong passwords in a row lock the account."""
    async with means.sessions() as session:
        officer = await locked_officer(session, visitor.digest)
    if officer is None:
        return to(_wanted(next_))
    try:
        async with proved(means, officer.username, password) as (session, _):
            await open_screen(session, visitor.digest)
    except Unauthorised as refusal:
        code = "password-wrong" if refusal.code == "sign-in-refused" else refusal.code
        return _form(request, visitor, officer, _wanted(next_), code)
    return to(_wanted(next_))


def _wanted(path: str) -> str:
    """Where to go on; never back to this page, which would lock anew."""
    found = within(path)
    return "/" if found.startswith("/locked") else found


def _form(request: Request, visitor: Visitor, officer: Officer, wanted: str, refusal: str = "") -> Response:
    answer = show_plain(
        request, "everyone/locked.html", 401 if refusal else 200, next=wanted, name=officer.name,
        username=officer.username, refusal=refusal, csrf=visitor.csrf,
    )  # fmt: skip
    answer.headers["Clear-Site-Data"] = CLEAR
    return answer
