"""The web application, put together."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

from fastapi import FastAPI, Request, Response

from activities.casework.context import Office
from activities.logs import bind
from activities.settings import Settings
from activities.store.engine import Sessions
from api import health
from api.deps import Means
from api.errors import install, problem
from api.rest import journeys, overview, person, sessions, tasks

MOST_BYTES = 1_000_000
HEADERS = {
    "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}  # fmt: skip


def create_app(settings: Settings, office: Office, sessions_: Sessions) -> FastAPI:
    """The application of one process; it never asks Temporal anything."""
    app = FastAPI(
        title="Homeward",
        version="0.1.0",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        description="Each returned person's journey, carried by a dozen agencies. Errors are problem+json with stable codes.",
    )
    app.state.means = Means(settings, office, sessions_)
    for router in (sessions.router, journeys.router, person.router, tasks.router, overview.router):
        app.include_router(router, prefix="/api/v1")
    app.include_router(health.router)
    install(app)

    @app.middleware("http")
    async def _around(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        """A number for every request, a limit for its body, and headers that keep answers out of caches."""
        number = uuid4().hex
        length = request.headers.get("content-length", "0")
        with bind(request_id=number):
            if length.isdigit() and int(length) > MOST_BYTES:
                answer: Response = problem(request, 413, "body-too-large")
            else:
                answer = await go_on(request)
        answer.headers.update(HEADERS | {"X-Request-Id": number})
        return answer

    return app
