"""Comments the caller reads, newest first."""

from typing import Any

from sqlalchemy import ColumnElement, select, tuple_

from activities.casework import comments
from activities.casework.permits import of_journey, of_task
from activities.store.comments import Comment
from activities.store.journeys import Journey
from activities.store.organisations import Organisation
from activities.store.tasks import Task
from api.cursors import cursor_of, read_cursor
from api.deps import Desk
from api.reads import journeys, tasks
from api.reads.names import named

SHOWN = ("id", "task_id", "officer_id", "to", "at")


async def of_one_task(desk: Desk, task_id: str, cursor: str, limit: int) -> dict[str, Any]:
    """One page of a task's comments; NotFoundError for a task beyond the caller's reach."""
    task, journey, _ = await tasks.one(desk, task_id)
    return await of_found(desk, task, journey, cursor, limit)


async def of_found(desk: Desk, task: Task, journey: Journey, cursor: str, limit: int) -> dict[str, Any]:
    """The same of a task that was found."""
    seen = comments.readable(desk.actor, of_task(journey, task))
    return await _page(desk, (Comment.task_id == task.id, seen), cursor, limit)


async def of_one_journey(desk: Desk, journey_id: str, cursor: str, limit: int) -> dict[str, Any]:
    """One page of what was written of a journey as a whole; NotFoundError for one beyond the caller's reach."""
    journey = await journeys.one(desk, journey_id)
    seen = comments.readable(desk.actor, await of_journey(desk.session, journey))
    return await _page(desk, (Comment.journey_id == journey.id, Comment.task_id.is_(None), seen), cursor, limit)


async def _page(desk: Desk, within: tuple[ColumnElement[bool], ...], cursor: str, limit: int) -> dict[str, Any]:
    wanted = select(Comment, Organisation).join(Organisation, Organisation.id == Comment.organisation_id).where(*within)
    if cursor:
        wanted = wanted.where(tuple_(Comment.at, Comment.id) < read_cursor(cursor))
    ordered = wanted.order_by(Comment.at.desc(), Comment.id.desc()).limit(limit + 1)
    found = (await desk.session.execute(ordered)).all()
    items = [
        {name: getattr(comment, name) for name in SHOWN}
        | {
            "organisation": {"id": author.id} | named(author),
            "text": comments.words_of(desk.office, comment),
        }
        for comment, author in found[:limit]
    ]
    last = found[limit - 1][0] if len(found) > limit else None
    return {"items": items, "next": cursor_of(last.at, last.id) if last else None}
