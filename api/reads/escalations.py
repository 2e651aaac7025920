"""The ladders of tasks that are, or were, overdue: who was told, how the telling fared, who saw it, who answered."""

from typing import Any

from activities.casework.errors import InvalidError
from activities.domain.states import FINAL
from activities.plan.access import scope
from activities.store.organisations import Officer
from activities.store.scope import tasks_within
from activities.store.tasks import Task
from api.deps import Desk
from api.reads import tasks
from api.reads.rungs import ladders

BOXES = ("overdue", "undelivered", "answered")


async def page(desk: Desk, box: str, cursor: str, limit: int) -> dict[str, Any]:
    """Rows with their `rungs`: overdue ones, those a message about which came to nobody, or those answered after all.

    `officers`: names, by id, of those who saw a notice or answered; `answered_by` of each row that has ended.
    """
    if box not in BOXES:
        raise InvalidError("box-unknown", boxes=list(BOXES))
    if box == "answered":
        ended = (Task.state.in_(list(FINAL)), Task.overdue_at.is_not(None))
        wanted = tasks.rows().where(tasks_within(scope(desk.actor)), *ended)
    else:
        wanted = tasks.box(desk, "board", box, "")
    named = wanted.outerjoin(Officer, Officer.id == Task.answered_by).add_columns(Officer.name)
    found, following = await tasks.some(desk, named, cursor, limit)
    climbed, officers = await ladders(desk, [row[0].id for row in found])
    items = [
        tasks.shape(desk, task, *about) | {"rungs": climbed.get(task.id, []), "answered_by": task.answered_by}
        for task, *about, _ in found
    ]
    officers |= {task.answered_by: name for task, *_, name in found if name}
    return {"items": items, "next": following, "officers": officers}
