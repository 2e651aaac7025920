"""`homeward rehearse`: twenty synthetic journeys at speed, on real parts."""

import asyncio
import json
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.live import Live

from deploy.local.supervisor import Stack
from deploy.rehearsal import screen
from deploy.rehearsal.histories import store_histories
from deploy.rehearsal.play import Play
from deploy.rehearsal.rehearsal import ANCHOR, SCALE, Rehearsal, Script, emptied, rehearsing

WIDTH = 120  # columns of the tables where there is no terminal
EVERY = 10.0  # real seconds between two lines where there is no terminal


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("rehearse")(rehearse)


def rehearse(
    journeys: Annotated[int, typer.Option(min=1, max=500, help="How many people come.")] = 20,
    seed: Annotated[int, typer.Option(help="Same seed: same people, scripts and choices.")] = 7,
    scale: Annotated[
        int, typer.Option(min=3600, max=43200, help="How much faster than life; 21600: a day in 4 s.")
    ] = SCALE,
    data: Annotated[Path, typer.Option(help="Folder of the rehearsal; an earlier one in it is thrown away.")] = Path(
        ".homeward-rehearsal"
    ),
    histories: Annotated[
        Path | None, typer.Option(help="Store a history of each kind of journey here, for a later release to replay.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The account as JSON, progress on stderr.")] = False,
) -> None:
    """Watch synthetic people being received, checked, identified, protected, helped and followed up, in minutes.

    Officers of every agency drive the HTTP API: prompt, slow, silent, at the very deadline, twice. At the end: who was
    on time, which races were met and who won, and what must hold whatever happened. Exit code 1 if anything of it fails.

    Everything runs on a stack of its own, from a Monday in March 2024, in a folder that the next rehearsal empties.
    """
    console = Console(stderr=as_json)
    if not console.is_terminal:
        console.width = WIDTH
    result = asyncio.run(_run(Script(journeys, seed, scale), data, console, histories))
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False))
    sys.exit(0 if result["ok"] else 1)


async def _run(script: Script, data: Path, console: Console, histories: Path | None) -> dict[str, Any]:
    begun = time.monotonic()
    stack = Stack(
        emptied(data),
        scale=script.scale,
        anchor=ANCHOR,
        seed="officers",
        say=lambda text: console.print(text, style="dim"),
    )
    async with stack, rehearsing(script, stack) as rehearsal:
        play = await _played(rehearsal, console)
        result, agencies, invariants = await rehearsal.account(play)
        if histories is not None:
            await asyncio.to_thread(store_histories, await rehearsal.histories(play), histories)
            console.print(f"histories stored in {histories}")
    screen.report(console, result, agencies, invariants)
    whole = time.monotonic() - begun
    console.print(
        f"{result['journeys']} journeys, {result['tasks']['total']} tasks in {rehearsal.took:.0f} s "
        f"({whole:.0f} s with start and account): " + ("all holds" if result["ok"] else "SOMETHING FAILS")
    )
    return result


async def _played(rehearsal: Rehearsal, console: Console) -> Play:
    """Play it before the reader's eyes: a live picture at a terminal, a line now and then elsewhere."""
    total, last = rehearsal.script.journeys, 0.0
    with Live(console=console, refresh_per_second=2) if console.is_terminal else nullcontext() as live:

        def show(play: Play, journeys: list[dict[str, Any]]) -> None:
            nonlocal last
            if live is not None:
                live.update(screen.stage(play, journeys, total))
            elif time.monotonic() - last > EVERY:
                last = time.monotonic()
                closed = sum(1 for each in journeys if each["closed_at"])
                console.print(f"{play.today():%d/%m/%Y}: {len(journeys)} of {total} opened, {closed} closed")

        return await rehearsal.run(show)
