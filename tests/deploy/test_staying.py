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


def test_it_runs_on_libuv_and_leaves_what_it_began_with_alone() -> None:
    """The collector walks through what comes and goes, not through the plan and the libraries at every turn."""
    ran = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "uvloop True" == ran.stdout.strip()
