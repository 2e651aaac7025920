"""Forms the pages' script sends: it is told where a browser would be sent on, and goes there itself, once, as a browser does."""

from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ASKS, TOLD = "homeward-follows", "homeward-location"


class Followed:
    """A script cannot read where it would be sent on, and following it by itself would draw the next page twice."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["method"] != "POST" or ASKS not in Headers(scope=scope):
            await self._app(scope, receive, send)
            return

        async def out(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == HTTPStatus.SEE_OTHER:
                message["status"] = HTTPStatus.NO_CONTENT.value
                headers = MutableHeaders(scope=message)
                headers[TOLD] = headers["location"]
                del headers["location"], headers["content-length"]
            await send(message)

        await self._app(scope, receive, out)
