"""What one task hands to another: Finance is shown the voucher that waits for money, and nothing of whose it is."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.agencies.payments import FUNDS_ROUND
from activities.casework.context import Office
from activities.domain.states import TaskState
from activities.store.tasks import Task

FUNDS = "confirm_funds"
WAITING = "needs_funds"
PAYMENTS = {round_: kind for kind, round_ in FUNDS_ROUND.items()}


async def hand_over(session: AsyncSession, office: Office, task: Task) -> None:
    """Write into a new task what it is to work on; nothing for kinds that are handed nothing."""
    if task.kind != FUNDS:
        return
    waiting = select(Task).where(
        Task.journey_id == task.journey_id,
        Task.kind.in_([PAYMENTS[task.round]] if task.round in PAYMENTS else PAYMENTS.values()),
        Task.state == TaskState.DONE,
        Task.flags.contains([WAITING]),
    )
    payment = await session.scalar(waiting.order_by(Task.ended_at.desc(), Task.id).limit(1))
    if payment is not None and payment.outcome is not None:
        hidden = office.registry[payment.kind].outcome.sensitive_fields()
        task.handed_over = voucher({name: value for name, value in payment.outcome.items() if name not in hidden})


def voucher(paid: dict[str, Any]) -> dict[str, Any]:
    """Voucher number, cost line and sum of a payment: of a journey home, the fare and the meals of its days."""
    amount = paid.get("amount")
    if amount is None:
        amount = (paid.get("fare") or 0) + (paid.get("meals_per_day") or 0) * (paid.get("days") or 0)
    return {"voucher": paid.get("voucher"), "cost_line": paid.get("cost_line", ""), "amount": amount}
