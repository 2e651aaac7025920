"""The local stack under one supervisor: PostgreSQL, Temporal, worker and API on one data folder."""

import asyncio
import fcntl
import os
import socket
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import IO, Self

import httpx

from activities.security.keyring import new_keyring_file
from deploy.local.children import Child, remember, stop_leftovers
from deploy.local.errors import StackError
from deploy.local.postgres import Postgres, free_port
from deploy.local.temporal_server import TemporalServer, bring_cli

ROOT = Path(__file__).resolve().parents[2]
MOST_BACKOFF = 10.0


class Stack:
    """Everything Homeward needs on one machine. `seed`: journeys | officers | nothing; `scale` as the clock's."""

    def __init__(
        self,
        data: Path,
        *,
        port: int | None = None,
        scale: int = 1,
        anchor: datetime | None = None,
        seed: str = "journeys",
        say: Callable[[str], None] = print,
    ) -> None:
        self.data, self.port, self.scale, self.anchor = data.absolute(), port or free_port(), scale, anchor
        self._seed, self._say = seed, say
        self.children: dict[str, Child] = {}
        self._lock: IO[str] | None = None
        self._watch: asyncio.Task[None] | None = None
        self.database_url = os.environ.get("HOMEWARD_DATABASE__URL", "")
        self.temporal_address = os.environ.get("HOMEWARD_TEMPORAL_ADDRESS", "")

    @property
    def api_url(self) -> str:
        """Where the API answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        """The environment of the product's processes."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HOMEWARD_")}
        return kept | {
            "HOMEWARD_DATABASE__URL": self.database_url,
            "HOMEWARD_TEMPORAL_ADDRESS": self.temporal_address,
            "HOMEWARD_KEYS__FILE": str(self.data / "keys.json"),
            "HOMEWARD_API__PORT": str(self.port),
            "HOMEWARD_API__PUBLIC_URL": self.api_url,
            "HOMEWARD_CLOCK_SCALE": str(self.scale),
        }

    @property
    def pids(self) -> dict[str, int]:
        """The running children by name."""
        return {name: child.process.pid for name, child in self.children.items() if child.process and child.alive}

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start everything in order; StackError in one line when something cannot be had. Nothing stays behind then."""
        self._hold()
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise

    async def _start(self) -> None:
        _port_is_free(self.port)
        for name in await asyncio.to_thread(stop_leftovers, self.data):
            self._say(f"stopped a left-over process: {name}")
        if not (self.data / "keys.json").exists():
            new_keyring_file(self.data / "keys.json")
        await self._servers()
        await self._once("migrate")
        if self._seed:
            anchor = ["--anchor", self.anchor.strftime("%Y-%m-%dT%H:%M:%S")] if self.anchor else []
            officers = ["--only-officers"] if self._seed == "officers" else []
            await self._once("seed", "--sign-ins", str(self.data / "sign-ins.txt"), *anchor, *officers)
        for name, ready in (("worker", _at_once), ("api", self._api_ready)):
            await self._launch(Child(name, [sys.executable, "-m", "deploy.cli", name], self.env, ready))
        self._watch = asyncio.create_task(self._supervise())

    async def _servers(self) -> None:
        if not self.database_url:
            postgres = Postgres(self.data / "postgres")
            await asyncio.to_thread(postgres.prepare)
            self.database_url = postgres.url
            await self._launch(
                Child(
                    "postgres",
                    postgres.command,
                    os.environ,
                    postgres.ready,
                    postgres.user,
                    postgres.group,
                    stop_signal=2,
                )
            )
        if not self.temporal_address:
            cli = await asyncio.to_thread(bring_cli, os.environ, self._say)
            temporal = TemporalServer(cli, self.data / "temporal")
            temporal.folder.mkdir(parents=True, exist_ok=True)
            self.temporal_address = temporal.address
            await self._launch(Child("temporal", temporal.command, os.environ, temporal.ready))

    async def _launch(self, child: Child) -> None:
        self._say(f"starting {child.name}")
        child.start(self.data)
        self.children[child.name] = child
        remember(self.data, list(self.children.values()))
        await child.ready()

    async def _once(self, *command: str) -> None:
        """Run one command of ours to its end."""
        self._say(f"running {command[0]}")
        done = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "deploy.cli",
            *command,
            env=self.env,
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await done.communicate()
        if done.returncode:
            last = (said.decode().strip().splitlines() or ["no reason given"])[-1]
            raise StackError(f"{command[0]}-failed", last)

    async def _supervise(self) -> None:
        """Start again whatever dies, patiently."""
        backoff = dict.fromkeys(self.children, 0.2)
        while True:
            await asyncio.sleep(0.2)
            for name, child in self.children.items():
                if child.alive:
                    continue
                self._say(f"{name} ended: starting it again")
                await asyncio.sleep(backoff[name])
                backoff[name] = min(backoff[name] * 2, MOST_BACKOFF)
                child.start(self.data)
                remember(self.data, list(self.children.values()))
                try:
                    await child.ready()
                except (StackError, OSError) as error:
                    self._say(str(error))
                else:
                    backoff[name] = 0.2

    def kill(self, name: str) -> None:
        """Kill one child at once, as a crash would."""
        process = self.children[name].process
        if process is not None:
            process.kill()

    async def stop(self) -> None:
        """Stop every child, last started first, and let the data folder go."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None
        for child in reversed(list(self.children.values())):
            await child.stop()
        self.children.clear()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _hold(self) -> None:
        """Hold the data folder; a second start is told who does."""
        try:
            self.data.mkdir(parents=True, exist_ok=True)
            self._lock = (self.data / "lock").open("a+")
        except OSError as error:
            raise StackError("data-folder-unusable", f"{error.strerror}: choose another with --data") from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.seek(0)
            held = self._lock.read().strip() or "another process"
            self._lock.close()
            self._lock = None
            raise StackError(
                "data-folder-held", f"this data folder is in use by {held}: stop it, or choose another with --data"
            ) from None
        self._lock.truncate(0)
        self._lock.write(f"process {os.getpid()} at {self.api_url}")
        self._lock.flush()

    async def _api_ready(self) -> None:
        async with httpx.AsyncClient() as client:
            for _ in range(200):
                try:
                    if (await client.get(f"{self.api_url}/readyz")).is_success:
                        return
                except httpx.HTTPError:
                    await asyncio.sleep(0.1)
        raise StackError("api-not-up", "the API did not answer within 20 s: see api.log in the data folder")


async def _at_once() -> None:
    """A child that needs no waiting for."""


def _port_is_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise StackError("port-taken", f"port {port} is in use: choose another with --port") from None
