"""Style, script and fonts, under names that carry a hash of their content, so that a browser may keep them for good."""

import hashlib
import re
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, HTTPException, Response

router = APIRouter(include_in_schema=False)
TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "woff2": "font/woff2",
    "svg": "image/svg+xml",
}
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


@router.get("/static/{name:path}")
async def asset(name: str) -> Response:
    """One file, if its hash is that of today's content."""
    stem, _, ending = name.rpartition(".")
    stem, _, _hash = stem.rpartition(".")
    plain = f"{stem}.{ending}"
    try:
        known = ending in TYPES and ".." not in name and address(plain) == f"/static/{name}"
    except (OSError, ValueError):
        known = False
    if not known:
        raise HTTPException(404)
    return Response(_content(plain), media_type=TYPES[ending], headers=FOREVER)
