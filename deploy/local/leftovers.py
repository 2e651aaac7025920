"""Processes a killed supervisor left behind: told from others by their start time, stopped by id."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LEAVING = 10.0  # seconds a left-over process has to be gone after its signal


def stop_leftovers(children: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Stop those that still run and wait for their end. `children`: name to pid, started, signal. Returns the names."""
    found = {}
    for name, known in children.items():
        if known["started"] and started(known["pid"]) == known["started"]:
            found[name] = known
            _send(known["pid"], known["signal"])
    until = time.monotonic() + LEAVING
    for known in found.values():
        while started(known["pid"]) == known["started"]:
            if time.monotonic() > until:
                _send(known["pid"], signal.SIGKILL)
            time.sleep(0.05)
    return sorted(found)


def started(pid: int) -> str:
    """When a process started, as its system tells it; empty where it is gone."""
    if sys.platform != "linux":
        return _asked(pid, "lstart")
    try:
        state, *rest = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError, ValueError):
        return ""
    return "" if state == "Z" else rest[18]


def running_command(pid: int) -> str:
    """What a process was started with; empty where it is gone."""
    if sys.platform != "linux":
        return _asked(pid, "command")
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _asked(pid: int, what: str) -> str:
    asked = subprocess.run(["ps", "-o", f"{what}=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return asked.stdout.strip()


def _send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except OSError:
        return  # gone in between, or not ours after all
