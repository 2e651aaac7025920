"""Who came first: what the one who came second is told."""

from activities.casework.errors import Conflict, Stale
from activities.store.tasks import Task


def winner(task: Task) -> dict[str, object]:
    """How a task ended, for the one who came second."""
    return {"state": task.state.value, "code": task.code, "at": task.ended_at, "organisation": task.organisation_id}


def still_answerable(task: Task, revision: int) -> None:
    """Conflict with the winner once the task is final, whatever the form's age; Stale for an older form before that."""
    still_live(task)
    if task.revision != revision:
        stands = {"state": task.state.value, "organisation": task.organisation_id}
        raise Stale("form-stale", revision=task.revision, winner=stands)


def still_live(task: Task) -> None:
    """Conflict with the winner once the task is final; nothing while it is not."""
    if task.state.final:
        raise Conflict("task-ended", winner=winner(task))
