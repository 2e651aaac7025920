"""What earlier agencies decided that a task needs, as it stands now: a correction shows at once."""

from typing import Any

from sqlalchemy import select

from activities.casework.permits import of_task
from activities.domain.states import TaskState
from activities.plan.access import scope
from activities.plan.earlier import EARLIER
from activities.plan.model import Plan
from activities.store.journeys import Journey
from activities.store.tasks import Task
from api.deps import Desk


async def earlier(desk: Desk, task: Task, journey: Journey, plan: Plan) -> list[dict[str, Any]]:
    """The newest answer of each earlier kind, in the order of the plan, for those whom the policy lets read it."""
    wanted, seen = EARLIER.get(task.kind, {}), scope(desk.actor)
    if not wanted or not seen.earlier(of_task(journey, task)):
        return []
    lead = journey.lead_id in seen.led_by
    answered = select(Task).where(
        Task.journey_id == journey.id, Task.kind.in_(wanted), Task.state == TaskState.DONE, Task.outcome.is_not(None)
    )
    newest = {each.kind: each for each in await desk.session.scalars(answered.order_by(Task.ended_at, Task.id))}
    order = [kind.code for kind in plan.kinds]
    return [
        {
            "kind": kind, "label": (plan.kind(kind).label if lead else plan.kind(kind).neutral).model_dump(), "at": newest[kind].ended_at,
            "outcome": {name: (newest[kind].outcome or {}).get(name) for name in wanted[kind]},
        }
        for kind in sorted(newest, key=order.index)
    ]  # fmt: skip
