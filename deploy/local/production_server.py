"""Temporal's server as production runs it: on PostgreSQL, every part of it in one process, loopback only."""

import asyncio
import json
import time
from collections.abc import Mapping
from pathlib import Path

from temporalio.client import Client
from temporalio.service import RPCError

from activities.temporal import TemporalUnavailableError, ensure_namespace
from deploy.local.errors import StackError
from deploy.local.ports import free_ports
from deploy.local.postgres import Postgres
from deploy.local.temporal_tables import DATABASES, PLUGIN

SHARDS = 4  # fixed for the life of a database; why four: decision 0016
PATIENCE = 60.0  # seconds it has to come up; the parts of it find one another first
PARTS = ("FRONTEND", "HISTORY", "MATCHING", "WORKER")
TUNING: Mapping[str, object] = {  # what the dev server is given, by us or by itself, so that the two compare
    "matching.numTaskqueueReadPartitions": 1,
    "matching.numTaskqueueWritePartitions": 1,
    "history.hostLevelCacheMaxSize": 8096,
    "frontend.namespaceRPS.visibility": 100,
    "system.enableDeploymentVersions": True,  # the server's default; our workers cannot do without
}


class ProductionServer:
    """One server on a running PostgreSQL that holds its two databases. Its ports are chosen once, so it comes back on them."""

    def __init__(self, program: Path, postgres: Postgres, settings: Path, port: int) -> None:
        self.program, self.postgres, self.settings, self.port = program, postgres, settings.absolute(), port
        self._ports = free_ports(len(PARTS) * 2)

    @property
    def address(self) -> str:
        """host:port of the server."""
        return f"127.0.0.1:{self.port}"

    @property
    def command(self) -> list[str]:
        """What runs the server in the foreground."""
        return [str(self.program), "--allow-no-auth", "start"]

    @property
    def env(self) -> dict[str, str]:
        """All it is told, and nothing of ours beside: the template it carries reads names as common as DBNAME."""
        ports = iter(self._ports)
        inner = {f"{part}_MEMBERSHIP_PORT": str(next(ports)) for part in PARTS}
        inner |= {f"{part}_GRPC_PORT": str(next(ports)) for part in PARTS if part != "FRONTEND"}
        own = {
            "DB": PLUGIN,
            "POSTGRES_SEEDS": "127.0.0.1",
            "DB_PORT": str(self.postgres.port),
            "POSTGRES_USER": "homeward",
            "POSTGRES_PWD": self.postgres.password,
            "NUM_HISTORY_SHARDS": str(SHARDS),
            "BIND_ON_IP": "127.0.0.1",
            "TEMPORAL_BROADCAST_ADDRESS": "127.0.0.1",
            "FRONTEND_GRPC_PORT": str(self.port),
            "FRONTEND_HTTP_PORT": str(next(ports)),
            "DYNAMIC_CONFIG_FILE_PATH": str(self.settings),
            "LOG_LEVEL": "error",
        }
        return inner | own | dict(zip(("DBNAME", "VISIBILITY_DBNAME"), DATABASES, strict=True))

    async def ready(self) -> None:
        """Wait until it answers and has our namespace; StackError after a minute."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                await ensure_namespace(await Client.connect(self.address, namespace="homeward"))
            except (RuntimeError, RPCError, TemporalUnavailableError):
                await asyncio.sleep(0.2)
            else:
                return
        raise StackError("temporal-not-up", "Temporal did not answer within 60 s: see temporal.log in the data folder")


def configure(folder: Path) -> Path:
    """Write the file of dynamic settings, without which the server does not start."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "dynamic.yaml"
    settings = {name: [{"value": value}] for name, value in TUNING.items()}
    file.write_text(json.dumps(settings, indent=1) + "\n")  # JSON is YAML
    return file
