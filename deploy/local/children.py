"""Child processes of the stack: started, watched, started again, stopped by id; none outlives its parent."""

import asyncio
import ctypes
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
PATIENCE = 15.0  # seconds a child has to leave


@dataclass
class Child:
    """One process of the stack. `ready` returns when it answers; raises when it does not."""

    name: str
    command: list[str]
    env: Mapping[str, str]
    ready: Callable[[], Awaitable[None]]
    user: int | None = None
    group: int | None = None
    stop_signal: int = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self, folder: Path) -> None:
        """Start it, its output in a file of the data folder."""
        with (folder / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.env),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                user=self.user,
                group=self.group,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - one call into the kernel, before any thread of the child
            )

    @property
    def alive(self) -> bool:
        """It runs."""
        return self.process is not None and self.process.poll() is None

    async def stop(self) -> None:
        """Ask it to leave; after a while make it."""
        if self.process is None:
            return
        if self.alive:
            self.process.send_signal(self.stop_signal)
        try:
            await asyncio.to_thread(self.process.wait, PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            await asyncio.to_thread(self.process.wait)


def _die_with_parent() -> None:
    """The kernel kills the child when its parent is killed (Linux; elsewhere the next start finds the leftovers)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def remember(folder: Path, children: list[Child]) -> None:
    """Write down which processes are ours, with their start times, so that no other's process is ever stopped."""
    pids = {child.name: [child.process.pid, _started(child.process.pid)] for child in children if child.process}
    (folder / "children.json").write_text(json.dumps(pids))


def stop_leftovers(folder: Path) -> list[str]:
    """Stop what a killed supervisor left behind; the names of what was found."""
    try:
        known = json.loads((folder / "children.json").read_text())
    except (OSError, ValueError):
        return []
    found = []
    for name, (pid, started) in known.items():
        if started and _started(pid) == started:
            os.kill(pid, signal.SIGKILL)
            found.append(name)
    return found


def _started(pid: int) -> str:
    """When a process started, in the kernel's ticks; empty where it is gone or cannot be asked."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        return ""
