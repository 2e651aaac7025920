"""Refusals and faults as pages: what happened, what to do now, and the number to quote."""

from collections.abc import Mapping
from urllib.parse import quote

from fastapi import Request, Response

from api.pages.show import here, show_plain, to

SIGN_IN = 401


def draw(request: Request, status: int, code: str, facts: Mapping[str, object]) -> Response:
    """The page of a refusal. Who is not signed in is sent to do so, and comes back to where they wanted to go."""
    if status == SIGN_IN and request.method == "GET":
        wanted = here(request)
        return to("/sign-in" if wanted == "/" else f"/sign-in?next={quote(wanted, safe='')}")
    number = getattr(request.state, "number", "")
    return show_plain(request, "problem.html", status, code=code, number=number, facts=facts)
