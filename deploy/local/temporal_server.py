"""A Temporal server for one machine, on a file of the data folder."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from temporalio.client import Client

from deploy.local.errors import StackError
from deploy.local.ports import free_port
from deploy.local.temporal_cli import bring_cli

__all__ = ["TemporalServer", "bring_cli"]
PARTITIONS = ("matching.numTaskqueueReadPartitions=1", "matching.numTaskqueueWritePartitions=1")


class TemporalServer:
    """The dev server on a file, with the durability of a database: WAL and full synchronous writes."""

    def __init__(self, cli: Path, folder: Path, namespace: str = "homeward", port: int | None = None) -> None:
        self.cli, self.folder, self.namespace, self.port = cli, folder.absolute(), namespace, port or free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """host:port of the server."""
        return f"127.0.0.1:{self.port}"

    @property
    def command(self) -> list[str]:
        """What runs the server in the foreground."""
        tuning = [part for value in PARTITIONS for part in ("--dynamic-config-value", value)]
        pragmas = ["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=FULL"]
        return [
            str(self.cli), "server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", str(self.port),
            "--db-filename", str(self.folder / "temporal.db"), "--namespace", self.namespace, "--log-level", "error",
            *pragmas, *tuning,
        ]  # fmt: skip

    async def start(self) -> None:
        """Start the server and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "temporal.log").open("ab") as log:
            self.process = await asyncio.to_thread(
                subprocess.Popen, self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        await self.ready()

    async def ready(self) -> None:
        """Wait until the server answers; StackError after 30 s."""
        for _ in range(150):
            try:
                client = await Client.connect(self.address, namespace=self.namespace)
                await client.service_client.check_health()
            except RuntimeError:
                await asyncio.sleep(0.2)
            else:
                return
        raise StackError("temporal-not-up", "Temporal did not answer within 30 s: see temporal.log in the data folder")

    async def stop(self) -> None:
        """Stop the server; its file keeps every journey."""
        if self.process is not None:
            self.process.terminate()
            await asyncio.to_thread(self.process.wait)
            self.process = None


if __name__ == "__main__":
    try:
        print(bring_cli(os.environ, lambda text: print(text, file=sys.stderr)))
    except StackError as error:
        sys.exit(str(error))
