"""The folder that keeps one stack: held by one supervisor at a time, with a record of what runs on it."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from deploy.local.children import Child
from deploy.local.errors import StackError
from deploy.local.leftovers import started
from deploy.local.ports import free_port, is_free

NEEDED = 200 * 1024 * 1024  # bytes a new database and a new Temporal file need, with room for a first week


class DataFolder:
    """Made on first use; `stack.json` in it says what runs and where."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._lock: IO[str] | None = None

    def hold(self, what: str) -> None:
        """Hold the folder for `what`; StackError names the holder when there is one, or what makes it unusable."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            # Others may pass, not look: as root the database is another user's, in a folder in here.
            self.path.chmod(0o711 if os.geteuid() == 0 else 0o700)
            lock = (self.path / "lock").open("a+")
            room = shutil.disk_usage(self.path).free
        except OSError as error:
            raise StackError("data-folder-unusable", f"{error.strerror}: choose another folder with --data") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            holder = lock.read().strip() or "another process"
            lock.close()
            raise StackError(
                "data-folder-held", f"this data folder is in use by {holder}: stop it, or choose another with --data"
            ) from None
        self._lock = lock
        if room < NEEDED and not self.record:
            self.release()
            raise StackError(
                "disk-full",
                f"{room >> 20} MB are free where the data folder is, {NEEDED >> 20} needed: choose another with --data",
            )
        lock.truncate(0)
        lock.write(f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC ({what})")
        lock.flush()

    def release(self) -> None:
        """Let the folder go."""
        if self._lock is not None:
            self._lock.truncate(0)
            self._lock.close()
            self._lock = None

    @property
    def record(self) -> dict[str, Any]:
        """What was last written down; empty before the first start."""
        try:
            record = json.loads((self.path / "stack.json").read_text())
        except (OSError, ValueError):
            return {}
        return record if isinstance(record, dict) else {}

    def write_down(self, about: dict[str, Any], children: Iterable[Child]) -> None:
        """Keep addresses, and processes with their start times: no other's process is ever stopped for one of ours."""
        running = {
            each.name: {
                "pid": each.process.pid,
                "started": started(each.process.pid),
                "signal": int(each.death_signal),
            }
            for each in children
            if each.process is not None
        }
        new = self.path / "stack.json.new"
        new.touch(mode=0o600)
        new.write_text(json.dumps(about | {"children": running}, indent=1))
        new.replace(self.path / "stack.json")

    def port(self, name: str) -> int:
        """The port this server had last time when it is still free, else another."""
        before = self.record.get("ports", {}).get(name)
        return before if isinstance(before, int) and is_free(before) else free_port()
