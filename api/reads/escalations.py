"""The ladders of tasks that are, or were, overdue: who was told, how the telling fared, who saw it, who answered."""

from typing import Any

from sqlalchemy import select

from activities.casework.errors import Invalid
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
        raise Invalid("box-unknown", boxes=list(BOXES))
    if box == "answered":
        ended = (Task.state.in_(list(FINAL)), Task.overdue_at.is_not(None))
        wanted = tasks.rows().where(tasks_within(scope(desk.actor)), *ended)
    else:
        wanted = tasks.box(desk, "board", box, "")
    found = await tasks.page(desk, wanted, cursor, limit)
    ids = [each["id"] for each in found["items"]]
    climbed = await ladders(desk, ids)
    answered = {row.id: row.answered_by for row in await desk.session.execute(_answered(ids))} if ids else {}
    for each in found["items"]:
        each |= {"rungs": climbed.get(each["id"], []), "answered_by": answered.get(each["id"])}
    seers = {rung["seen_by"] for each in found["items"] for rung in each["rungs"]} | set(answered.values())
    return found | {"officers": await _names(desk, seers - {None})}


def _answered(ids: list[str]) -> Any:
    return select(Task.id, Task.answered_by).where(Task.id.in_(ids), Task.answered_by.is_not(None))


async def _names(desk: Desk, officers: set[str | None]) -> dict[str, str]:
    if not officers:
        return {}
    wanted = select(Officer.id, Officer.name).where(Officer.id.in_(officers))
    return {row.id: row.name for row in await desk.session.execute(wanted)}
