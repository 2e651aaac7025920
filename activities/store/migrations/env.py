"""How a migration reaches the database: a connection handed over by the caller, one transaction, bounded locks."""

from alembic import context
from sqlalchemy import text

from activities.store.schema import METADATA

connection = context.config.attributes["connection"]
connection.execute(text("SET LOCAL lock_timeout = '4s'"))
connection.execute(text("SET LOCAL statement_timeout = '60s'"))
connection.execute(text("SELECT pg_advisory_xact_lock(72041)"))
context.configure(connection=connection, target_metadata=METADATA, compare_type=True)
context.run_migrations()
