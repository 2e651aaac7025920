"""Everything real: PostgreSQL, Temporal, worker and relay; case time runs fast, so that months pass in seconds."""

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from activities.casework.context import Office
from activities.plan.clock import Clock
from activities.security.keyring import Keyring
from activities.store.engine import Sessions
from deploy.local.temporal_server import TemporalServer, bring_cli
from tests.journeys.running import Running, at_work, settings_of

DAY_IN_TWO_SECONDS = 43_200


@pytest.fixture(scope="session")
async def temporal_address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """A Temporal server of this test process: HOMEWARD_TEST_TEMPORAL where one is given, else one of our own."""
    given = os.environ.get("HOMEWARD_TEST_TEMPORAL")
    if given:
        yield given
        return
    server = TemporalServer(bring_cli(os.environ, print), Path(tmp_path_factory.mktemp("temporal")))
    await server.start()
    try:
        yield server.address
    finally:
        await server.stop()


@pytest.fixture
def office(stationed: Office) -> Office:
    """Case time from Monday 4 March 2024, a day in two real seconds."""
    anchor = datetime(2024, 3, 4, 2, tzinfo=UTC)
    return replace(stationed, clock=Clock(anchor=anchor, real0=datetime.now(UTC), scale=DAY_IN_TWO_SECONDS))


@pytest.fixture
async def running(
    temporal_address: str, database_url: str, key_file: Path, keyring: Keyring, sessions: Sessions, office: Office
) -> AsyncIterator[Running]:
    """A worker and a relay at work on an emptied database."""
    settings = settings_of(temporal_address, database_url, str(key_file))
    async with at_work(settings, keyring, sessions, office) as work:
        yield work
