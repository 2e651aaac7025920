"""Stories of the Temporal client, told against a real server: it holds ids and sealed bytes, and no name."""

import asyncio
import io
import json
import logging
import os
import re
import shutil
import socket
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client, WorkflowFailureError
from temporalio.runtime import Runtime
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.logs import configure_logs
from activities.security.keyring import Keyring, new_keyring
from activities.settings import DatabaseSettings, KeysSettings, LogSettings, Settings, TemporalSettings
from activities.temporal import TemporalUnavailableError, connect, ensure_namespace, process_runtime
from tests.security.echo import Echo, Wish, echo

NAME = "Nguyễn Thị Lan"
RING = new_keyring()

pytestmark = pytest.mark.temporal


def settings(address: str, namespace: str) -> Settings:
    """Settings of one namespace on one server."""
    return Settings(
        database=DatabaseSettings(url=SecretStr("postgresql+asyncpg://nowhere/none")),
        keys=KeysSettings(file=Path("unused")),
        temporal=TemporalSettings(address=address, namespace=namespace),
    )


@pytest.fixture(scope="module")
async def address() -> AsyncIterator[str]:
    """The address of a real dev server of this file's own."""
    cli = os.environ.get("HOMEWARD_TEMPORAL_CLI") or shutil.which("temporal")
    if cli is None:
        pytest.skip("no Temporal CLI: set HOMEWARD_TEMPORAL_CLI or put temporal on PATH")
    async with await WorkflowEnvironment.start_local(dev_server_existing_path=cli) as environment:
        yield environment.client.service_client.config.target_host


@pytest.fixture
async def client(address: str) -> Client:
    """A client in a namespace that did not exist."""
    client = await connect(settings(address, f"homeward-{uuid.uuid4().hex[:8]}"), RING, role="worker")
    await ensure_namespace(client)
    return client


async def test_a_missing_namespace_is_made_and_usable_at_once(client: Client) -> None:
    """The first start on an empty server needs no hand work; the second changes nothing."""
    await ensure_namespace(client, retention=timedelta(days=3))
    told = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
    assert told.config.workflow_execution_retention_ttl.ToTimedelta() == timedelta(days=30)


async def test_temporal_never_holds_a_name(client: Client) -> None:
    """Even a name that strays into a message, a result, a failure or a query is sealed in the history."""
    queue = uuid.uuid4().hex
    async with Worker(client, task_queue=queue, workflows=[Echo], activities=[echo]):
        well = await client.start_workflow(Echo.run, Wish(text=NAME), id=uuid.uuid4().hex, task_queue=queue)
        assert (await well.result()).text == NAME
        assert await well.query(Echo.state) == Wish(text=NAME)
        ill = await client.start_workflow(Echo.run, Wish(text=NAME, refuse=True), id=uuid.uuid4().hex, task_queue=queue)
        with pytest.raises(WorkflowFailureError) as failed:
            await ill.result()
    assert NAME in str(failed.value.cause)
    for handle in (well, ill):
        history = (await handle.fetch_history()).to_json()
        assert "Nguy" not in history
        assert "test_temporal_payloads.py" not in history
        assert not re.search(rf"\b{re.escape(socket.gethostname())}\b", history)
        assert '"identity": "homeward-worker"' in history


async def test_a_plain_payload_from_outside_is_refused(client: Client, address: str) -> None:
    """Someone who reaches the server but has no key cannot answer for an agency."""
    queue, plain = uuid.uuid4().hex, await Client.connect(address, namespace=client.namespace)
    async with Worker(client, task_queue=queue, workflows=[Echo], activities=[echo]):
        forged = await plain.start_workflow("Echo", {"text": NAME}, id=uuid.uuid4().hex, task_queue=queue)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.5):
                await forged.result()
        await forged.terminate()
    happened = (await forged.fetch_history()).to_json()
    assert "WORKFLOW_TASK_FAILED" in happened
    assert "ACTIVITY_TASK_SCHEDULED" not in happened


async def test_a_worker_with_other_keys_cannot_read(client: Client, address: str, ring: Keyring) -> None:
    """The bytes are worth nothing without the ring."""
    queue = uuid.uuid4().hex
    async with Worker(client, task_queue=queue, workflows=[Echo], activities=[echo]):
        handle = await client.start_workflow(Echo.run, Wish(text=NAME), id=uuid.uuid4().hex, task_queue=queue)
        await handle.result()
    stranger = await connect(settings(address, client.namespace), ring)
    with pytest.raises(Exception, match="do not open"):
        await stranger.get_workflow_handle(handle.id).result()


async def test_a_server_that_is_down_is_said_in_one_line() -> None:
    """The operator learns where it was looked for and what to set; the process does not hang."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        nowhere = f"127.0.0.1:{one.getsockname()[1]}"
    with pytest.raises(TemporalUnavailableError, match="HOMEWARD_TEMPORAL_ADDRESS") as down:
        await connect(settings(nowhere, "homeward"), RING, patience=timedelta(seconds=1))
    assert down.value.code == "temporal_unavailable"
    assert nowhere in str(down.value)
    assert len(str(down.value).splitlines()) == 1


async def test_a_workflows_log_line_passes_the_chain(client: Client) -> None:
    """From inside the sandbox too: a literal sentence, and the workflow's id to find it by."""
    root, hook, paper = logging.getLogger(), sys.excepthook, io.StringIO()
    handlers, level, queue = root.handlers[:], root.level, uuid.uuid4().hex
    configure_logs(LogSettings(level="WARNING"), paper)
    try:
        async with Worker(client, task_queue=queue, workflows=[Echo], activities=[echo]):
            for refuse in (False, True):
                wish, journey = Wish(text=NAME, refuse=refuse), f"journey-{refuse}"
                handle = await client.start_workflow(Echo.run, wish, id=journey, task_queue=queue)
                with suppress(WorkflowFailureError):
                    await handle.result()
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        sys.excepthook = hook
    lines = [json.loads(line) for line in paper.getvalue().splitlines()]
    began = [line["workflow_id"] for line in lines if line["event"] == "echo began"]
    assert began == ["journey-False", "journey-True"]
    failed = [line for line in lines if line["event"] == "Completing activity as failed"]
    assert [(line["activity_type"], line["error"]) for line in failed] == [("echo", "ApplicationError")]
    assert "Nguy" not in paper.getvalue()


def test_the_sdks_core_logs_through_the_chain() -> None:
    """One runtime a process; its lines reach the same place as ours."""
    assert isinstance(process_runtime(), Runtime)
