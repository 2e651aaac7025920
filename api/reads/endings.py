"""Why a task ended without an answer, for whoever was told that it did."""

from sqlalchemy import select

from activities.casework import journal
from activities.domain.states import TaskState
from activities.store.journal import JournalEntry
from activities.store.tasks import Task
from api.deps import Desk

UNANSWERED = (TaskState.WITHDRAWN, TaskState.WAIVED, TaskState.DECLINED)


async def unanswered(desk: Desk, task: Task) -> tuple[str, str]:
    """The event, and the reason as it was chosen or typed; both empty for a task that was answered or is open."""
    if task.state not in UNANSWERED:
        return "", ""
    event = f"task-{task.state.value}"
    ended = select(JournalEntry).where(JournalEntry.chain == task.journey_id, JournalEntry.task_id == task.id)
    last = ended.where(JournalEntry.event == event).order_by(JournalEntry.seq.desc()).limit(1)
    entry = await desk.session.scalar(last)
    return event, str(journal.told(desk.office, entry).get("reason") or "") if entry else ""
