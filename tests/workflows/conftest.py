"""A Temporal dev server of this test process, and a desk with a worker for each story."""

import os
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from deploy.local.temporal_server import bring_cli
from tests.workflows.desk import Desk, at_desk
from tests.workflows.rows import Rows

START_UP = timedelta(seconds=60)  # the SDK gives up after 5 s, too soon on a busy machine


@pytest.fixture(scope="session")
async def temporal() -> AsyncIterator[Client]:
    """A client of a server in memory; payloads are readable here, they name nobody."""
    cli = bring_cli(os.environ, print)
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(cli),
        dev_server_log_level="error",
        dev_server_startup_timeout=START_UP,
        data_converter=pydantic_data_converter,
    ) as environment:
        yield environment.client


@pytest.fixture
async def desk(temporal: Client) -> AsyncIterator[Desk]:
    """A journey about to begin, with a worker that follows it."""
    desk = Desk(temporal, f"stories-{uuid.uuid4().hex[:8]}", Rows())
    async with at_desk(temporal, desk.rows, desk.queue):
        yield desk
