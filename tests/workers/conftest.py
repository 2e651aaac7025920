"""The servers of the journeys' tests, and a client in a namespace of its own with nobody at work."""

import pytest
from temporalio.client import Client

from activities.security.keyring import Keyring
from activities.settings import Settings
from activities.temporal import connect, ensure_namespace
from tests.journeys.conftest import office, running, temporal_address
from tests.journeys.running import settings_of

__all__ = ["office", "running", "temporal_address"]


@pytest.fixture
def alone(temporal_address: str, database_url: str, key_file: object) -> Settings:
    """Settings of a namespace where no worker runs."""
    return settings_of(temporal_address, database_url, str(key_file))


@pytest.fixture
async def client(alone: Settings, keyring: Keyring) -> Client:
    """A client in it."""
    found = await connect(alone, keyring, role="test")
    await ensure_namespace(found)
    return found
