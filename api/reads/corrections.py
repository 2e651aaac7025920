"""Corrections of a task: what differs, what they change, who agreed; the values for those who may read the outcome."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, false, or_, select, tuple_, union_all
from sqlalchemy.orm import aliased

from activities.casework import agreements, correction_decisions
from activities.casework.basis import QUESTIONS, basis_from
from activities.casework.correcting import RELYING, on, said, who_relied
from activities.casework.errors import NotFoundError
from activities.casework.permits import as_seen, demand
from activities.casework.permits import of_task as subject_of
from activities.domain.states import Role
from activities.plan.access import Scope, Verb, scope
from activities.plan.model import Kind
from activities.store.corrections import Correction
from activities.store.journeys import Journey
from activities.store.organisations import Organisation
from activities.store.scope import tasks_within
from activities.store.tasks import Task
from activities.store.together import Together
from api.cursors import cursor_of, read_cursor
from api.deps import Desk
from api.reads import tasks
from api.reads.names import named
from api.reads.tasks import THIS
from workflows.foresight import foresee

SHOWN = (
    "id", "task_id", "state", "objection", "fields", "effect", "digest", "by_id", "at", "due_at", "coordinator_id",
    "supervisor_id", "decided_at",
)  # fmt: skip


def shape(desk: Desk, row: Correction, task: Task, journey: Journey, kind: Kind) -> dict[str, Any]:
    """A correction; old and new only for the agency of the task and the lead, field by field as they may read it."""
    facts: dict[str, Any] = {name: getattr(row, name) for name in SHOWN}
    words = said(desk.office, row)
    facts |= {"reason": words["reason"], "answer": words.get("answer", "")}
    facts["asked_again"] = agreements.asked_again(row)
    facts["decides"] = correction_decisions.waits_for(desk.actor, journey, task, row)
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


OF_TASK = select(Correction).where(Correction.task_id == THIS).order_by(Correction.at, Correction.id)


ASKER = aliased(Organisation)
ONE = (
    select(Correction, Task, Journey, Organisation, ASKER)
    .join(Task, Task.id == Correction.task_id)
    .join(Journey, Journey.id == Correction.journey_id)
    .join(Organisation, Organisation.id == Task.organisation_id)
    .join(ASKER, ASKER.id == Correction.organisation_id)
    .where(Correction.id == bindparam("correction"))
)


class Found(NamedTuple):
    """A correction, the task it is about, that task's journey and agency, and the agency that asks."""

    row: Correction
    task: Task
    journey: Journey
    organisation: Organisation
    asker: Organisation


async def one(desk: Desk, correction_id: str) -> Found:
    """A correction within the caller's reach; NotFoundError otherwise."""
    row = (await desk.session.execute(ONE, {"correction": correction_id})).first()
    if row is None:
        raise NotFoundError("correction-unknown")
    found = Found(*row)
    demand(desk.actor, Verb.READ_TASK, subject_of(found.journey, found.task), unknown="correction-unknown")
    return found


async def detail(desk: Desk, found: Found) -> dict[str, Any]:
    """One correction, with who asks, who relied on the answer, and while it waits what it would change at this moment."""
    row, task, journey, _, asker = found
    plan, waits = await desk.office.shelf.ensure(desk.session, journey.plan_hash), row.state == "proposed"
    beside = await _beside(scope(desk.actor), waits=waits).ask(desk.session, on(task))
    whole = shape(desk, row, task, journey, plan.kind(task.kind))
    whole["asker"] = named(asker)
    told = who_relied(task, beside["relied"])
    whole["relied"] = [named(each) for each in beside["organisations"] if each.id in told]
    if waits:
        effect = await correction_decisions.effect_now(
            basis_from(journey, plan, beside), desk.office, task, row, foresee
        )
        whole |= {
            "effect": effect.shown(),
            "digest": effect.digest,
            "asked_again": agreements.asked_again(row, effect.digest),
        }
        whole["decides"] = correction_decisions.waits_for(desk.actor, journey, task, row, effect.digest)
    return whole


@lru_cache(maxsize=64)
def _beside(seen: Scope, *, waits: bool) -> Together:
    """The tasks that relied on the answer, as far as the caller may know of them, and whose they are; while it waits, the basis."""
    known = RELYING.join(Journey, Journey.id == Task.journey_id).where(tasks_within(seen))
    theirs = (known.with_only_columns(each) for each in (Task.organisation_id, Task.answerable_id))
    whose = select(Organisation).where(Organisation.id.in_(union_all(*theirs))).order_by(Organisation.code)
    return Together(relied=known, organisations=whose, **(QUESTIONS if waits else {}))


async def waiting(desk: Desk, cursor: str, limit: int) -> dict[str, Any]:
    """Corrections that wait for the caller: as coordinator of the lead, or as a supervisor who watches the task."""
    found, following = await _waiting(desk, cursor, limit)
    return {"items": [_item(desk, *row[:3]) for row in found], "next": following}


async def waiting_with_tasks(desk: Desk, cursor: str, limit: int) -> dict[str, Any]:
    """The same, each with the task it is about."""
    found, following = await _waiting(desk, cursor, limit)
    items = [_item(desk, *row[:3]) | {"task": tasks.shape(desk, *row[1:])} for row in found]
    return {"items": items, "next": following}


def _item(desk: Desk, row: Correction, task: Task, journey: Journey) -> dict[str, Any]:
    return shape(desk, row, task, journey, desk.office.shelf.by_hash[journey.plan_hash].kind(task.kind))


async def _waiting(desk: Desk, cursor: str, limit: int) -> tuple[Sequence[Any], str | None]:
    actor, roles = desk.actor, desk.actor.roles
    leads = Journey.lead_id.in_(scope(actor).led_by) if Role.COORDINATOR in roles else false()
    watches = Correction.supervisor_id.is_(None) if Role.SUPERVISOR in roles else false()
    mine = or_(and_(leads, Correction.coordinator_id.is_(None)), and_(~leads, watches))
    wanted = (
        select(Correction, Task, Journey, Organisation)
        .join(Task, Task.id == Correction.task_id)
        .join(Journey, Journey.id == Correction.journey_id)
        .join(Organisation, Organisation.id == Task.organisation_id)
        .where(Correction.state == "proposed", Correction.by_id != actor.officer_id, mine, tasks_within(scope(actor)))
    )
    if cursor:
        wanted = wanted.where(tuple_(Correction.due_at, Correction.id) > read_cursor(cursor))
    rows = (await desk.session.execute(wanted.order_by(Correction.due_at, Correction.id).limit(limit + 1))).all()
    last = rows[limit - 1][0] if len(rows) > limit else None
    return rows[:limit], cursor_of(last.due_at, last.id) if last and last.due_at else None
