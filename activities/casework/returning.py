"""A task comes home to the coordinator: sent back by its holder, or never taken up by the one it was offered to."""

from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import clocks, journal
from activities.casework.context import Office
from activities.casework.notices import notify
from activities.domain.ids import new_id
from activities.domain.states import TaskState
from activities.store.journeys import Journey
from activities.store.tasks import Rung, Task


async def returned(
    session: AsyncSession, office: Office, journey: Journey, task: Task, reason: str, officer: str | None
) -> None:
    """The open task waits for the coordinator, whose reply clock starts and climbs to the district; its own runs on."""
    plan = await office.shelf.ensure(session, journey.plan_hash)
    now, kind = office.now(), plan.kind(task.kind)
    reply = clocks.due_of(office, now, kind.reply.budget or kind.grace)
    task.state, task.revision, task.returned_at, task.return_reason = TaskState.RETURNED, task.revision + 1, now, reason
    task.return_review_at, task.returned_by = reply, officer
    session.add(
        Rung(id=new_id("rung"), task_id=task.id, code="return-unanswered", to="district", merged=[], owed_at=reply)
    )
    notify(session, office, journey, journey.lead_id, "task-returned", task=task.id, audience="coordinator")
    journal.write(
        session, office, journey, "task-returned", officer=officer, task=task.id, kind=task.kind, reason=reason
    )
