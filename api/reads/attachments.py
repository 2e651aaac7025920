"""The files of a task, for those who may read them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import String, bindparam, select

from activities.casework.attachments import shown_to
from activities.casework.downloads import name_for
from activities.casework.permits import demand, of_task
from activities.plan.access import Verb
from activities.plan.retention import retention_classes
from activities.security.columns import open_with_ring
from activities.store.attachments import Attachment
from activities.store.journeys import Journey
from activities.store.tasks import Task
from api.deps import Desk
from api.reads import tasks

SHOWN = ("id", "type", "size", "sha256", "at", "officer_id", "organisation_id", "kept_until", "struck_at")


async def of_one_task(desk: Desk, task_id: str) -> list[dict[str, Any]]:
    """All of them in the order they came, those struck out too; at most a few dozen, so in one page."""
    task, journey, _ = await tasks.one(desk, task_id)
    demand(desk.actor, Verb.READ_ATTACHMENT, of_task(journey, task))
    return shown(desk, task, journey, await desk.session.scalars(OF_TASK, {"filed": task.id}))


OF_TASK = select(Attachment).where(Attachment.task_id == bindparam("filed", type_=String)).order_by(Attachment.number)


def shown(desk: Desk, task: Task, journey: Journey, rows: Iterable[Attachment]) -> list[dict[str, Any]]:
    """Those of them that the caller may see."""
    return [
        shape(desk, journey, task, row) | {"own_name": _own_name(desk, row)}
        for row in rows
        if shown_to(desk.actor, journey, task, row)
    ]


def _own_name(desk: Desk, row: Attachment) -> str | None:
    """What its owner called it, for the agency that attached it alone: it may be a person's name."""
    if row.name is None or row.organisation_id != desk.actor.organisation_id:
        return None
    return open_with_ring(desk.office.keyring, f"{row.id}/name", row.name).decode()


def shape(desk: Desk, journey: Journey, task: Task, row: Attachment) -> dict[str, Any]:
    """A file as anybody who may read it sees it, and as answers that are kept may hold it."""
    return {name: getattr(row, name) for name in SHOWN} | {
        "file": name_for(desk.actor, journey, task, row),
        "retention": retention_classes()[row.retention].model_dump(mode="json"),
    }
