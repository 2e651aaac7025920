"""The web application, put together."""

from fastapi import FastAPI

from activities.casework.context import Office
from activities.settings import Settings
from activities.store.engine import Sessions
from api import health
from api.border import Border
from api.deps import Means
from api.description import Described
from api.errors import install
from api.pages import live, site
from api.rest import (
    appointments,
    attachments,
    calendar,
    comments,
    contacts,
    corrections,
    journeys,
    organisations,
    overview,
    person,
    plans,
    requests,
    sessions,
    staffing,
    tasks,
)


def create_app(settings: Settings, office: Office, sessions_: Sessions) -> FastAPI:
    """The application of one process; it never asks Temporal anything."""
    app = Described(
        title="Homeward",
        version="0.1.0",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        lifespan=live.listening,
        description="Each returned person's journey, carried by a dozen agencies. Errors are problem+json with stable codes.",
    )
    app.state.means = Means(settings, office, sessions_)
    routers = (
        sessions,
        journeys,
        person,
        tasks,
        requests,
        corrections,
        comments,
        attachments,
        overview,
        staffing,
        organisations,
        appointments,
        calendar,
        plans,
        contacts,
    )
    for router in (each.router for each in routers):
        app.include_router(router, prefix="/api/v1")
    app.include_router(health.router)
    site.open_site(app)
    install(app)
    app.add_middleware(Border)
    return app
