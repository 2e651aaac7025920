"""Every table, imported once so that the metadata is whole."""

from activities.store import journal, journeys, notices, organisations, outbox, persons, plans, tasks
from activities.store.base import Base

TABLES = (journal, journeys, notices, organisations, outbox, persons, plans, tasks)
METADATA = Base.metadata
