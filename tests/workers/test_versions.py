"""A release comes while journeys run: they go on under it from their next step, and no older worker takes them back."""

import asyncio
from contextlib import AsyncExitStack

from temporalio.client import Client
from temporalio.common import VersioningBehavior
from temporalio.service import RPCError

from activities.casework.context import Office
from activities.domain.ids import task_id
from activities.security.keyring import Keyring
from activities.settings import Settings
from activities.store.engine import Sessions
from activities.temporal import connect
from tests.build.agencies import until_closed
from tests.build.outcomes import BRANCHES, VALID
from tests.journeys.test_branches import opens
from tests.journeys.test_whole_journeys import begin
from workers.relay import Relay, RelayTuning
from workers.versions import build_id, current, make_current
from workers.worker import stories_at_work

QUICK = {
    "assess_needs": VALID["assess_needs"] | {"needs": []},
    "check_information": BRANCHES["check_information"]["proven"],
}


async def is_current(client: Client, build: str) -> None:
    """Wait until the server says so."""
    async with asyncio.timeout(20):
        while await told(client) != build:  # noqa: ASYNC110 - the server sets no event
            await asyncio.sleep(0.5)


async def kept(client: Client, journey: str, build: str) -> bool:
    """Wait until the server keeps the story as carried on by this build, to be upgraded."""
    async with asyncio.timeout(20):
        while True:
            about = (await client.get_workflow_handle(journey).describe()).raw_description.workflow_execution_info
            info = about.versioning_info
            if info.deployment_version.build_id == build and info.behavior == int(VersioningBehavior.AUTO_UPGRADE):
                return True
            await asyncio.sleep(0.2)


async def told(client: Client) -> str:
    """The current build; empty while the server is asked too much at once."""
    try:
        return await current(client)
    except RPCError:
        return ""


async def test_a_journey_goes_on_under_the_newer_build_and_never_back(
    client: Client, alone: Settings, database_url: str, sessions: Sessions, office: Office
) -> None:
    """Begun under one build, it is carried on by the next, which alone is at work; an old worker that comes back is no longer asked."""
    relay = Relay(sessions, client, "homeward", RelayTuning(concurrency=1, poll=0.2))
    carrying = asyncio.create_task(relay.run(database_url.replace("+asyncpg", "")))
    try:
        async with stories_at_work(client, sessions, office, alone, "0.9.3"):
            journey = await begin(sessions, office)
            await opens(sessions, task_id(journey, "examine_health"))
            assert await kept(client, journey, "0.9.3")
        async with stories_at_work(client, sessions, office, alone, "0.10.0"):
            await is_current(client, "0.10.0")
            async with stories_at_work(client, sessions, office, alone, "0.9.3"):
                assert (await until_closed(sessions, office, journey, QUICK)).closing_reason
                await make_current(client, "0.9.3")
                assert await current(client) == "0.10.0"
        assert await kept(client, journey, "0.10.0")
    finally:
        carrying.cancel()
        await asyncio.gather(carrying, return_exceptions=True)


async def test_workers_that_start_at_once_agree(
    client: Client, alone: Settings, keyring: Keyring, sessions: Sessions, office: Office
) -> None:
    """All of one build: the word is said by each of them and stays."""
    async with AsyncExitStack() as workers:
        for _ in range(3):
            own = await connect(alone, keyring, role="worker")
            await workers.enter_async_context(stories_at_work(own, sessions, office, alone))
        await is_current(client, build_id())
        await asyncio.gather(*(make_current(client, build_id()) for _ in range(3)))
        await is_current(client, build_id())
