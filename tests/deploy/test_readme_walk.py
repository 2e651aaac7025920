"""The README's walk, carried out word for word by a shell on a stack of one machine."""

import json
import os
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
        done = subprocess.run(  # noqa: ASYNC221 - nothing else waits in this test
            ["bash", "-euo", "pipefail", "-c", walk],
            cwd=tmp_path, env=dict(os.environ), capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    opened, end = json.JSONDecoder().raw_decode(done.stdout)
    answered = json.loads(done.stdout[end:])
    assert opened["reference"].startswith("HW-")
    assert (answered["kind"], answered["state"]) == ("examine_health", "done")
