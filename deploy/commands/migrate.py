"""`homeward migrate`: bring the database to the present."""

import asyncio
import json
from typing import Annotated

import typer

from activities.settings import load_settings
from activities.store.engine import open_engine
from activities.store.migrate import migrate as run_migrations
from activities.store.migrate import pending


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("migrate")(migrate)


def migrate(as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False) -> None:
    """Run the migrations the database has not had; safe to run by several processes and again.

    Needs HOMEWARD_DATABASE__URL. Run it before a new version's processes start; they refuse an older schema.
    """
    before, after = asyncio.run(_migrate(load_settings().database.url.get_secret_value()))
    if as_json:
        typer.echo(json.dumps({"before": before or None, "after": after}))
    else:
        typer.echo(f"schema at {after}" if before == after else f"schema moved from {before or 'nothing'} to {after}")


async def _migrate(url: str) -> tuple[str | None, str | None]:
    engine = open_engine(url)
    try:
        before, _ = await pending(engine)
        await run_migrations(engine)
        after, _ = await pending(engine)
    finally:
        await engine.dispose()
    return before, after
