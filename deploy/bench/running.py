"""A run of the bench: which budgets, in which order, each on a place that suits it; its results kept."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.bench import away, deadlines, flow, kills, lists, parked
from deploy.bench.measure import Budget, Processor, machine, noise
from deploy.bench.place import Place, opened_place
from deploy.local.errors import StackError
from deploy.local.temporal_kinds import KINDS

Measure = Callable[[Place, int, int], Awaitable[Budget]]


@dataclass(frozen=True)
class Plan:
    """One budget: what measures it, how much of it by default and in a quick run, the processes of its stack, alone on it or not."""

    measure: Measure
    size: int
    repeats: int = 3
    processes: tuple[str, ...] = ("worker", "api")
    quick: int = 8
    alone: bool = False


BUDGETS: dict[str, Plan] = {
    "throughput": Plan(flow.throughput, 64),
    "hop": Plan(flow.hop, 20),
    "database": Plan(flow.database, 16, 1),
    "lists": Plan(lists.lists, 100_000, 1, ("api",), quick=1_000, alone=True),
    "pages": Plan(lists.pages, 100_000, 1, ("api",), quick=1_000, alone=True),
    "deadlines": Plan(deadlines.deadlines, 1_000, 1, alone=True, quick=16),
    "away": Plan(away.away, 200, alone=True, quick=16),
    "kill": Plan(kills.kill, 3, 1, alone=True, quick=1),
    "parked": Plan(parked.parked, 10_000, 1, alone=True),
}


async def run(
    names: list[str], folder: Path, environ: dict[str, str], say: Callable[[str], None], *, temporal: str, quick: bool
) -> dict[str, Any]:
    """Measure these budgets; the account as `--json` gives it. Budgets that want the same processes share a stack."""
    version = ""
    about = machine() | {"noise_ms_before": noise()}
    found: list[Budget] = []
    for together in _shared(names):
        async with opened_place(folder, say, environ, *BUDGETS[together[0]].processes, temporal=temporal) as place:
            version = await place.temporal_version()
            for name in together:
                plan = BUDGETS[name]
                say(f"measuring {name}")
                size, repeats = (plan.quick, 1) if quick else (plan.size, plan.repeats)
                found.append(await _measured(plan, place, size, repeats))
    about["noise_ms_after"] = noise()
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": about, "quick": quick,
        "temporal": server_of(temporal, environ), "temporal_version": version,
        "budgets": [each.shown() for each in found],
    }  # fmt: skip


async def _measured(plan: Plan, place: Place, size: int, repeats: int) -> Budget:
    """The budget, with the processor seconds of every process that lived all through it."""
    began, processor = dict(place.stack.pids), Processor(place.stack.pids)
    budget = await plan.measure(place, size, repeats)
    lived = {name for name, pid in place.stack.pids.items() if began.get(name) == pid} | {"bench"}
    budget.also.setdefault("processor_s", {name: used for name, used in processor.used().items() if name in lived})
    return budget


def server_of(temporal: str, environ: Mapping[str, str]) -> str:
    """Which server of Temporal a run has, as its account says: dev, postgres, or given by HOMEWARD_TEMPORAL_ADDRESS.

    StackError where the two that are asked for differ, or nobody knows the one.
    """
    if temporal not in KINDS:
        raise StackError("temporal-kind-unknown", f"{temporal}: measure on one of {', '.join(KINDS)}")
    given = environ.get("HOMEWARD_TEMPORAL_ADDRESS") or environ.get("HOMEWARD_TEMPORAL__ADDRESS")
    if given and temporal != "dev":
        raise StackError(
            "temporal-named-twice",
            f"HOMEWARD_TEMPORAL_ADDRESS names a running server, --temporal {temporal} asks for one of the bench's own: "
            "unset the one, or leave out the other",
        )
    return "given" if given else temporal


def _shared(names: list[str]) -> list[list[str]]:
    """Budgets that are measured on one stack: those of the same processes, and each that wants it alone by itself."""
    shared: dict[object, list[str]] = {}
    for name in names:
        plan = BUDGETS[name]
        shared.setdefault(name if plan.alone else plan.processes, []).append(name)
    return list(shared.values())


def keep(result: dict[str, Any], results: Path, version: str) -> None:
    """Append a result to the local file, so that two versions can be compared."""
    with results.open("a") as file:
        file.write(json.dumps(result | {"version": version}) + "\n")


def comparable(result: dict[str, Any], before: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The newest result that was measured like this one: on the same kind of server, and as large."""
    return next((each for each in reversed(before) if _like(each) == _like(result)), None)


def _like(result: dict[str, Any]) -> tuple[object, ...]:
    return result.get("temporal", "dev"), result["quick"]  # the first results of a clone do not name their server


def kept(results: Path) -> list[dict[str, Any]]:
    """The results kept so far, oldest first; none where there is no file."""
    if not results.exists():
        return []
    return [json.loads(line) for line in results.read_text().splitlines() if line.strip()]
