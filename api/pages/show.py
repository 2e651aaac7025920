"""A template becomes a page: the words of one language, and what every page shows."""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy import ScalarSelect

from api.deps import Desk
from api.pages import assets
from api.pages.rooms import rooms_of
from api.pages.spoken import SPOKEN
from api.pages.supervision.figures import Figures
from api.pages.visitor import Visitor, in_language_of, language_at
from api.pages.wording import Wording
from api.reads.frame import frame
from api.sorting import by_name, sort_key
from api.words import upto

SEE_OTHER = 303
READS = ("GET", "HEAD")
FILTERS = (
    "said",
    "text",
    "named",
    "reason",
    "day",
    "moment",
    "happened",
    "hour",
    "weekday",
    "money",
    "span",
    "iso_day",
    "budget",
    "cited",
)  # fmt: skip - of Wording


class _Templates(Environment):
    install_gettext_callables: Callable[..., None]  # put on it by the i18n extension


@lru_cache(maxsize=2)
def environment(language: str) -> Environment:
    """The templates in one language; a name that is not there is an error, all text is escaped."""
    found = _Templates(
        loader=PackageLoader("api"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )  # fmt: skip
    found.policies["ext.i18n.trimmed"] = True
    wording = Wording(language)
    found.install_gettext_callables(wording.gettext, wording.ngettext, newstyle=True)
    found.globals |= {"asset": assets.address, "wording": wording, "language": language, "spoken_languages": SPOKEN}
    found.filters |= {name: getattr(wording, name) for name in FILTERS}
    figures = Figures(wording)
    found.filters |= {"number": figures.number, "age_name": figures.age, "cells": figures.cells, "upto": upto}
    found.filters |= {
        "dict": dict,
        "by_name": partial(by_name, name=itemgetter(1)),
        "in_order": partial(sorted, key=sort_key),
    }
    return found


async def show(
    visitor: Visitor,
    desk: Desk,
    template: str,
    status: int = 200,
    *,
    also: Mapping[str, ScalarSelect[Any]] | None = None,
    **facts: Any,
) -> HTMLResponse:
    """A page of somebody who has signed in, drawn before their transaction ends; `also`: asked with the frame's question."""
    visitor = in_language_of(visitor, desk)
    around = await frame(desk, also)
    body = environment(visitor.language).get_template(template).render(
        me=desk.officer, actor=desk.actor, office=desk.office, now=around["now"], frame=around, csrf=visitor.csrf,
        rooms=rooms_of(desk.actor, around), path=visitor.request.url.path, reads=visitor.request.method in READS, here=here(visitor.request),
        said=visitor.request.query_params.get("said", ""), practice=visitor.means.settings.api.practice_url,
        fast=around["scale"] > 1, parts=visitor.means.settings.api.parts is not None, idle=visitor.means.settings.api.idle_minutes, **facts,
    )  # fmt: skip
    return HTMLResponse(body, status)


def show_plain(request: Request, template: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """A page of nobody in particular: sign-in, and refusals."""
    means = request.app.state.means
    body = environment(language_at(request)).get_template(template).render(
        fast=means.office.clock.scale > 1, parts=means.settings.api.parts is not None, me=None, rooms=(), status=status, path=request.url.path, here=here(request), said=request.query_params.get("said", ""), **facts
    )  # fmt: skip
    return HTMLResponse(body, status)


def here(request: Request) -> str:
    """This page's address within the site, with its query; of a page drawn in answer to a form, the page the form belongs to."""
    if request.method in READS:
        return request.url.path + (f"?{request.url.query}" if request.url.query else "")
    route = request.scope.get("route")
    shape, parts = str(getattr(route, "path", "")).split("/"), request.url.path.split("/")
    at = next((n for n in range(len(shape), 1, -1) if "/".join(shape[:n]) in request.app.state.readable), 0)
    return "/".join(parts[:at]) or "/"


def to(path: str, said: str = "") -> RedirectResponse:
    """Go to another page after an act; `said` is the code of what it tells there."""
    mark = "&" if "?" in path else "?"
    return RedirectResponse(f"{path}{mark}said={quote(said)}" if said else path, SEE_OTHER)


def within(path: str) -> str:
    """A path of this site from what somebody sent; the front page for anything else."""
    sound = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path and "\n" not in path
    return path if sound else "/"
