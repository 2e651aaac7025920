"""`homeward practice`: a second stack where whoever comes takes a part and everybody else answers by themselves."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Annotated

import typer

from deploy.local.ports import PRACTICE, practice_address
from deploy.local.supervisor import Stack
from deploy.rehearsal.practice import parts_of, rounds, stack_of

SLOW = 3600  # an hour of life in a second: two to three minutes for a task of five working days


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("practice")(practice)


def practice(
    part: Annotated[
        list[str] | None, typer.Option(help="Organisation whose tasks wait all the time; may be given again.")
    ] = None,
    own: Annotated[str, typer.Option("--as", help="User name you play: its organisation's tasks wait for you.")] = "",
    scale: Annotated[int, typer.Option(min=3600, max=43200, help="How much faster than life.")] = SLOW,
    seed: Annotated[int, typer.Option(help="Same seed: same people.")] = 7,
    data: Annotated[Path, typer.Option(help="Folder of the practice; an earlier one in it is thrown away.")] = Path(
        ".homeward-practice"
    ),
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")] = PRACTICE,
) -> None:
    """Practise: synthetic people come, the tasks of the part you take on the first page wait for you, others are played.

    Everything is the stack's own: folder, database, keys, Temporal, port. No mail and no message leaves it. Ctrl-C ends it.
    """
    stack = stack_of(data, port, scale, os.environ, typer.echo)
    asyncio.run(_run(stack, _taken(part or [], own), own, seed))


def _taken(part: list[str], own: str) -> list[str]:
    """The organisations that wait for people all the time: those named, and that of who plays."""
    named = [*part, *([own.partition(".")[0]] if own else [])]
    return list(dict.fromkeys(named))


async def _run(stack: Stack, part: list[str], own: str, seed: int) -> None:
    """Until a signal comes."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    stopping, playing = asyncio.create_task(stop.wait()), asyncio.create_task(_play(stack, part, own, seed))
    try:
        await asyncio.wait([stopping, playing], return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        playing.cancel()
        ended = await asyncio.gather(playing, return_exceptions=True)
    for each in ended:
        if isinstance(each, Exception):
            raise each
    typer.echo("stopped")


async def _play(stack: Stack, part: list[str], own: str, seed: int) -> None:
    async with stack:
        accounts = parts_of(stack, part, own)
        typer.echo(f"\nPractice is at {practice_address(stack.port)}: choose a part there.")
        for name, password in (each for some in accounts.values() for each in some if own in ("", each[0])):
            typer.echo(f"  {name:<36} password {password}")
        typer.echo("What nobody takes is played. Ctrl-C ends it.")
        async for play in rounds(stack, frozenset(accounts), seed):
            for fault in play.faults:
                typer.echo(f"somebody stumbled: {fault}", err=True)
            typer.echo(f"{play.today():%d/%m/%Y}: new people come")
