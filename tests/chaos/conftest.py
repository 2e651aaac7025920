"""The servers and the fast clock of the journeys' tests, here for breaking."""

from dataclasses import replace

import pytest

from activities.casework.context import Office, open_office
from activities.security.keyring import Keyring
from activities.store.engine import Sessions
from tests.api.conftest import sign_in
from tests.journeys.conftest import office, running, temporal_address

__all__ = ["office", "running", "sign_in", "temporal_address"]


@pytest.fixture
async def of_its_own(sessions: Sessions, stationed: Office, keyring: Keyring) -> Office:
    """An office that may learn new days and rules: the others go on by the shipped ones."""
    return replace(await open_office(sessions, keyring), clock=stationed.clock)
