"""Who came first: what the one who came second is told."""

from activities.casework.errors import ConflictError, StaleError
from activities.store.tasks import Task


def winner(task: Task, *, told: bool = True) -> dict[str, object]:
    """How a task ended, for the one who came second; `told`: they may read what was answered."""
    code = task.code if told else ""
    return {"state": task.state.value, "code": code, "at": task.ended_at, "organisation": task.organisation_id}


def stands(task: Task) -> dict[str, object]:
    """How a task stands that has not ended, and with whom, for the one who found it otherwise."""
    return {"state": task.state.value, "organisation": task.organisation_id}


def still_answerable(task: Task, revision: int, *, told: bool = True) -> None:
    """ConflictError with the winner once the task is final, whatever the form's age; StaleError for an older form before that."""
    still_live(task, told=told)
    if task.revision != revision:
        raise StaleError("form-stale", revision=task.revision, winner=stands(task))


def still_live(task: Task, *, told: bool = True) -> None:
    """ConflictError with the winner once the task is final; nothing while it is not."""
    if task.state.final:
        raise ConflictError("task-ended", winner=winner(task, told=told))
