"""Every table, imported once so that the metadata is whole."""

from activities.store import (
    absences,
    administration,
    attachments,
    beginnings,
    calendar,
    comments,
    contacts,
    corrections,
    delegations,
    journal,
    journeys,
    notices,
    organisations,
    outbox,
    persons,
    plans,
    reminders,
    requests,
    tally,
    tasks,
)
from activities.store.base import Base

TABLES = (
    absences,
    administration,
    attachments,
    beginnings,
    calendar,
    comments,
    contacts,
    corrections,
    delegations,
    journal,
    journeys,
    notices,
    organisations,
    outbox,
    persons,
    plans,
    reminders,
    requests,
    tally,
    tasks,
)
METADATA = Base.metadata
