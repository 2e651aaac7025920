"""`homeward verify-journal`: are the chains of journal, access log and administration log whole?"""

import asyncio
import json
import sys
from typing import Annotated

import typer

from activities.casework import administration
from activities.casework.journal import length, verify_chains
from activities.settings import load_settings
from activities.store.engine import open_engine, open_sessions


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify-journal")(verify_journal)


def verify_journal(as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False) -> None:
    """Recompute every hash of the journals, the access log and the administration log; exit 1 and name the entry where a chain is broken."""
    entries, breaks = asyncio.run(_verify(load_settings().database.url.get_secret_value()))
    if as_json:
        typer.echo(json.dumps({"entries": entries, "breaks": breaks, "ok": not breaks}))
    else:
        typer.echo(f"{entries} entries, " + (f"broken at {', '.join(breaks)}" if breaks else "every chain whole"))
    sys.exit(1 if breaks else 0)


async def _verify(url: str) -> tuple[int, list[str]]:
    engine = open_engine(url)
    async with open_sessions(engine)() as session:
        entries = await length(session) + await administration.length(session)
        found = entries, await verify_chains(session) + await administration.verify_administration(session)
    await engine.dispose()
    return found
