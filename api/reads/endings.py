"""Why a task ended without an answer, for whoever was told that it did."""

from collections.abc import Sequence

from sqlalchemy import String, bindparam, select

from activities.casework import journal
from activities.domain.states import TaskState
from activities.store.journal import JournalEntry
from api.deps import Desk

UNANSWERED = (TaskState.WITHDRAWN, TaskState.WAIVED, TaskState.DECLINED)
LAST = (
    select(JournalEntry)
    .where(
        JournalEntry.chain == bindparam("journey", type_=String),
        JournalEntry.task_id == bindparam("unanswered", type_=String),
        JournalEntry.event.in_([f"task-{each.value}" for each in UNANSWERED]),
    )
    .order_by(JournalEntry.seq.desc())
    .limit(1)
)  # of a task that ended so; `unanswered` is None for any other


def why_unanswered(desk: Desk, entries: Sequence[JournalEntry]) -> tuple[str, str]:
    """The event, and the reason as it was chosen or typed; both empty for a task that was answered or is open."""
    if not entries:
        return "", ""
    return entries[0].event, str(journal.told(desk.office, entries[0]).get("reason") or "")
