"""How a process that stays runs."""

import subprocess
import sys

from deploy.local.children import ROOT

PROGRAM = """
import asyncio, gc
from deploy.staying import run_to_end, settled_in

async def main():
    settled_in()
    print(type(asyncio.get_running_loop()).__module__, gc.get_freeze_count() > 1000)

run_to_end(main())
"""


SWEEPING = """
import asyncio, gc, weakref
from deploy import staying

class Kept:
    pass

async def main():
    staying.settled_in()
    staying.SWEEP = 0.01
    sweeping = asyncio.create_task(staying.swept())
    one = Kept()
    one.itself = one
    gone = weakref.ref(one)
    del one
    assert gone() is not None
    while gone() is not None:
        await asyncio.sleep(0.01)
    sweeping.cancel()
    print("swept")

staying.run_to_end(main())
"""


def test_what_refers_to_itself_is_swept_away_though_little_is_new() -> None:
    """A worker that told ten thousand stories is no larger than one that told a hundred."""
    ran = subprocess.run(
        [sys.executable, "-c", SWEEPING], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert "swept" == ran.stdout.strip()


def test_it_runs_on_libuv_and_leaves_what_it_began_with_alone() -> None:
    """The collector walks through what comes and goes, not through the plan and the libraries at every turn."""
    ran = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "uvloop True" == ran.stdout.strip()
