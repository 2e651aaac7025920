"""`homeward race`: every pair of acts at one instant, on the whole stack."""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from deploy.local.errors import StackError
from deploy.racing import running
from deploy.racing.acts import BY, PAIRS, Pair
from deploy.racing.judging import Round

WIDTH = 150  # columns where there is no terminal
QUICK = 2  # rounds a pair
EVERY = 50  # rounds between two lines where there is no terminal


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("race")(race)


def race(
    rounds: Annotated[int, typer.Option(min=1, max=1000, help="Rounds of each pair.")] = 50,
    pair: Annotated[
        list[str] | None, typer.Option(help="Only this pair, as outcome,timeout; may be given again.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Two rounds of each pair.")] = False,
    data: Annotated[Path, typer.Option(help="Folder of the races; an earlier run in it is thrown away.")] = Path(
        ".homeward-race"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="The account as JSON, progress on stderr.")] = False,
) -> None:
    """Send every pair of acts on one task at one instant, over HTTP, by those who may; and the deadline among them.

    Of each pair: who came first how often, what the other was told, and whether all holds: one end, one mark, a refusal
    that names the winner, rows and stories that agree. Afterwards every journey must come to its end. Exit code 1 when
    anything of it fails. It runs on a stack of its own, in a folder that the next run empties.
    """
    pairs = _pairs(pair or [])
    console = Console(stderr=as_json)
    if not console.is_terminal:
        console.width = WIDTH
    result = asyncio.run(_run(pairs, QUICK if quick else rounds, data, console))
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False))
    else:
        _show(console, result)
    sys.exit(0 if result["ok"] else 1)


def _pairs(named: list[str]) -> list[Pair]:
    """The pairs that were asked for, all where none was."""
    found = {each: running.pair_of(each) for each in named}
    if unknown := [each for each, pair in found.items() if pair is None]:
        raise StackError("pair-unknown", f"{unknown[0]}: name two of {', '.join(BY)}, with a comma between them")
    return list(dict.fromkeys(pair for pair in found.values() if pair)) or list(PAIRS)


async def _run(pairs: list[Pair], rounds: int, data: Path, console: Console) -> dict[str, Any]:
    columns = (
        TextColumn("races"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[wrong]}"),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        heard = _following(progress, console, len(pairs) * rounds)
        return await running.race(
            pairs, rounds, data, lambda said: console.print(said, style="dim"), dict(os.environ), heard
        )


def _following(progress: Progress, console: Console, total: int) -> Callable[[Round], None]:
    """What follows the rounds: a bar at a terminal, a line now and then elsewhere."""
    bar, done, wrong = progress.add_task("races", total=total, wrong=""), 0, 0

    def heard(each: Round) -> None:
        nonlocal done, wrong
        done, wrong = done + 1, wrong + len(each.wrong)
        progress.update(bar, completed=done, wrong=f"{wrong} violations" if wrong else "")
        if not console.is_terminal and (done % EVERY == 0 or done == total):
            console.print(f"{done} of {total} rounds, {wrong} violations")

    return heard


def _show(console: Console, result: dict[str, Any]) -> None:
    """One row a pair, then what was broken, then what must hold of all journeys."""
    table = Table("pair", "rounds", "came first", "both had effect", "the other was told", "wrong", title="Races")
    for each in result["pairs"]:
        table.add_row(
            " x ".join(each["pair"]), str(each["rounds"]), _times(each["first"]), str(each["both"] or ""),
            _times(each["lost"]), str(len(each["violations"]) or ""),
        )  # fmt: skip
    console.print(table)
    for each in result["pairs"]:
        for line in dict.fromkeys(each["violations"]):
            console.print(f"{' x '.join(each['pair'])}: {line}", style="red")
    held = Table("must hold", "", "", title="Invariants")
    for one in result["invariants"]:
        held.add_row(one["name"], "holds" if one["holds"] else "FAILS", one["detail"])
    console.print(held)
    console.print(f"{result['rounds']} rounds in {result['took_s']:.0f} s, {result['violations']} violations")


def _times(counted: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counted.items()))
