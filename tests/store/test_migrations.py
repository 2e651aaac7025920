"""What the migrations make is what the tables say."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.store.schema import METADATA


async def test_a_migrated_database_has_the_tables_the_code_expects(engine: AsyncEngine) -> None:
    """No column, index or key is missing where an office has upgraded, and none is there that nobody declared."""

    def differing(connection: Connection) -> list[Any]:
        found: list[Any] = compare_metadata(MigrationContext.configure(connection), METADATA)
        return found

    async with engine.connect() as connection:
        assert [] == await connection.run_sync(differing)
