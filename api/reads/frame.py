"""What every page shows around its own: notices not yet seen, work that waits, and whether the next steps are held up."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    ScalarSelect,
    bindparam,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from activities.casework.notices import audiences_of
from activities.domain.states import Role, TaskState
from activities.plan.access import Actor, scope
from activities.store.journeys import Journey
from activities.store.notices import Notice
from activities.store.outbox import Command
from activities.store.scope import in_states, notices_to, tasks_within
from activities.store.tasks import Task
from api.deps import Desk
from api.reads.tasks import looked_for_again
from api.words import UNCOUNTED

HELD_UP = timedelta(seconds=20)  # local: a command older than this says that the engine is away


async def frame(desk: Desk, also: Mapping[str, ScalarSelect[Any]] | None = None) -> dict[str, Any]:
    """`unseen`, `work`, `again` (to look at again): counts up to UNCOUNTED; `held_up`: what was recorded waits for the engine.

    One question, in which the page asks what it wants to know `also`.
    """
    also = also or {}
    given = {"now": desk.office.now(), "late": datetime.now(UTC) - HELD_UP}
    asked = select(*_counts(desk.actor), *also.values())
    found = (await desk.session.execute(asked, given)).one()
    return {
        "now": desk.office.now(),
        "unseen": found[0],
        "work": found[1],
        "again": found[2],
        "held_up": found[3],
        "scale": desk.office.clock.scale,
    } | dict(zip(also, found[4:], strict=True))


@lru_cache(maxsize=64)
def _counts(actor: Actor) -> tuple[ScalarSelect[int] | ColumnElement[bool], ...]:
    """What every page asks for one officer, put together once; `now` and `late` are given with each question."""
    ways = notices_to(actor, audiences_of(actor))
    unseen = union_all(*(select(Notice.id).where(each, Notice.seen_at.is_(None)) for each in ways))
    own = Task.organisation_id == actor.organisation_id if Role.OFFICER in actor.roles else false()
    work = select(Task.id).where(own, in_states(TaskState.OPEN, TaskState.PAUSED))
    again = select(Task.id).join(Journey, Journey.id == Task.journey_id).where(tasks_within(scope(actor)))
    reminds = bool(actor.roles & {Role.SUPERVISOR, Role.COORDINATOR})
    ours = looked_for_again(actor.officer_id) if reminds else false()
    again = again.where(Task.standing.is_not(None), ours)
    late = bindparam("late", type_=DateTime(timezone=True))
    waits = exists().where(Command.state == literal_column("'pending'"), Command.created_at < late)
    counted = (
        select(func.count()).select_from(each.limit(UNCOUNTED).subquery()).scalar_subquery()
        for each in (unseen, work, again)
    )
    return (*counted, or_(waits, false()))


@lru_cache(maxsize=64)
def newest(actor: Actor) -> ScalarSelect[datetime]:
    """When the newest notice put before the officer came: it tells news where their count says no more than that there are many."""
    ways = (select(func.max(Notice.at).label("at")).where(each) for each in notices_to(actor, audiences_of(actor)))
    each_way = union_all(*ways).subquery()
    return select(func.max(each_way.c.at)).scalar_subquery()
