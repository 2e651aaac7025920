"""The local stack under one supervisor: PostgreSQL, Temporal, worker and API on one data folder."""

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from activities.security.keyring import new_keyring_file
from activities.security.sign_in_file import NAME
from deploy.local import answers
from deploy.local.children import Child, at_once
from deploy.local.data_folder import DataFolder
from deploy.local.errors import StackError
from deploy.local.leftovers import stop_leftovers
from deploy.local.ports import free_port, is_free
from deploy.local.postgres import Postgres
from deploy.local.temporal_kinds import KINDS, Ground

PARTS = (
    "relay",
    "notifier",
    "reconcile",
    "expiry",
)  # what a worker does beside the stories; each may be a process of its own
LEAST_BACKOFF, MOST_BACKOFF = 0.2, 10.0
STEADY = 10.0  # seconds of running after which a child counts as sound again
PORT_TRIES = 3


class Stack:
    """Everything Homeward needs on one machine. `seed`: journeys | officers | nothing; `scale` as the clock's.

    `temporal`: dev | postgres, which server of Temporal it has (temporal_kinds).
    `processes`: worker and api, and of PARTS those that run in a process of their own instead of in the worker's.
    `without`: those of PARTS that nobody runs.
    A server that `environ` names (HOMEWARD_DATABASE__URL, HOMEWARD_TEMPORAL_ADDRESS) is used and never started.
    """

    def __init__(
        self,
        data: Path,
        *,
        port: int | None = None,
        scale: int = 1,
        anchor: datetime | None = None,
        processes: Sequence[str] = ("worker", "api"),
        without: Sequence[str] = (),
        seed: str = "journeys",
        temporal: str = "dev",
        say: Callable[[str], None] = print,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.data, self.port, self.scale, self.anchor = data.absolute(), port or free_port(), scale, anchor
        self.processes, self.temporal, self._seed, self._say = tuple(processes), temporal, seed, say
        self._without = tuple(without)
        self._environ = dict(os.environ if environ is None else environ)
        self._folder = DataFolder(self.data)
        self._ports: dict[str, int] = {}
        self._watches: list[asyncio.Task[None]] = []
        self._stopped = threading.Event()
        self.children: dict[str, Child] = {}
        self.database_url = self._environ.get("HOMEWARD_DATABASE__URL", "")
        self.temporal_address = self._environ.get("HOMEWARD_TEMPORAL_ADDRESS") or self._environ.get(
            "HOMEWARD_TEMPORAL__ADDRESS", ""
        )

    @property
    def api_url(self) -> str:
        """Where the API answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def sign_ins(self) -> Path:
        """Where the synthetic officers' passwords are."""
        return self.data / NAME

    @property
    def env(self) -> dict[str, str]:
        """The environment of the product's processes: the caller's, with what this stack decides."""
        kept = {name: value for name, value in self._environ.items() if name != "HOMEWARD_TEMPORAL__ADDRESS"}
        own = {
            "HOMEWARD_DATABASE__URL": self.database_url,
            "HOMEWARD_TEMPORAL_ADDRESS": self.temporal_address,
            "HOMEWARD_API__HOST": "127.0.0.1",
            "HOMEWARD_API__PORT": str(self.port),
            "HOMEWARD_API__PUBLIC_URL": kept.get("HOMEWARD_API__PUBLIC_URL") or self.api_url,
            "HOMEWARD_CLOCK_SCALE": str(self.scale),
        }
        return kept | own | ({} if self._keys_given else {"HOMEWARD_KEYS__FILE": str(self.data / "keys.json")})

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
        self._folder.hold(self.api_url)
        try:
            await self._start()
        except OSError as error:
            await self.stop()
            raise StackError("machine-refuses", f"{error.strerror}: make room or choose another with --data") from error
        except BaseException:
            await self.stop()
            raise

    async def prepare(self) -> None:
        """Bring Temporal, make keys and cluster, and stop."""
        self._folder.hold("setting up")
        try:
            await self._clear()
            if not self.temporal_address:
                await asyncio.to_thread(KINDS[self.temporal].bring, self._ground)
            if not self.database_url:
                await asyncio.to_thread(Postgres(self.data / "postgres").prepare)
        finally:
            await self.stop()

    async def _start(self) -> None:
        if not is_free(self.port):
            raise StackError("port-taken", f"port {self.port} is in use or not allowed: choose another with --port")
        await self._clear()
        await self._postgres()
        await self._temporal()
        await self._once("migrate")
        if self._seed in {"journeys", "officers"}:
            anchor = ["--anchor", self.anchor.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")] if self.anchor else []
            officers = ["--only-officers"] if self._seed == "officers" else []
            await self._once("seed", "--sign-ins", str(self.sign_ins), *anchor, *officers)
        for name, command in self._commands().items():
            ready = self._api_ready if name == "api" else at_once
            await self._launch(Child(name, [sys.executable, "-m", "deploy.cli", *command], self.env, ready))
        self._watches = [asyncio.create_task(self._watch(child)) for child in self.children.values()]

    async def _clear(self) -> None:
        """Stop what a killed supervisor left, and see that the keys are there."""
        for name in await asyncio.to_thread(stop_leftovers, self._folder.record.get("children", {})):
            self._say(f"stopped a left-over process: {name}")
        if self._keys_given or (self.data / "keys.json").exists():
            return
        if not self.database_url and Postgres(self.data / "postgres").made:
            raise StackError(
                "keys-missing",
                "this data folder has a database and no keys.json, without which nobody can read it: put keys.json back, "
                "or choose another folder with --data",
            )
        new_keyring_file(self.data / "keys.json")

    @property
    def _keys_given(self) -> bool:
        return any(name.startswith("HOMEWARD_KEYS__") and value for name, value in self._environ.items())

    @property
    def _ground(self) -> Ground:
        return Ground(self.data, self._environ, self._say, self._stopped, self._server)

    def _commands(self) -> dict[str, list[str]]:
        apart = [name for name in PARTS if name in self.processes]
        commands = {name: ["worker", "--only", name] for name in apart}
        if "worker" in self.processes:
            within = ["stories", *(part for part in PARTS if part not in (*apart, *self._without))]
            commands = {"worker": ["worker", *(f"--only={part}" for part in within)], **commands}
        if "api" in self.processes:
            commands["api"] = ["api"]
        return commands

    async def _postgres(self) -> None:
        if self.database_url:
            await answers.database(self.database_url)
            return

        def server(port: int) -> Child:
            postgres = Postgres(self.data / "postgres", port)
            self.database_url = postgres.url
            return Child(
                "postgres", postgres.command, self._environ, postgres.ready, postgres.user, postgres.group,
                stop_signal=signal.SIGINT, death_signal=signal.SIGQUIT,
            )  # fmt: skip

        postgres = Postgres(self.data / "postgres")
        if not postgres.made:
            self._say("making the database's cluster, once")
        await asyncio.to_thread(postgres.prepare)
        if postgres.home != postgres.folder:
            self._say(
                f"PostgreSQL does not run as root and cannot reach the data folder: its files are in {postgres.home}"
            )
        await self._server("postgres", server)

    async def _temporal(self) -> None:
        if self.temporal_address:
            await answers.temporal(self.temporal_address)
            return
        self.temporal_address = await KINDS[self.temporal].start(self._ground)

    async def _server(self, name: str, server: Callable[[int], Child]) -> None:
        """Start a server on the port it had, or on another when somebody is faster."""
        port = self._folder.port(name)
        for attempt in range(PORT_TRIES):
            self._ports[name] = port
            try:
                await self._launch(server(port))
            except StackError:
                if attempt == PORT_TRIES - 1 or is_free(port):
                    raise
                port = free_port()
            else:
                return

    async def _launch(self, child: Child) -> None:
        self._say(f"starting {child.name}")
        child.start(self.data)
        self.children[child.name] = child
        self._write_down()
        await child.answer()

    async def _once(self, *command: str) -> None:
        """Run one command of ours to its end."""
        self._say(f"running {command[0]}")
        child = Child(command[0], [sys.executable, "-m", "deploy.cli", *command], self.env, at_once)
        (self.data / f"{child.name}.log").unlink(missing_ok=True)
        child.start(self.data)
        try:
            await child.end()
        finally:
            await child.stop()
        if child.process is not None and child.process.returncode:
            said = (self.data / f"{child.name}.log").read_text(errors="replace").strip().splitlines()
            raise StackError(f"{child.name}-failed", said[-1] if said else "no reason given")

    async def _watch(self, child: Child) -> None:
        """Start a child again whenever it ends, patiently when it keeps ending."""
        backoff = LEAST_BACKOFF
        while True:
            begun = time.monotonic()
            await child.end()
            code = child.process.returncode if child.process else None
            backoff = LEAST_BACKOFF if time.monotonic() - begun > STEADY else backoff
            self._say(f"{child.name} ended ({code}): starting it again")
            await asyncio.sleep(backoff)
            backoff = min(backoff * 2, MOST_BACKOFF)
            try:
                child.start(self.data)
                self._write_down()
                await child.answer()
            except (StackError, OSError) as error:
                self._say(str(error))
            else:
                self._say(f"{child.name} runs again")

    def kill(self, name: str) -> None:
        """Kill one child at once, as a crash would; supervision starts it again."""
        process = self.children[name].process
        if process is not None:
            process.kill()

    async def stop(self) -> None:
        """Stop every child, last started first, and let the data folder go."""
        self._stopped.set()
        for watch in self._watches:
            watch.cancel()
        await asyncio.gather(*self._watches, return_exceptions=True)
        self._watches = []
        for child in reversed(self.children.values()):
            await child.stop()
        self.children.clear()
        self._folder.release()

    def _write_down(self) -> None:
        about = {
            "supervisor": os.getpid(),
            "api": self.api_url,
            "temporal": self.temporal_address,
            "database": self.database_url,
            "ports": self._ports,
        }
        self._folder.write_down(about, self.children.values())

    async def _api_ready(self) -> None:
        await answers.api(self.api_url)
