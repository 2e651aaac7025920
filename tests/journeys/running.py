"""A Temporal dev server for the tests of one process, and a worker with everything real behind it."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from temporalio.client import Client

from activities.casework.context import Office
from activities.security.keyring import Keyring
from activities.settings import Settings, load_settings
from activities.store.engine import Sessions
from activities.temporal import connect, ensure_namespace
from workers.relay import Relay, RelayTuning
from workers.worker import stories_at_work


@dataclass
class Running:
    """A worker and a relay at work."""

    client: Client
    relay: Relay
    settings: Settings


def settings_of(address: str, database_url: str, key_file: str, cached: int = 2) -> Settings:
    """Settings of a worker in a namespace of its own. Few `cached` journeys are read back from their histories all the time."""
    return load_settings(
        {
            "HOMEWARD_DATABASE__URL": database_url,
            "HOMEWARD_KEYS__FILE": key_file,
            "HOMEWARD_TEMPORAL_ADDRESS": address,
            "HOMEWARD_TEMPORAL__NAMESPACE": f"test-{uuid.uuid4().hex[:8]}",
            "HOMEWARD_WORKER__MAX_CACHED_WORKFLOWS": str(cached),
        }
    )


@asynccontextmanager
async def at_work(settings: Settings, keyring: Keyring, sessions: Sessions, office: Office) -> AsyncIterator[Running]:
    """Worker and relay until the block ends."""
    client = await connect(settings, keyring, role="worker")
    await ensure_namespace(client)
    relay = Relay(sessions, client, settings.temporal.task_queue, RelayTuning(concurrency=2, poll=0.5))
    listen = settings.database.url.get_secret_value().replace("+asyncpg", "")
    async with stories_at_work(client, sessions, office, settings):
        carrying = asyncio.create_task(relay.run(listen))
        try:
            yield Running(client, relay, settings)
        finally:
            carrying.cancel()
            await asyncio.gather(carrying, return_exceptions=True)
