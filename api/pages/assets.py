"""Style, script and fonts, under names that carry a hash of their content, so that a browser may keep them for good."""

import gzip
import hashlib
import re
from functools import cache
from importlib.resources import files

import brotli
from fastapi import APIRouter, HTTPException, Request, Response

router = APIRouter(include_in_schema=False)
TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "woff2": "font/woff2",
    "svg": "image/svg+xml",
}
TEXTS, CODINGS = ("css", "js"), ("br", "gzip")
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
DIGITS = 10
UNSAID = re.compile(
    r"^[ \t]*(?://.*\n)?", re.MULTILINE
)  # of our own: indentation and lines of remarks, which a slow line need not carry


@cache
def _content(name: str) -> bytes:
    folder, _, file = name.rpartition("/")
    body = files("api").joinpath("static", *filter(None, [folder]), file).read_bytes()
    if not name.endswith((".css", ".js")) or folder:
        return body
    text = UNSAID.sub("", body.decode())
    for font in sorted(each.name for each in files("api").joinpath("static", "vendor").iterdir()):
        text = text.replace(f"url({font})", f"url({address(f'vendor/{font}')})") if font.endswith(".woff2") else text
    return text.encode()


@cache
def address(name: str) -> str:
    """Where a browser finds the file `name` of `static/`; FileNotFoundError for one that is not there."""
    stem, _, ending = name.rpartition(".")
    return f"/static/{stem}.{hashlib.sha256(_content(name)).hexdigest()[:DIGITS]}.{ending}"


@cache
def _packed(name: str, coding: str) -> bytes:
    """A text as tightly packed as can be, once a process: a browser keeps it for good."""
    return brotli.compress(_content(name)) if coding == "br" else gzip.compress(_content(name), mtime=0)


def _taken(accepted: str) -> str:
    """The first of CODINGS that is accepted; empty for none."""
    each = (one.replace(" ", "").lower().partition(";") for one in accepted.split(","))
    codings = {coding for coding, _, weight in each if weight not in ("q=0", "q=0.0")}
    return next((coding for coding in CODINGS if coding in codings), "")


@router.get("/static/{name:path}")
async def asset(name: str, request: Request) -> Response:
    """One file, if its hash is that of today's content; a text in the tightest packing the browser takes."""
    stem, _, ending = name.rpartition(".")
    stem, _, _hash = stem.rpartition(".")
    plain = f"{stem}.{ending}"
    try:
        known = ending in TYPES and ".." not in name and address(plain) == f"/static/{name}"
    except (OSError, ValueError):
        known = False
    if not known:
        raise HTTPException(404)
    coding = _taken(request.headers.get("accept-encoding", "")) if ending in TEXTS else ""
    if not coding:
        return Response(_content(plain), media_type=TYPES[ending], headers=FOREVER)
    headers = FOREVER | {"Content-Encoding": coding, "Vary": "Accept-Encoding"}
    return Response(_packed(plain, coding), media_type=TYPES[ending], headers=headers)
