"""`homeward api`: the web process."""

import typer
import uvicorn

from activities.casework.context import open_office
from activities.logs import configure_logs
from activities.security.keyring import keyring_from
from activities.settings import Settings, load_settings
from activities.store.engine import open_engine, open_sessions
from api.app import create_app
from deploy.staying import run_to_end, settled_in


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("api")(api)


def api() -> None:
    """Serve the JSON interface under /api/v1. Works with Temporal down: what is sent is recorded and delivered later."""
    settings = load_settings()
    configure_logs(settings.logs)
    run_to_end(_serve(settings))


async def _serve(settings: Settings) -> None:
    engine = open_engine(settings.database.url.get_secret_value(), pool_size=settings.database.pool_size)
    sessions = open_sessions(engine)
    office = await open_office(sessions, keyring_from(settings.keys), scale=settings.clock_scale)
    web = create_app(settings, office, sessions)
    config = uvicorn.Config(
        web,
        host=settings.api.host,
        port=settings.api.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    settled_in()
    await uvicorn.Server(config).serve()
    await engine.dispose()
