"""What reached nobody: since when a task is out of reach, and sent once more after somebody has mended why."""

from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import journal
from activities.casework.context import Office
from activities.casework.errors import ConflictError
from activities.casework.locks import lock_task
from activities.casework.permits import demand, of_task
from activities.plan.access import Actor, Verb
from activities.store.notices import Delivery, Notice


async def resend(session: AsyncSession, office: Office, actor: Actor, task_id: str) -> int:
    """Put every undelivered message about a task on its way again; how many. ConflictError where there is none.

    Whoever was reached before gets no second one; in quiet hours the notifier holds it back as ever.
    """
    journey, task = await lock_task(session, task_id)
    demand(actor, Verb.REMIND, of_task(journey, task))
    about = select(Notice.id).where(Notice.task_id == task.id)
    lost = update(Delivery).where(Delivery.notice_id.in_(about), Delivery.state == "undelivered")
    again = lost.values(state="pending", tries=0, error="", next_at=datetime.now(UTC)).returning(Delivery.id)
    sent = list(await session.scalars(again, execution_options={"synchronize_session": False}))
    if not sent:
        raise ConflictError("nothing-undelivered", winner={"state": task.state.value})
    if task.undelivered_at is not None:
        task.undelivered_for += office.now() - task.undelivered_at
        task.undelivered_at = None
    journal.write(
        session, office, journey, "notices-resent", officer=actor.officer_id, task=task.id, kind=task.kind, count=len(sent)
    )  # fmt: skip
    return len(sent)


async def came_to_nobody(session: AsyncSession, office: Office, delivery: Delivery, error: str) -> None:
    """Give a delivery up. The task it is about is out of reach from now on, unless it was before, or has ended."""
    delivery.state, delivery.error = "undelivered", error
    about = await session.scalar(select(Notice.task_id).where(Notice.id == delivery.notice_id))
    if about is None:
        return
    _, task = await lock_task(session, about)
    if not task.state.final and task.undelivered_at is None:
        task.undelivered_at = office.now()
