"""A run of the bench: which budgets, in which order, each on a place that suits it; its results kept."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.bench import flow, lists
from deploy.bench.measure import Budget, machine, noise
from deploy.bench.place import Place, opened_place

Measure = Callable[[Place, int, int], Awaitable[Budget]]


@dataclass(frozen=True)
class Plan:
    """One budget: what measures it, how much of it by default, and the processes its stack has."""

    measure: Measure
    size: int
    repeats: int = 3
    processes: tuple[str, ...] = ("worker", "api")


BUDGETS: dict[str, Plan] = {
    "throughput": Plan(flow.throughput, 64),
    "hop": Plan(flow.hop, 20),
    "database": Plan(flow.database, 16, 1),
    "lists": Plan(lists.lists, 100_000, 1, ("api",)),
}
SHARE = 8  # a quick run measures this part of it


async def run(
    names: list[str], folder: Path, environ: dict[str, str], say: Callable[[str], None], *, quick: bool
) -> dict[str, Any]:
    """Measure these budgets; the account as `--json` gives it. Budgets that want the same processes share a stack."""
    about = machine() | {"noise_ms_before": noise()}
    found: list[Budget] = []
    for processes in dict.fromkeys(BUDGETS[name].processes for name in names):
        async with opened_place(folder, say, environ, *processes) as place:
            for name in (each for each in names if BUDGETS[each].processes == processes):
                plan = BUDGETS[name]
                say(f"measuring {name}")
                size, repeats = (max(plan.size // SHARE, SHARE), 1) if quick else (plan.size, plan.repeats)
                found.append(await plan.measure(place, size, repeats))
    about["noise_ms_after"] = noise()
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": about, "quick": quick,
        "budgets": [each.shown() for each in found],
    }  # fmt: skip


def keep(result: dict[str, Any], results: Path, version: str) -> None:
    """Append a result to the local file, so that two versions can be compared."""
    with results.open("a") as file:
        file.write(json.dumps(result | {"version": version}) + "\n")


def kept(results: Path) -> list[dict[str, Any]]:
    """The results kept so far, oldest first; none where there is no file."""
    if not results.exists():
        return []
    return [json.loads(line) for line in results.read_text().splitlines() if line.strip()]
