"""The ladder of a task: each rung owed, fired or lapsed, whom it was told, how the telling fared and who saw it."""

from typing import Any

from sqlalchemy import select

from activities.store.notices import Delivery, Notice
from activities.store.tasks import Rung, Task
from api.deps import Desk


async def ladder(desk: Desk, task: Task) -> list[dict[str, Any]]:
    """The rungs in the order they are owed. `merged`: those that stand too near to be told apart."""
    wanted = (
        select(Rung, Notice, Delivery)
        .outerjoin(Notice, Notice.rung_id == Rung.id)
        .outerjoin(Delivery, Delivery.notice_id == Notice.id)
        .where(Rung.task_id == task.id)
        .order_by(Rung.owed_at, Rung.id)
    )
    shown = []
    for rung, notice, delivery in await desk.session.execute(wanted):
        names = ("code", "to", "merged", "owed_at", "fired_at", "lapsed_at")
        about: dict[str, Any] = {name: getattr(rung, name) for name in names}
        about["delivery"] = delivery.state if delivery else None
        about["seen_at"], about["seen_by"] = (notice.seen_at, notice.seen_by) if notice else (None, None)
        shown.append(about)
    return shown
