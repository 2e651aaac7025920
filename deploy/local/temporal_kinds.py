"""The two servers of Temporal a stack can have: the dev server on a file, and production's on PostgreSQL."""

import asyncio
import signal
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from deploy.local.children import Child
from deploy.local.contrib import bring_contrib
from deploy.local.errand import Say
from deploy.local.postgres import Postgres
from deploy.local.production_server import ProductionServer, configure
from deploy.local.temporal_programs import Programs, bring_programs
from deploy.local.temporal_server import TemporalServer, bring_cli
from deploy.local.temporal_tables import DATABASES, write_tables

Begin = Callable[[str, Callable[[int], Child]], Awaitable[None]]  # a child by name, made for a port


@dataclass(frozen=True)
class Ground:
    """What a stack lends: its folder, the caller's environment, whom to tell, when to give up, how a child begins."""

    data: Path
    environ: Mapping[str, str]
    say: Say
    stopped: threading.Event
    begin: Begin


class Kind(Protocol):
    """One of the two."""

    def bring(self, ground: Ground) -> object:
        """Have all programs of it on this machine; StackError when they cannot be had."""

    async def start(self, ground: Ground) -> str:
        """Begin its processes, each waited for; returns host:port."""


class DevServer:
    """One process on an SQLite file: what a rehearsal, a demonstration and the tests run on."""

    def bring(self, ground: Ground) -> Path:
        """The CLI, which carries the server."""
        return bring_cli(ground.environ, ground.say, ground.stopped)

    async def start(self, ground: Ground) -> str:
        """Begin the server."""
        cli = await asyncio.to_thread(self.bring, ground)
        address = ""

        def server(port: int) -> Child:
            nonlocal address
            temporal = TemporalServer(cli, ground.data / "temporal", port=port)
            temporal.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            address = temporal.address
            return Child("temporal", temporal.command, ground.environ, temporal.ready)

        await ground.begin("temporal", server)
        return address


class OnPostgres:
    """The server and a PostgreSQL of its own, so that what the product asks of its database is counted alone."""

    NAME = "temporal-postgres"

    def bring(self, ground: Ground) -> tuple[Path, Programs]:
        """PostgreSQL with contrib first: it is found or refused at once, the server may be three minutes of building."""
        installed = bring_contrib(ground.environ, ground.say, ground.stopped)
        return installed, bring_programs(ground.environ, ground.say, ground.stopped)

    async def start(self, ground: Ground) -> str:
        """Begin the database, write its tables, begin the server."""
        installed, programs = await asyncio.to_thread(self.bring, ground)
        postgres = await self._database(ground, installed)
        await write_tables(programs.tool, postgres, ground.say, ground.stopped)
        settings, address = configure(ground.data / "temporal"), ""

        def server(port: int) -> Child:
            nonlocal address
            temporal = ProductionServer(programs.server, postgres, settings, port)
            address = temporal.address
            return Child("temporal", temporal.command, temporal.env, temporal.ready)

        await ground.begin("temporal", server)
        return address

    async def _database(self, ground: Ground, installed: Path) -> Postgres:
        made: list[Postgres] = []

        def server(port: int) -> Child:
            made.append(Postgres(ground.data / self.NAME, port, installed, tuple(DATABASES)))
            return Child(
                self.NAME, made[-1].command, ground.environ, made[-1].ready, made[-1].user, made[-1].group,
                stop_signal=signal.SIGINT, death_signal=signal.SIGQUIT,
            )  # fmt: skip

        await asyncio.to_thread(Postgres(ground.data / self.NAME, None, installed).prepare)
        await ground.begin(self.NAME, server)
        return made[-1]


KINDS: dict[str, Kind] = {"dev": DevServer(), "postgres": OnPostgres()}
