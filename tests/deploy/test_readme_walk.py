"""The README's walk, carried out word for word by a shell on a stack of one machine."""

import asyncio
import json
import re
import subprocess
from pathlib import Path

import pytest

from deploy.local.supervisor import Stack
from tests.deploy.test_local_stack import plain

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.chaos
async def test_a_newcomer_starts_a_journey_and_completes_its_first_task(tmp_path: Path) -> None:
    """The block of commands under "One journey by hand", with this test's port: its last answer is the task, done."""
    block = re.search(r"## One journey by hand.*?```bash\n(.*?)```", README.read_text(), re.DOTALL)
    assert block is not None
    async with Stack(tmp_path / ".homeward", say=lambda _: None, environ=plain()) as stack:
        walk = block.group(1).replace("http://127.0.0.1:8080", stack.api_url)
        shell = await asyncio.create_subprocess_exec(
            "bash", "-euo", "pipefail", "-c", walk, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        said, fault = (each.decode() for each in await asyncio.wait_for(shell.communicate(), 120))
    assert shell.returncode == 0, fault
    opened, end = json.JSONDecoder().raw_decode(said)
    answered = json.loads(said[end:])
    assert opened["reference"].startswith("HW-")
    assert (answered["kind"], answered["state"]) == ("examine_health", "done")
