"""Refusals and faults as pages: what happened, what to do now, and the number to quote."""

from collections.abc import Mapping
from urllib.parse import quote

from fastapi import Request, Response

from api.pages.kept import kept
from api.pages.show import READS, here, show_plain, to
from api.pages.visitor import COOKIE

SIGN_IN = 401


def draw(request: Request, status: int, code: str, facts: Mapping[str, object]) -> Response:
    """The page of a refusal. Who is not signed in, or locked their screen, is sent to give the password, and comes back."""
    if status == SIGN_IN and request.method == "GET":
        wanted = here(request)
        where = "/locked" if code == "screen-locked" else "/sign-in"
        ended = where == "/sign-in" and COOKIE in request.cookies
        back = where if wanted == "/" else f"{where}?next={quote(wanted, safe='')}"
        return to(back, "session-ended" if ended else "")
    number = getattr(request.state, "number", "")
    typed = kept(request, code, COOKIE)
    return show_plain(
        request,
        "problem.html",
        status,
        code=code,
        number=number,
        facts=facts,
        typed=typed,
        sent=request.method not in READS,
    )
