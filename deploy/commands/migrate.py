"""`homeward migrate`: bring the database to the present."""

import asyncio

import typer

from activities.settings import load_settings
from activities.store.engine import open_engine
from activities.store.migrate import migrate as run_migrations
from activities.store.migrate import pending


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("migrate")(migrate)


def migrate() -> None:
    """Run the migrations the database has not had; safe to run by several processes and again."""
    asyncio.run(_migrate(load_settings().database.url.get_secret_value()))


async def _migrate(url: str) -> None:
    engine = open_engine(url)
    before, _ = await pending(engine)
    await run_migrations(engine)
    after, _ = await pending(engine)
    await engine.dispose()
    typer.echo(f"schema at {after}" if before == after else f"schema moved from {before or 'nothing'} to {after}")
