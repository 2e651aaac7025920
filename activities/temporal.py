"""The one way to get a Temporal client: sealed payloads, no host names, a clear word when the server is down."""

import asyncio
import logging
from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.errordetails.v1 import NamespaceNotFoundFailure
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest, RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.common import HeaderCodecBehavior
from temporalio.runtime import LogForwardingConfig, LoggingConfig, PrometheusConfig, Runtime, TelemetryConfig
from temporalio.service import RPCError, RPCStatusCode

from activities.security.codec import data_converter
from activities.security.keyring import Keyring
from activities.settings import Settings

RETENTION = timedelta(days=30)  # how long a closed journey's history stays; our choice
PATIENCE = timedelta(seconds=20)
_PAUSE = 0.25
_ATTEMPT = timedelta(seconds=5)
_SILENT = frozenset({RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED})


class TemporalUnavailableError(Exception):
    """The server did not answer in time; the message is one line and names a way out."""

    code = "temporal_unavailable"


async def connect(
    settings: Settings,
    keyring: Keyring,
    *,
    role: str = "client",
    patience: timedelta = PATIENCE,
    runtime: Runtime | None = None,
) -> Client:
    """A client for our namespace that shows itself as `homeward-<role>`; tries again until `patience` is over.

    Raises `TemporalUnavailableError`. The namespace need not exist yet: see `ensure_namespace`.
    """
    where = settings.temporal
    deadline = asyncio.get_running_loop().time() + patience.total_seconds()
    while True:
        try:
            async with asyncio.timeout_at(deadline):
                return await Client.connect(
                    where.address,
                    namespace=where.namespace,
                    data_converter=data_converter(keyring, where.namespace),
                    identity=f"homeward-{role}",
                    header_codec_behavior=HeaderCodecBehavior.CODEC,
                    connect_timeout=_ATTEMPT,
                    runtime=runtime,
                )
        except (RuntimeError, TimeoutError):
            if asyncio.get_running_loop().time() + _PAUSE >= deadline:
                raise _unavailable(where.address) from None
            await asyncio.sleep(_PAUSE)


async def ensure_namespace(client: Client, *, retention: timedelta = RETENTION, patience: timedelta = PATIENCE) -> None:
    """Registers the client's namespace if it is missing, and returns once every part of the server knows it.

    Raises `TemporalUnavailableError` when that takes longer than `patience`.
    """
    kept = Duration()
    kept.FromTimedelta(retention)
    request = RegisterNamespaceRequest(namespace=client.namespace, workflow_execution_retention_period=kept)
    try:
        async with asyncio.timeout(patience.total_seconds()):
            try:
                await client.workflow_service.register_namespace(request, retry=True, timeout=_ATTEMPT)
            except RPCError as error:
                if error.status is not RPCStatusCode.ALREADY_EXISTS:
                    raise
            await _namespace_known(client)
    except TimeoutError:
        raise _unavailable(client.service_client.config.target_host) from None
    except RPCError as error:
        if error.status not in _SILENT:
            raise
        raise _unavailable(client.service_client.config.target_host) from None


def process_runtime(metrics_address: str | None = None) -> Runtime:
    """A runtime, one per process: the SDK's own log lines join ours; metrics at `metrics_address` (host:port)."""
    forwarding = LogForwardingConfig(
        logging.getLogger("temporalio.core"),
        append_target_to_name=False,
        prepend_target_on_message=False,
        append_log_fields_to_message=False,
    )
    metrics = None if metrics_address is None else PrometheusConfig(bind_address=metrics_address)
    logs = LoggingConfig(filter=LoggingConfig.default.filter, forwarding=forwarding)
    return Runtime(telemetry=TelemetryConfig(logging=logs, metrics=metrics))


async def _namespace_known(client: Client) -> None:
    while True:
        if await _knows_namespace(client):
            return
        await asyncio.sleep(_PAUSE)


async def _knows_namespace(client: Client) -> bool:
    """Asks for a workflow that is not there: the history service answers so only when it knows the namespace."""
    request = DescribeWorkflowExecutionRequest(
        namespace=client.namespace, execution=WorkflowExecution(workflow_id="homeward-namespace-check")
    )
    try:
        await client.workflow_service.describe_workflow_execution(request, timeout=_ATTEMPT)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        details = error.grpc_status.details
        return not any(detail.Is(NamespaceNotFoundFailure.DESCRIPTOR) for detail in details)
    return True


def _unavailable(address: str) -> TemporalUnavailableError:
    return TemporalUnavailableError(
        f"Temporal at {address} does not answer: start it, or set HOMEWARD_TEMPORAL_ADDRESS to where it runs"
    )
