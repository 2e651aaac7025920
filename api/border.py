"""What every request passes before the application sees it, and every answer on its way out."""

import json
import logging
import re
from typing import Any
from urllib.parse import unquote_to_bytes
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from activities.logs import bind
from api.errors import NO_PAGES, fault, problem

MOST_BYTES = 1_000_000
STREAMED = re.compile(
    r"(?:/api/v1)?/tasks/[^/]+/attachments"
)  # POST: no text, read piece by piece within its own limit
HEADERS = {
    "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin", "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}  # fmt: skip
JSON_POLICY = "default-src 'none'; frame-ancestors 'none'"
PAGE_POLICY = (  # pictures as data: the style library's own arrows and ticks
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
OWN_SITE = {"same-origin", "none"}  # where a browser says a form comes from; programs say nothing
KEPT = "/static/"  # what says itself how long a browser may keep it

_ESCAPED = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")  # the only ways JSON spells what no row can hold
_log = logging.getLogger(__name__)


class Border:
    """Numbers the request, limits its body, refuses text no row can hold, and answers any fault as a problem."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number, begun = uuid4().hex, False
        scope.setdefault("state", {})["number"] = number

        async def out(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                MutableHeaders(scope=message).update(_headers(scope["path"]) | {"X-Request-Id": number})
            await send(message)

        with bind(request_id=number):
            try:
                await self._pass(scope, receive, out)
            except Exception as error:
                _log.exception("request failed")
                if begun:
                    raise
                await fault(Request(scope), error)(scope, receive, out)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if "\x00" in scope["path"]:
            await problem(request, 404, "not-found")(scope, receive, send)
            return
        if scope["method"] == "POST" and request.headers.get("sec-fetch-site", "same-origin") not in OWN_SITE:
            await problem(request, 403, "form-not-yours")(scope, receive, send)
            return
        if b"\x00" in unquote_to_bytes(scope.get("query_string", b"")):
            await problem(request, 422, "request-invalid", problems=[_unkeepable("query")])(scope, receive, send)
            return
        if scope["method"] == "POST" and STREAMED.fullmatch(scope["path"]):
            await self.app(scope, receive, send)
            return
        body = await _body(receive)
        if body is None:
            await problem(request, 413, "body-too-large")(scope, receive, send)
        elif _ESCAPED.search(body) and not _keepable(body):
            await problem(request, 422, "request-invalid", problems=[_unkeepable("body")])(scope, receive, send)
        else:
            await self.app(scope, _again(body, receive), send)


def _headers(path: str) -> dict[str, str]:
    if path.startswith(KEPT):  # style, script and fonts: each header of theirs goes over a slow line
        return {"X-Content-Type-Options": "nosniff"}
    return HEADERS | {"Content-Security-Policy": JSON_POLICY if path.startswith(NO_PAGES) else PAGE_POLICY}


async def _body(receive: Receive) -> bytes | None:
    """The whole body, however it was sent; None once it is too large."""
    body, more = bytearray(), True
    while more:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MOST_BYTES:
            return None
        more = message["type"] == "http.request" and message.get("more_body", False)
    return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """Hand the body on once; what comes after it is the client's."""
    handed = False

    async def given() -> Message:
        nonlocal handed
        if handed:
            return await receive()
        handed = True
        return {"type": "http.request", "body": body, "more_body": False}

    return given


def _keepable(body: bytes) -> bool:
    """Whether PostgreSQL can hold the texts. What is no JSON is left to the application to refuse."""
    try:
        text = json.dumps(json.loads(body), ensure_ascii=False)
        text.encode()
    except UnicodeEncodeError:
        return False
    except (ValueError, RecursionError):
        return True
    return re.search(r"(?<!\\)(?:\\\\)*\\u0000", text) is None


def _unkeepable(part: str) -> dict[str, Any]:
    return {"loc": [part], "code": "text-unkeepable", "message": "holds a NUL or half a surrogate pair"}
