"""The ladder of a task: each rung owed, fired or lapsed, whom it was told, how the telling fared and who saw it."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import select

from activities.store.notices import Delivery, Notice
from activities.store.organisations import Officer
from activities.store.tasks import Rung
from api.deps import Desk

SHOWN = ("channel", "state", "tries", "error", "next_at", "delivered_at")
WORST = ("undelivered", "pending", "delivered")


ROWS = (
    select(Rung, Notice, Delivery, Officer.name)
    .outerjoin(Notice, Notice.rung_id == Rung.id)
    .outerjoin(Delivery, Delivery.notice_id == Notice.id)
    .outerjoin(Officer, Officer.id == Notice.seen_by)
    .order_by(Rung.owed_at, Rung.id, Delivery.channel)
)  # a rung once for each way its notice goes


async def ladders(desk: Desk, tasks: Collection[str]) -> tuple[dict[str, list[dict[str, Any]]], dict[str, str]]:
    """The ladders of several tasks, by id, and the names of those who saw a notice, in one question."""
    return climbed(await desk.session.execute(ROWS.where(Rung.task_id.in_(tasks))))


def climbed(rows: Iterable[Sequence[Any]]) -> tuple[dict[str, list[dict[str, Any]]], dict[str, str]]:
    """Ladders out of `ROWS`, by task, their rungs in the order they are owed. `merged`: those that stand too near to be told apart.

    `deliveries`: how each channel fared; `delivery`: the least good of them, so that none hides another.
    """
    shown, by_task, names = dict[str, dict[str, Any]](), dict[str, list[dict[str, Any]]](), dict[str, str]()
    for rung, notice, delivery, seen_by in rows:
        if rung.id not in shown:
            shown[rung.id] = _shape(rung, notice)
            by_task.setdefault(rung.task_id, []).append(shown[rung.id])
            names |= {str(notice.seen_by): seen_by} if seen_by else {}
        about = shown[rung.id]
        if delivery is not None:
            about["deliveries"].append({name: getattr(delivery, name) for name in SHOWN})
            states = {each["state"] for each in about["deliveries"]}
            about["delivery"] = next(state for state in WORST if state in states)
    return by_task, names


def _shape(rung: Rung, notice: Notice | None) -> dict[str, Any]:
    """A rung whose notice, if it has one, nobody has spread yet."""
    names = ("code", "to", "merged", "owed_at", "fired_at", "lapsed_at")
    about: dict[str, Any] = {name: getattr(rung, name) for name in names}
    about["delivery"], about["deliveries"] = ("pending" if notice else None), []
    about["seen_at"], about["seen_by"] = (notice.seen_at, notice.seen_by) if notice else (None, None)
    return about
