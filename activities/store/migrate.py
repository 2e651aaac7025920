"""Bringing a database's schema to the present: the same migrations for tests, the local stack and a service."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine


def alembic_config() -> Config:
    """Alembic's settings; the connection is put into `attributes` by the caller."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


async def migrate(engine: AsyncEngine) -> None:
    """Run every migration the database has not had; safe to run by several processes at once."""
    async with engine.begin() as connection:
        await connection.run_sync(_upgrade)


async def pending(engine: AsyncEngine) -> tuple[str, str]:
    """The database's revision and the code's head; equal when nothing is pending."""
    async with engine.connect() as connection:
        return await connection.run_sync(_revisions)


def _upgrade(connection: Connection) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revisions(connection: Connection) -> tuple[str, str]:
    head = ScriptDirectory.from_config(alembic_config()).get_current_head() or ""
    return MigrationContext.configure(connection).get_current_revision() or "", head
