"""Nobody decides a correction: the district is told, again and again, until somebody does."""

from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import clocks, journal
from activities.casework.context import Office
from activities.casework.correcting import chooses, proposed
from activities.casework.locks import lock_journey
from activities.casework.notices import notify
from activities.domain.messages import Watch
from activities.domain.states import JourneyState
from activities.store.corrections import Correction
from activities.store.tasks import Task


async def climb(session: AsyncSession, office: Office, watch: Watch) -> float | None:
    """Real seconds until the next look; None once it is decided, or lapsed.

    What would move the way of a journey that closed over it lapses, and whoever asked is told; what decides nothing can
    still be granted, and waits.
    """
    journey = await lock_journey(session, watch.journey)
    row = await session.get(Correction, watch.correction)
    if row is None or row.state != "proposed" or row.due_at is None:
        return None
    task = await session.get_one(Task, row.task_id)
    if journey.state is JourneyState.CLOSED and chooses(task, proposed(office, task, row)[0], row.fields):
        row.state, row.decided_at = "lapsed", office.now()
        journal.write(session, office, journey, "correction-lapsed", task=row.task_id, correction=row.id)
        whose = row.organisation_id
        notify(session, office, journey, whose, "correction-lapsed", task=task.id, officer=row.by_id)
        return None
    if row.due_at <= office.now():
        plan = await office.shelf.ensure(session, journey.plan_hash)
        row.due_at = clocks.grace(office, plan.kind(task.kind), office.now())
        notify(session, office, journey, journey.lead_id, "correction-waits", task=task.id, audience="district")
        notify(session, office, journey, journey.lead_id, "correction-waits", task=task.id, audience="coordinator")
        journal.write(session, office, journey, "correction-climbed", task=task.id, kind=task.kind, correction=row.id)
    return max(office.clock.real_seconds_until(row.due_at), 1.0)
