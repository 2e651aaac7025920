"""The tables of Temporal's server: two databases, written by the tool of the same version, which carries them."""

import asyncio
import tempfile
import threading
from pathlib import Path

import asyncpg

from deploy.local.errand import Errand, Say
from deploy.local.errors import StackError
from deploy.local.postgres import Postgres

DATABASES = {
    "temporal": "postgresql/v12/temporal",
    "temporal_visibility": "postgresql/v12/visibility",
}  # and its tables
PLUGIN = "postgres12_pgx"
WRITING = 120.0  # seconds each of the tool's steps may take


async def write_tables(tool: Path, postgres: Postgres, say: Say, stopped: threading.Event) -> None:
    """Bring both databases of a running PostgreSQL to the tables of the tool's version, new or older ones alike."""
    say("writing Temporal's tables")
    for name, tables in DATABASES.items():
        account = f"postgresql://homeward:{postgres.password}@127.0.0.1:{postgres.port}"
        session = await asyncpg.connect(f"{account}/{name}")
        known = await session.fetchval("SELECT to_regclass('schema_version')")
        await session.close()
        steps = [] if known else [["setup-schema", "-v", "0.0"]]
        for step in (*steps, ["update-schema", "--schema-name", tables]):
            await asyncio.to_thread(_step, [str(tool), *step], _account(postgres, name), say, stopped)


def _step(command: list[str], account: dict[str, str], say: Say, stopped: threading.Event) -> None:
    with tempfile.TemporaryDirectory(prefix="homeward-tables-") as scratch:
        worked, last = Errand(account, Path(scratch), say, stopped).run(command, WRITING)
    if not worked:
        raise StackError("temporal-tables-failed", f"Temporal's tables could not be written ({last}): empty the folder")


def _account(postgres: Postgres, database: str) -> dict[str, str]:
    """How the tool gets in; never on its command line, which others on the machine may read."""
    return {
        "SQL_PLUGIN": PLUGIN, "SQL_HOST": "127.0.0.1", "SQL_PORT": str(postgres.port), "SQL_USER": "homeward",
        "SQL_PASSWORD": postgres.password, "SQL_DATABASE": database,
    }  # fmt: skip
