"""`homeward up`: the whole stack on this machine."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Annotated

import typer

from deploy.local.postgres import Postgres
from deploy.local.supervisor import Stack
from deploy.local.temporal_server import bring_cli


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("up")(up)


def up(
    data: Annotated[Path, typer.Option(help="Folder that keeps everything.")] = Path(".homeward"),
    port: Annotated[int, typer.Option(help="Port of the API on this machine.")] = 8080,
    prepare: Annotated[
        bool, typer.Option("--prepare", help="Only set up: find or build Temporal, make the cluster.")
    ] = False,
) -> None:
    """Start PostgreSQL, Temporal, worker and API, with synthetic officers and a few journeys to try by hand.

    Ctrl-C stops everything. What the first start needs it brings itself, and says so.
    """
    if prepare:
        typer.echo(f"Temporal: {bring_cli(os.environ, typer.echo).name} is there")
        Postgres(data / "postgres").prepare()
        typer.echo("PostgreSQL: the cluster is there")
        return
    asyncio.run(_run(data, port))


async def _run(data: Path, port: int) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    stack = Stack(data, port=port, say=typer.echo)
    starting = asyncio.create_task(stack.start())
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait([starting, stopped], return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        return
    stopped_early = stop.is_set()
    await starting
    if not stopped_early:
        typer.echo(
            f"\nHomeward answers at {stack.api_url}/api/v1\nSign-ins: {data / 'sign-ins.txt'}\nCtrl-C stops everything."
        )
        await stop.wait()
    typer.echo("stopping")
    await stack.stop()
