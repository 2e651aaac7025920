"""Notices put before the caller, newest first."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select, tuple_

from activities.casework.notices import audiences_of
from activities.plan.access import Actor, scope
from activities.store.journeys import Journey
from activities.store.notices import Notice
from activities.store.scope import notices_within, tasks_within
from activities.store.tasks import Task
from api.cursors import cursor_of, read_cursor
from api.deps import Desk
from api.reads.tasks import journey_shape

SHOWN = ("id", "code", "at", "seen_at")


async def page(desk: Desk, cursor: str, limit: int) -> dict[str, Any]:
    """One page, and the cursor of the next; every notice is reached, however many there are.

    `task_id`: of a task the caller may know of; a head is told of others' as well, and has no page for them.
    """
    wanted = _wanted(desk.actor)
    if cursor:
        wanted = wanted.where(tuple_(Notice.at, Notice.id) < read_cursor(cursor))
    ordered = wanted.order_by(Notice.at.desc(), Notice.id.desc()).limit(limit + 1)
    found = (await desk.session.execute(ordered)).all()
    items = [
        {name: getattr(notice, name) for name in SHOWN}
        | {"task_id": notice.task_id if within else None, "journey": journey_shape(desk, journey, kind)}
        for notice, journey, kind, within in found[:limit]
    ]
    last = found[limit - 1][0] if len(found) > limit else None
    return {"items": items, "next": cursor_of(last.at, last.id) if last else None}


@lru_cache(maxsize=64)
def _wanted(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(Notice, Journey, Task.kind, tasks_within(scope(actor)))
        .join(Journey, Journey.id == Notice.journey_id)
        .outerjoin(Task, Task.id == Notice.task_id)
        .where(notices_within(actor, audiences_of(actor)))
    )
