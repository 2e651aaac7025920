"""What earlier agencies decided that a task needs, as it stands now: a correction shows at once."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import String, bindparam, select

from activities.casework.permits import of_task
from activities.domain.states import TaskState
from activities.plan.access import scope
from activities.plan.earlier import EARLIER
from activities.plan.model import Plan
from activities.store.journeys import Journey
from activities.store.tasks import Task
from api.deps import Desk

ANSWERED = (
    select(Task)
    .where(
        Task.journey_id == bindparam("journey", type_=String),
        Task.kind.in_(bindparam("earlier", expanding=True)),
        Task.state == TaskState.DONE,
        Task.outcome.is_not(None),
    )
    .order_by(Task.ended_at, Task.id)
)  # asked with `needed` as `earlier`


def needed(desk: Desk, task: Task, journey: Journey) -> tuple[str, ...]:
    """The earlier kinds a task needs the answers of; none for those whom the policy does not let read them."""
    return tuple(EARLIER.get(task.kind, ())) if scope(desk.actor).earlier(of_task(journey, task)) else ()


def earlier(desk: Desk, task: Task, journey: Journey, plan: Plan, answered: Sequence[Task]) -> list[dict[str, Any]]:
    """The newest answer of each earlier kind, in the order of the plan."""
    wanted, lead = EARLIER.get(task.kind, {}), journey.lead_id in scope(desk.actor).led_by
    newest = {each.kind: each for each in answered}
    order = [kind.code for kind in plan.kinds]
    return [
        {
            "kind": kind, "label": (plan.kind(kind).label if lead else plan.kind(kind).neutral).model_dump(), "at": newest[kind].ended_at,
            "outcome": {name: (newest[kind].outcome or {}).get(name) for name in wanted[kind]},
        }
        for kind in sorted(newest, key=order.index)
    ]  # fmt: skip
