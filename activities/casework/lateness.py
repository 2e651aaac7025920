"""By which moment an answer is on time: when it was sent here; for what came from paper, when it was done.

Nobody waits here for what was entered as already done, the report's own reception among it: such a task ends at the very
moment it is opened, and that is how its row says so.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, case, func, or_

from activities.store.tasks import Task


def waited(task: Task) -> bool:
    """Whether the answered task was ever open here, and could be marked or reminded of."""
    return task.ended_at != task.opened_at


def counted_at(task: Task) -> datetime | None:
    """The moment, in case time, that is held against the due date, and that an ended task shows; None while it lives."""
    of_paper = task.on_behalf_of is not None or not waited(task)
    return (task.happened_at if of_paper else None) or task.ended_at


WAITED: ColumnElement[bool] = Task.ended_at != Task.opened_at
COUNTED_AT: ColumnElement[datetime] = func.coalesce(
    case((or_(Task.on_behalf_of.is_not(None), ~WAITED), Task.happened_at)), Task.ended_at
)
