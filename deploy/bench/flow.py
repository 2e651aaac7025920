"""Budgets of the flow: throughput, the hop to the next agency, what the database does for a task."""

import re
from pathlib import Path

from sqlalchemy import text

from deploy.bench import floor, journeys
from deploy.bench.measure import Budget, Costs, Spread
from deploy.bench.place import WATCHER, Place

CLIENTS = 8
COMMITS = 3.0  # the budget of a task
LOGGED = re.compile(r"^(?P<who>[^|\n]*)\|LOG:\s+(?:execute [^:]*|statement): (?P<what>\w+)", re.MULTILINE)
PAUSES = {"BEGIN", "ROLLBACK", "COMMIT", "LISTEN", "UNLISTEN"}  # what frames a statement is none


async def throughput(place: Place, size: int, repeats: int) -> Budget:
    """Tasks a second over HTTP, eight clients, over the bare floor's."""
    await journeys.many(place, CLIENTS, CLIENTS)
    floor_cost, our_cost = Costs(place.stack.pids), Costs(place.stack.pids)
    ours, bare, tasks = list[float](), list[float](), (size // CLIENTS) * CLIENTS * journeys.TASKS
    for _ in range(repeats):
        with floor_cost.counted(tasks):
            bare.append(await floor.throughput(place.client, CLIENTS, size))
        with our_cost.counted(tasks):
            ours.append(await journeys.many(place, CLIENTS, size))
    return Budget(
        "throughput", "tasks/s", Spread(tuple(ours)), 0.65, "at least", Spread(tuple(bare)),
        {
            "clients": CLIENTS, "journeys": size, "aim": 0.8,
            "processor_ms_a_task": our_cost.each(), "floor_processor_ms_a_task": floor_cost.each(),
        },
    )  # fmt: skip


async def hop(place: Place, size: int, repeats: int) -> Budget:
    """Milliseconds from an answer to the next task in an inbox, one client, over the bare floor's hop."""
    await journeys.hops(place, 1)
    ours, bare = list[float](), list[float]()
    for _ in range(repeats):
        bare.append(Spread(tuple(await floor.hops(place.client, max(size // 4, 2)))).middle * 1000)
        ours.append(Spread(tuple(await journeys.hops(place, size))).middle * 1000)
    return Budget("hop", "ms", Spread(tuple(ours)), 2.0, "at most", Spread(tuple(bare)), {"clients": 1, "of": "p50"})


async def database(place: Place, size: int, _: int) -> Budget:
    """Statements and commits of all our processes for one task, counted in the server's own log."""
    await journeys.many(place, 1, 1)
    log = place.stack.data / "postgres.log"
    await _logging(place, on=True)
    begun = log.stat().st_size
    await journeys.many(place, CLIENTS, size)
    counted = _counted(log, begun)
    await _logging(place, on=False)
    tasks = (size // CLIENTS) * CLIENTS * journeys.TASKS
    statements = sum(count for what, count in counted.items() if what not in PAUSES) / tasks
    commits = counted.get("COMMIT", 0) / tasks
    by_verb = {what: round(count / tasks, 2) for what, count in sorted(counted.items())}
    return Budget(
        "database", "statements a task", Spread((statements,)), 20.0, "at most",
        also={"commits": round(commits, 2), "commits_budget": COMMITS, "by_verb": by_verb, "tasks": tasks},
        holds_also=commits <= COMMITS,
    )  # fmt: skip


async def _logging(place: Place, *, on: bool) -> None:
    """Have the server write down every statement with the application that sent it."""
    async with place.engine.connect() as connection:
        outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
        for name, value in (("log_statement", "all"), ("log_line_prefix", "%a|")):
            change = f"SET {name} = '{value}'" if on else f"RESET {name}"
            await outside.execute(text(f"ALTER SYSTEM {change}"))
        await outside.execute(text("SELECT pg_reload_conf()"))
        await outside.execute(text("SELECT pg_sleep(0.5)"))


def _counted(log: Path, begun: int) -> dict[str, int]:
    with log.open("rb") as file:
        file.seek(begun)
        said = file.read().decode(errors="replace")
    counted: dict[str, int] = {}
    for found in LOGGED.finditer(said):
        if found["who"] != WATCHER:
            counted[found["what"].upper()] = counted.get(found["what"].upper(), 0) + 1
    return counted
