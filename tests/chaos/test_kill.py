"""Kill -9 of every process in turn while agencies work: nothing is lost, nothing is done twice."""

import asyncio
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from deploy.local.supervisor import Stack
from deploy.rehearsal.play import Play
from deploy.rehearsal.rehearsal import ANCHOR, SCALE, Script, emptied, rehearsing

pytestmark = pytest.mark.chaos
IN_TURN = ("api", "worker", "relay", "temporal", "postgres")
EVERY = 4.0  # real seconds between two kills


class Trouble:
    """Somebody who pulls one plug after another for as long as the play lasts."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.killed = Counter[str]()
        self._come = asyncio.Event()

    def watch(self, _: Play, journeys: list[dict[str, Any]]) -> None:
        """What the rehearsal shows."""
        if any(each["open_tasks"] for each in journeys):
            self._come.set()

    async def work(self) -> None:
        """Begin when people have come; go on to the end."""
        await self._come.wait()
        while True:
            for name in IN_TURN:
                await asyncio.sleep(EVERY)
                if name in self._stack.pids:
                    self._stack.kill(name)
                    self.killed[name] += 1


@pytest.mark.timeout(900)
async def test_whatever_is_killed_under_load_no_task_is_lost_or_done_twice(tmp_path: Path) -> None:
    """API, worker, relay, Temporal and PostgreSQL die again and again; every journey ends, every invariant holds."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("HOMEWARD_")}
    cli = {name: os.environ[name] for name in ("HOMEWARD_TEMPORAL_CLI",) if name in os.environ}
    stack = Stack(
        emptied(tmp_path / "data"),
        scale=SCALE,
        anchor=ANCHOR,
        seed="officers",
        processes=("worker", "relay", "api"),
        say=lambda _: None,
        environ=given | cli,
    )
    async with stack, rehearsing(Script(journeys=6, seed=11, longest=480), stack) as rehearsal:
        trouble = Trouble(stack)
        troubling = asyncio.create_task(trouble.work())
        try:
            played = asyncio.create_task(rehearsal.run(trouble.watch))
            await asyncio.wait([played, troubling], return_when=asyncio.FIRST_COMPLETED)
        finally:
            troubling.cancel()
        result, _, invariants = await rehearsal.account(await played)
    assert [] == [(each.name, each.detail) for each in invariants if not each.holds], result
    assert set(trouble.killed) == set(IN_TURN)
    assert len(result["outcomes"]) > 0
