"""The servers and the fast clock of the journeys' tests, here for breaking."""

from tests.api.conftest import sign_in
from tests.journeys.conftest import office, running, temporal_address

__all__ = ["office", "running", "sign_in", "temporal_address"]
