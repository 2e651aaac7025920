"""A Temporal server for the commands that ask one."""

from tests.journeys.conftest import temporal_address

__all__ = ["temporal_address"]
