"""What every page shows around its own: notices not yet seen, work that waits, and whether the next steps are held up."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import exists, false, func, or_, select

from activities.casework.notices import AUDIENCES
from activities.domain.states import Role, TaskState
from activities.store.notices import Notice
from activities.store.outbox import Command
from activities.store.scope import notices_within
from activities.store.tasks import Task
from api.deps import Desk

MOST = 100  # counted no further: "99+"
HELD_UP = timedelta(seconds=20)  # local: a command older than this says that the engine is away


def audiences_of(desk: Desk) -> list[str]:
    """The audiences of notices this officer belongs to in their own organisation."""
    return [name for name, role in AUDIENCES.items() if role in desk.actor.roles and name != "district"]


async def frame(desk: Desk) -> dict[str, Any]:
    """`unseen`, `work`: counts up to MOST; `held_up`: what was recorded waits for the engine; one question."""
    unseen = select(Notice.id).where(notices_within(desk.actor, audiences_of(desk)), Notice.seen_at.is_(None))
    works = Role.OFFICER in desk.actor.roles
    own = Task.organisation_id == desk.actor.organisation_id if works else false()
    work = select(Task.id).where(own, Task.state.in_([TaskState.OPEN, TaskState.PAUSED]))
    waits = exists().where(Command.state == "pending", Command.created_at < datetime.now(UTC) - HELD_UP)
    counted = [
        select(func.count()).select_from(each.limit(MOST).subquery()).scalar_subquery() for each in (unseen, work)
    ]
    found = (await desk.session.execute(select(*counted, or_(waits, false())))).one()
    return {
        "now": desk.office.now(),
        "unseen": found[0],
        "work": found[1],
        "held_up": found[2],
        "scale": desk.office.clock.scale,
    }
