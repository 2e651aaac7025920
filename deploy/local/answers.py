"""Whether a server answers, ours or one we were pointed at."""

import asyncio
import time

import asyncpg
import httpx
from temporalio.client import Client

from deploy.local.errors import StackError

PATIENCE = 90.0  # seconds one of our own has to come up


async def api(url: str) -> None:
    """Return when the API is ready; StackError after a while."""
    until = time.monotonic() + PATIENCE
    async with httpx.AsyncClient(trust_env=False) as client:
        while time.monotonic() < until:
            try:
                if (await client.get(f"{url}/readyz")).is_success:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.1)
    raise StackError("api-not-up", "the API did not answer within 90 s: see api.log in the data folder")


async def database(url: str) -> None:
    """Return when the database of HOMEWARD_DATABASE__URL lets us in; StackError says what it said, never the address."""
    try:
        session = await asyncpg.connect(url.replace("+asyncpg", "", 1), timeout=5)
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise StackError(
            "database-away",
            f"HOMEWARD_DATABASE__URL does not let us in ({type(error).__name__}): correct it, or unset it for a database "
            "of the data folder",
        ) from None
    await session.close()


async def temporal(address: str) -> None:
    """Return when the server of HOMEWARD_TEMPORAL_ADDRESS answers; StackError names the way out."""
    try:
        await asyncio.wait_for(Client.connect(address), 10)
    except (RuntimeError, ValueError, TimeoutError):
        raise StackError(
            "temporal-away",
            "HOMEWARD_TEMPORAL_ADDRESS does not answer: correct it, or unset it for a server of the data folder",
        ) from None
