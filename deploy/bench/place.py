"""Where the bench measures: a stack of its own, people who sign in, and a way to watch its rows."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.api.workflowservice.v1 import GetSystemInfoRequest
from temporalio.client import Client

from activities.casework.context import Office, open_office
from activities.security.keyring import keyring_from
from activities.security.sign_in_file import read_sign_ins
from activities.settings import Settings, load_settings
from activities.store.engine import Sessions, open_engine, open_sessions
from activities.temporal import connect
from deploy.local.supervisor import Stack
from deploy.rehearsal.desk import Desk, sign_in
from deploy.rehearsal.rehearsal import emptied

WATCHER = "bench"  # the name under which the bench itself asks the database: never counted
POOL = 5


@dataclass
class Place:
    """A running stack and the bench's own means on it."""

    stack: Stack
    settings: Settings
    engine: AsyncEngine
    sessions: Sessions
    office: Office
    client: Client
    http: httpx.AsyncClient
    passwords: dict[str, str]
    desks: dict[str, Desk]

    async def desk(self, username: str) -> Desk:
        """An officer's desk, signed in once."""
        if username not in self.desks:
            self.desks[username] = await sign_in(self.http, username, self.passwords[username], Counter())
        return self.desks[username]

    async def temporal_version(self) -> str:
        """What the server of Temporal says of itself."""
        told = await self.client.workflow_service.get_system_info(GetSystemInfoRequest())
        return told.server_version


@asynccontextmanager
async def opened_place(
    folder: Path,
    say: Callable[[str], None],
    environ: dict[str, str],
    *processes: str,
    temporal: str = "dev",
    anchor: datetime | None = None,
    without: tuple[str, ...] = (),
) -> AsyncIterator[Place]:
    """A stack in a folder of its own, with all officers and no journey, at life's pace: every deadline is on.

    `anchor`: the case time it begins at, where that is not today. `without`: parts of the worker nobody runs.
    """
    stack = Stack(
        emptied(folder), seed="officers", processes=processes or ("worker", "api"), temporal=temporal, say=say,
        environ=environ, anchor=anchor, without=without,
    )  # fmt: skip
    async with stack:
        settings = load_settings(stack.env)
        engine = open_engine(settings.database.url.get_secret_value(), pool_size=POOL, name=WATCHER)
        sessions = open_sessions(engine)
        keyring = keyring_from(settings.keys)
        limits = httpx.Limits(max_connections=64)
        async with httpx.AsyncClient(base_url=stack.api_url, timeout=60, limits=limits) as http:
            try:
                yield Place(
                    stack, settings, engine, sessions, await open_office(sessions, keyring),
                    await connect(settings, keyring, role="bench"), http,
                    read_sign_ins(stack.sign_ins), {},
                )  # fmt: skip
            finally:
                await engine.dispose()
