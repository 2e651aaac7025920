"""Child processes of the stack: started, waited for, stopped by id; none outlives its parent."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import launch
from deploy.local.errors import StackError
from deploy.local.waiting import until

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 15.0  # seconds a child has to leave
LOOK = 0.1  # seconds between two looks at whether a child lives


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
    death_signal: int = signal.SIGKILL
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self, folder: Path) -> None:
        """Start it, its output in a file of the data folder. Call it in the main thread: it dies with the calling one."""
        with (folder / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                bound_to_us(self.command, death=self.death_signal, user=self.user, group=self.group),
                env=dict(self.env),
                cwd=ROOT,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is the supervisor's to handle
            )

    @property
    def alive(self) -> bool:
        """It runs."""
        return self.process is not None and self.process.poll() is None

    async def answer(self) -> None:
        """Wait until it answers; StackError as soon as it ends instead."""
        ready = asyncio.ensure_future(self.ready())
        try:
            while not ready.done():
                await asyncio.wait([ready], timeout=LOOK)
                if not ready.done() and not self.alive:
                    raise StackError(
                        f"{self.name}-ended", f"{self.name} ended at once: see {self.name}.log in the data folder"
                    )
            await ready
        finally:
            ready.cancel()

    async def end(self) -> None:
        """Return when it has ended, by whatever cause."""
        await until(self._ended, LOOK)

    async def _ended(self) -> bool:
        return not self.alive

    async def stop(self) -> None:
        """Ask it to leave; after a while make it."""
        if self.process is None:
            return
        if self.alive:
            self.process.send_signal(self.stop_signal)
        try:
            await asyncio.wait_for(self.end(), PATIENCE)
        except TimeoutError:
            self.process.kill()
            await self.end()


def bound_to_us(
    command: list[str], *, death: int = signal.SIGKILL, user: int | None = None, group: int | None = None
) -> list[str]:
    """The command that runs `command` as that user and lets it die by `death` with the thread that starts it."""
    who = ["-1", "-1"] if user is None or group is None else [str(user), str(group)]
    return [sys.executable, "-I", "-S", "-B", str(launch.__file__), str(os.getpid()), str(int(death)), *who, *command]


async def at_once() -> None:
    """The `ready` of a child that needs no waiting for."""
