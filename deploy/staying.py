"""How a process that stays runs: on libuv's event loop, and what it began with is looked through by no later collection."""

import asyncio
import gc
from collections.abc import Coroutine
from typing import Any

import uvloop

SWEEP = 15.0  # seconds between two looks through all that is kept
YOUNG = 10_000  # new objects between two collections of the youngest; a request makes thousands that go by themselves


def run_to_end(main: Coroutine[Any, Any, None]) -> None:
    """Run until it returns."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main)


def settled_in() -> None:
    """All that is loaded now stays for good: the collector leaves it alone, and comes less often for the rest."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)


async def swept() -> None:
    """Look through all that is kept, for ever, once in a while.

    For a process that keeps much for minutes and lets it go in cycles, as the worker does with stories: the collector counts what is
    new, and would leave a fifth of the process lying about.
    """
    while True:
        await asyncio.sleep(SWEEP)
        gc.collect()
