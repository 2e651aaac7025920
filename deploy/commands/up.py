"""`homeward up`: the whole stack on this machine."""

import asyncio
import json
import os
import signal
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from activities.security.sign_in_file import read_sign_ins
from deploy.local.ports import PRACTICE, practice_address
from deploy.local.supervisor import Stack

ROLES = ("coordinator", "officer", "supervisor", "head", "administrator")  # one account of each is shown at the start
INTERRUPTED = 130


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("up")(up)


def up(
    data: Annotated[Path, typer.Option(help="Folder that keeps everything: database, keys, journeys, logs.")] = Path(
        ".homeward"
    ),
    port: Annotated[
        int, typer.Option(min=1, max=65535, envvar="HOMEWARD_API__PORT", help="Port of the API on this machine.")
    ] = 8080,
    prepare: Annotated[
        bool, typer.Option("--prepare", help="Only set up (Temporal, keys, database cluster) and exit.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Tell where things are as JSON, progress on stderr.")] = False,
) -> None:
    """Start PostgreSQL, Temporal, worker and API, with synthetic officers and a few journeys to try by hand.

    Ctrl-C stops everything; the next start on the same folder goes on where it was. A process that dies is started
    again. What the first start needs it brings itself, and says so.

    HOMEWARD_DATABASE__URL and HOMEWARD_TEMPORAL_ADDRESS name servers that run already: they are used, and nothing is
    started in their place. HOMEWARD_TEMPORAL_CLI names a Temporal CLI. Other settings are handed on as they are.
    """

    def say(text: str) -> None:
        typer.echo(text, err=as_json)

    environ = {"HOMEWARD_API__PRACTICE_URL": practice_address(PRACTICE), **os.environ}
    if not asyncio.run(_run(Stack(data, port=port, say=say, environ=environ), say, prepare=prepare, as_json=as_json)):
        raise typer.Exit(INTERRUPTED)


async def _run(stack: Stack, say: Callable[[str], None], *, prepare: bool, as_json: bool) -> bool:
    """Whether it was carried out; False when a signal came before everything was up."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    if not await _unless(stop, stack.prepare() if prepare else stack.start()):
        say("stopped before everything was up; the next start goes on from there")
        return False
    if prepare:
        say("everything is set up")
        return True
    typer.echo(json.dumps(_where(stack)) if as_json else _told(stack))
    await stop.wait()
    say("stopping")
    await stack.stop()
    say("stopped")
    return True


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Do the work to its end, or drop it when told to stop."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if working.done():
        await working
        return True
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    return False


def _where(stack: Stack) -> dict[str, str]:
    return {
        "pages": stack.api_url,
        "api": f"{stack.api_url}/api/v1",
        "temporal": stack.temporal_address,
        "data": str(stack.data),
        "sign_ins": str(stack.sign_ins),
    }


def _told(stack: Stack) -> str:
    """Where it answers, and a few of the accounts to sign in with."""
    where = _where(stack)
    lines = [f"\nHomeward is at {where['pages']} (programs: {where['api']})"]
    try:
        accounts = read_sign_ins(stack.sign_ins)
    except OSError:
        accounts = {}
    for role in ROLES:
        known = [account for account in accounts.items() if account[0].endswith(role)]
        lines += [f"  {name:<36} password {password}" for name, password in known[:1]]
    if accounts:
        lines.append(f"  all {len(accounts)} synthetic accounts: {where['sign_ins']}")
    return "\n".join([*lines, "Ctrl-C stops everything."])
