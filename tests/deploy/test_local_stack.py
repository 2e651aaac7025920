"""The stack of one machine, started as a person starts it: real servers, real signals, real kills."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx
import pytest

from activities.casework.staffing import in_force
from activities.plan.load import load_plan, plan_for, shipped
from activities.security.sign_in_file import NAME, read_sign_ins
from deploy.local.leftovers import started
from deploy.local.ports import free_port
from deploy.local.supervisor import Stack
from deploy.local.waiting import until

pytestmark = pytest.mark.chaos
UP_WITHIN = 90.0  # seconds, on a busy machine


class Start:
    """One `homeward up` in a process of its own, as deploy/run starts it."""

    def __init__(self, data: Path) -> None:
        command = [sys.executable, "-m", "deploy.cli", "up", "--data", str(data), "--port", str(free_port()), "--json"]
        self.data = data
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def where(self) -> dict[str, str]:
        """What it prints once everything is up."""
        assert self.process.stdout is not None
        told: dict[str, str] = json.loads(self.process.stdout.readline())
        return told

    def end(self, number: int) -> int:
        """Its exit code after the signal."""
        self.process.send_signal(number)
        self.process.communicate(timeout=UP_WITHIN)
        return self.process.returncode


def children(data: Path) -> dict[str, tuple[int, str]]:
    """The processes a stack wrote down."""
    known = json.loads((data / "stack.json").read_text())["children"]
    return {name: (each["pid"], each["started"]) for name, each in known.items()}


def living(known: dict[str, tuple[int, str]]) -> list[str]:
    """Those that still run."""
    return [name for name, (pid, since) in known.items() if started(pid) == since]


def gone(known: dict[str, tuple[int, str]]) -> bool:
    """None of them runs, after a moment to leave."""
    until = time.monotonic() + 20
    while living(known) and time.monotonic() < until:
        time.sleep(0.1)
    return not living(known)


def leading_today() -> str:
    """The coordinator who opens journeys today: whoever tries the stack by hand finds them first."""
    today = datetime.now(UTC).date()
    plan = plan_for(today, [load_plan(shipped(code)) for code in ("plan-2024", "plan-2025")])
    return next(f"{each.code}.coordinator" for each in in_force(plan, today) if each.role == plan.lead)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """A stack on a folder of this test's own."""
    begun = Start(tmp_path / "data")
    try:
        yield begun
    finally:
        if begun.process.poll() is None:
            begun.end(signal.SIGTERM)


def test_ctrl_c_leaves_no_process_and_a_killed_supervisor_blocks_nobody(start: Start) -> None:
    """Kill -9, then a new start on the same folder, a second one that is told who holds it, and Ctrl-C: no process is left."""
    assert httpx.get(f"{start.where()['api'].removesuffix('/api/v1')}/healthz").is_success
    sign_ins = (start.data / NAME).read_text()
    assert leading_today() == next(name for name in read_sign_ins(start.data / NAME) if name.endswith(".coordinator"))
    before = children(start.data)
    assert set(before) == {"postgres", "temporal", "worker", "api"}
    assert start.end(signal.SIGKILL) == -signal.SIGKILL
    again = Start(start.data)
    try:
        again.where()
        assert gone(before)
        assert (start.data / NAME).read_text() == sign_ins
        second = Start(start.data)
        _, said = second.process.communicate(timeout=UP_WITHIN)
        assert second.process.returncode == 1
        assert said.startswith(f"data-folder-held: this data folder is in use by process {again.process.pid} since ")
        assert len(said.splitlines()) == 1
        after = children(start.data)
        assert sorted(living(after)) == sorted(after)
    finally:
        assert again.end(signal.SIGINT) == 0
    assert gone(after)


async def test_whatever_is_killed_runs_again(tmp_path: Path) -> None:
    """A crash of any process, the two servers too, is followed by a new one, and the API answers."""
    async with Stack(tmp_path / "data", seed="nothing", say=lambda _: None, environ=plain()) as stack:
        for name in ("worker", "api", "temporal", "postgres"):
            before = stack.pids[name]
            stack.kill(name)
            async with asyncio.timeout(UP_WITHIN):
                await until(partial(again, stack, name, before), 0.1)
        known = children(stack.data)
    assert gone(known)


async def again(stack: Stack, name: str, before: int) -> bool:
    """Another process bears the name, and the API answers."""
    return stack.pids.get(name, before) != before and await ready(stack)


async def ready(stack: Stack) -> bool:
    """The API and its database answer."""
    try:
        async with httpx.AsyncClient() as client:
            return (await client.get(f"{stack.api_url}/readyz")).is_success
    except httpx.HTTPError:
        return False


def plain() -> dict[str, str]:
    """This machine's environment without anything said to Homeward but where a Temporal CLI is."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("HOMEWARD_") or name == "HOMEWARD_TEMPORAL_CLI"
    }
