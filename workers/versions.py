"""Which build of the stories carries on the journeys: the newest, for all of them, from their next step on.

Stories are marked AUTO_UPGRADE by their worker. With versions, the server hands out no step before somebody has said
which version is current; each worker says so itself when it starts, again and again until the server took it, so a
crash in between is mended by the next start. An older worker never takes the word back.
"""

import asyncio
import logging
from datetime import timedelta
from importlib.metadata import version

from temporalio.api.workflowservice.v1 import DescribeWorkerDeploymentRequest, SetWorkerDeploymentCurrentVersionRequest
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import WorkerDeploymentConfig

DEPLOYMENT = "homeward"
RPC = timedelta(seconds=5)
PAUSE, LONGEST_PAUSE = 0.1, 5.0
NOT_YET = frozenset({RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION})  # its pollers are not known yet
log = logging.getLogger(__name__)


def build_id() -> str:
    """This build: the package's version."""
    return version("homeward")


def deployment(build: str) -> WorkerDeploymentConfig:
    """What a worker of a build tells the server of itself."""
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(DEPLOYMENT, build),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )


async def make_current(client: Client, build: str) -> None:
    """Say that this build is the current one, unless a newer one is; returns once the server knows."""
    pause = PAUSE
    while True:
        try:
            known = await current(client)
            if _order(known) >= _order(build):
                return
            await client.workflow_service.set_worker_deployment_current_version(
                SetWorkerDeploymentCurrentVersionRequest(
                    namespace=client.namespace,
                    deployment_name=DEPLOYMENT,
                    build_id=build,
                    identity=client.identity,
                    ignore_missing_task_queues=True,
                ),
                timeout=RPC,
            )
        except RPCError as error:
            if error.status not in NOT_YET:
                log.warning("version_not_current", extra={"code": error.status.name})
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE)


async def current(client: Client) -> str:
    """The build that is current; empty when none is."""
    request = DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=DEPLOYMENT)
    told = await client.workflow_service.describe_worker_deployment(request, timeout=RPC)
    return told.worker_deployment_info.routing_config.current_deployment_version.build_id


def _order(build: str) -> tuple[int, ...]:
    """0.10.0 comes after 0.9.3; nothing comes before everything."""
    return tuple(int(part) if part.isdigit() else 0 for part in build.split(".")) if build else ()
