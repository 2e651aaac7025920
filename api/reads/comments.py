"""Comments the caller reads, newest first."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, String, bindparam, select, tuple_

from activities.casework import comments, permits
from activities.casework.errors import NotFoundError
from activities.casework.permits import of_task
from activities.plan.access import Scope, scope
from activities.store.comments import Comment
from activities.store.journeys import Journey
from activities.store.organisations import Organisation
from activities.store.scope import journeys_within
from activities.store.tasks import Task
from activities.store.together import Together
from api.cursors import cursor_of, read_cursor
from api.deps import Desk
from api.reads import tasks
from api.reads.names import named

SHOWN = ("id", "task_id", "officer_id", "to", "at")


async def of_one_task(desk: Desk, task_id: str, cursor: str, limit: int) -> dict[str, Any]:
    """One page of a task's comments; NotFoundError for a task beyond the caller's reach."""
    task, journey, _ = await tasks.one(desk, task_id)
    within = WRITTEN.where(Comment.task_id == task.id)
    return await _page(desk, within, comments.reader(desk.actor, of_task(journey, task)), cursor, limit)


async def of_one_journey(desk: Desk, journey_id: str, cursor: str, limit: int) -> dict[str, Any]:
    """One page of what was written of a journey as a whole; NotFoundError for one beyond the caller's reach."""
    return (await of_journey(desk, journey_id, cursor, limit))[1]


async def of_journey(desk: Desk, journey_id: str, cursor: str, limit: int) -> tuple[Journey, dict[str, Any]]:
    """The same, with the journey."""
    found = await _of_journey(scope(desk.actor)).ask(desk.session, {"journey": journey_id})
    if not found["journey"]:
        raise NotFoundError("journey-unknown")
    journey, within = found["journey"][0], WRITTEN.where(Comment.journey_id == journey_id, Comment.task_id.is_(None))
    reader = comments.reader(desk.actor, permits.of_parts(journey, found["parts"]))
    return journey, await _page(desk, within, reader, cursor, limit)


@lru_cache(maxsize=128)
def _of_journey(seen: Scope) -> Together:
    own = bindparam("journey", type_=String)
    known = select(Journey).where(Journey.id == own, journeys_within(seen))
    return Together(journey=known, parts=permits.PARTS.where(Task.journey_id == own))


WRITTEN = (
    select(Comment, Organisation)
    .join(Organisation, Organisation.id == Comment.organisation_id)
    .where(comments.READABLE)
    .order_by(Comment.at.desc(), Comment.id.desc())
)  # newest first, each with its author's agency; asked with who reads


async def _page(
    desk: Desk, wanted: Select[Comment, Organisation], reader: dict[str, Any], cursor: str, limit: int
) -> dict[str, Any]:
    if cursor:
        wanted = wanted.where(tuple_(Comment.at, Comment.id) < read_cursor(cursor))
    return listed(desk, (await desk.session.execute(wanted.limit(limit + 1), reader)).all(), limit)


def listed(desk: Desk, found: Sequence[Any], limit: int) -> dict[str, Any]:
    """A page of them out of rows of `WRITTEN`, of which there is one more where they go on."""
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
