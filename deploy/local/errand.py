"""One thing to be brought to this machine: run to its end, told of while it lasts, given up when somebody says so."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from deploy.local.children import bound_to_us

TELLING = 20.0  # seconds between two lines on something slow
Say = Callable[[str], None]


def cache_folder(env: Mapping[str, str]) -> Path:
    """Where a built or downloaded binary is kept for every clone of this user."""
    base = env.get("XDG_CACHE_HOME") or str(Path(env.get("HOME") or "~").expanduser() / ".cache")
    return Path(base) / "homeward"


class Errand:
    """One attempt: its environment, its scratch folder, whom to tell, and whether to give up."""

    def __init__(self, env: Mapping[str, str], scratch: Path, say: Say, stopped: threading.Event | None = None) -> None:
        self.env, self.scratch, self.say, self.stopped = dict(env), scratch, say, stopped or threading.Event()

    def run(self, command: list[str], limit: float, **more: str) -> tuple[bool, str]:
        """Run a command to its end, telling that it goes on; (worked, last line of what it said)."""
        begun = told = time.monotonic()
        with (self.scratch / "said").open("w+b") as said:
            process = subprocess.Popen(
                bound_to_us(command), env=self.env | more, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                start_new_session=True,
            )  # fmt: skip
            try:
                while process.poll() is None and not self.stopped.is_set() and time.monotonic() - begun < limit:
                    time.sleep(0.1)
                    if time.monotonic() - told > TELLING:
                        told = time.monotonic()
                        self.say(f"  still at it, {told - begun:.0f} s")
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines()
        return process.returncode == 0, lines[-1] if lines else "no reason given"
