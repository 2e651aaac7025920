"""Corrections of a task: what differs, what they change, who agreed; the values for those who may read the outcome."""

from typing import Any

from sqlalchemy import and_, false, or_, select, tuple_

from activities.casework.correcting import said
from activities.casework.permits import as_seen
from activities.domain.states import Role
from activities.plan.access import scope
from activities.plan.model import Kind
from activities.store.corrections import Correction
from activities.store.journeys import Journey
from activities.store.scope import tasks_within
from activities.store.tasks import Task
from api.cursors import cursor_of, read_cursor
from api.deps import Desk

SHOWN = (
    "id", "task_id", "state", "objection", "fields", "effect", "digest", "by_id", "at", "due_at", "coordinator_id",
    "supervisor_id", "decided_at",
)  # fmt: skip


def shape(desk: Desk, row: Correction, task: Task, journey: Journey, kind: Kind) -> dict[str, Any]:
    """A correction; old and new only for the agency of the task and the lead, field by field as they may read it."""
    facts: dict[str, Any] = {name: getattr(row, name) for name in SHOWN}
    words = said(desk.office, row)
    facts["reason"] = words["reason"]
    ours = desk.actor.organisation_id in (task.organisation_id, task.answerable_id)
    if not (journey.lead_id in scope(desk.actor).led_by or (ours and Role.OFFICER in desk.actor.roles)):
        return facts
    hidden = desk.office.registry[task.kind].outcome.sensitive_fields()
    allowed = set(as_seen(kind, task, desk.actor).sensitive)
    for side in ("old", "new"):
        facts[side] = {
            name: value for name, value in words[side].items() if name not in hidden or hidden[name] in allowed
        }
    return (
        facts | {name: words[name] for name in ("happened_at", "happened_before")} | {"on_behalf_of": task.on_behalf_of}
    )


async def of_task(desk: Desk, task: Task, journey: Journey, kind: Kind) -> list[dict[str, Any]]:
    """The corrections of a task, oldest first."""
    rows = await desk.session.scalars(
        select(Correction).where(Correction.task_id == task.id).order_by(Correction.at, Correction.id)
    )
    return [shape(desk, row, task, journey, kind) for row in rows]


async def waiting(desk: Desk, cursor: str, limit: int) -> dict[str, Any]:
    """Corrections that wait for the caller: as coordinator of the lead, or as a supervisor who watches the task."""
    actor, roles = desk.actor, desk.actor.roles
    leads = Journey.lead_id.in_(scope(actor).led_by) if Role.COORDINATOR in roles else false()
    watches = Correction.supervisor_id.is_(None) if Role.SUPERVISOR in roles else false()
    mine = or_(and_(leads, Correction.coordinator_id.is_(None)), and_(~leads, watches))
    wanted = (
        select(Correction, Task, Journey)
        .join(Task, Task.id == Correction.task_id)
        .join(Journey, Journey.id == Correction.journey_id)
        .where(Correction.state == "proposed", Correction.by_id != actor.officer_id, mine, tasks_within(scope(actor)))
    )
    if cursor:
        wanted = wanted.where(tuple_(Correction.due_at, Correction.id) > read_cursor(cursor))
    rows = (await desk.session.execute(wanted.order_by(Correction.due_at, Correction.id).limit(limit + 1))).all()
    items = []
    for row, task, journey in rows[:limit]:
        plan = await desk.office.shelf.ensure(desk.session, journey.plan_hash)
        items.append(shape(desk, row, task, journey, plan.kind(task.kind)))
    last = rows[limit - 1][0] if len(rows) > limit else None
    return {"items": items, "next": cursor_of(last.due_at, last.id) if last and last.due_at else None}
