"""`homeward bench`: every budget, with its floor in the same run."""

import asyncio
import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from deploy.bench.running import BUDGETS, comparable, keep, kept, run, server_of
from deploy.local.errors import StackError
from deploy.version import version

WIDTH = 160  # columns where there is no terminal


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bench")(bench)


def bench(
    only: Annotated[list[str] | None, typer.Option(help="Measure this budget alone; may be given again.")] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Small numbers, once each: does it run, not how fast.")
    ] = False,
    temporal: Annotated[
        str, typer.Option(help="Which server of Temporal: dev, or postgres, the one production runs.")
    ] = "dev",
    data: Annotated[Path, typer.Option(help="Folder of the bench; an earlier run in it is thrown away.")] = Path(
        ".homeward-bench"
    ),
    results: Annotated[Path, typer.Option(help="File the results are appended to.")] = Path(".homeward-bench.jsonl"),
    as_json: Annotated[bool, typer.Option("--json", help="The account as JSON, progress on stderr.")] = False,
) -> None:
    """Measure what the design promises: throughput, hops, statements, lists, deadlines, restarts, memory.

    Each figure comes with its floor from the same run and the machine's own noise; a quiet machine tells the truth. Exit
    code 1 when a budget does not hold. --temporal postgres runs Temporal's own server on a PostgreSQL with contrib; what it
    needs is looked for, and built or installed where it is missing. How to read it: deploy/docs/performance.md.
    """
    names = list(only or BUDGETS)
    if unknown := sorted(set(names) - set(BUDGETS)):
        raise StackError("budget-unknown", f"{unknown[0]}: measure one of {', '.join(BUDGETS)}")
    environ = dict(os.environ)
    server_of(temporal, environ)
    console = Console(stderr=as_json)
    if not console.is_terminal:
        console.width = WIDTH
    before = kept(results)
    say = partial(console.print, style="dim")
    work = run(names, data, environ, say, temporal=temporal, quick=quick)
    result = asyncio.run(work)
    keep(result, results, version())
    if as_json:
        typer.echo(json.dumps(result))
    else:
        console.print(_table(result, comparable(result, before)))
    sys.exit(0 if all(each["holds"] for each in result["budgets"]) else 1)


def _table(result: dict[str, Any], before: dict[str, Any] | None) -> Table:
    """One row a budget: least, median and most, over its floor, beside the run before."""
    earlier = {each["name"]: each for each in (before or {"budgets": []})["budgets"]}
    noise = result["machine"]["noise_ms_before"]
    server = f"Temporal {result['temporal']} {result['temporal_version']}"
    title = f"{server}; noise of a fixed loop: {noise['min']:.1f} to {noise['max']:.1f} ms; load {result['machine']['load']:.2f}"
    table = Table(
        "budget", "value (min - max)", "floor", "ratio", "budget", "holds", "the run before", "processor s", title=title
    )
    for each in result["budgets"]:
        spread, was = each["spread"], earlier.get(each["name"])
        table.add_row(
            each["name"],
            f"{each['value']:.1f} {each['unit']} ({spread['min']:.1f} - {spread['max']:.1f})",
            f"{each['floor']:.1f}" if each["floor"] is not None else "",
            f"{each['ratio']:.2f}" if each["ratio"] is not None else "",
            f"{each['sense']} {each['budget']:g}",
            "yes" if each["holds"] else "NO",
            f"{was['value']:.1f}" if was else "",
            ", ".join(f"{name} {used:.1f}" for name, used in each["also"].get("processor_s", {}).items()),
        )
    return table
