"""A closed journey is opened again: its story starts anew under its id, in the next round from a stage on."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import journal, outbox
from activities.casework.context import Office
from activities.casework.effects import ask_anew
from activities.casework.errors import ConflictError, InvalidError
from activities.casework.locks import lock_journey
from activities.casework.notices import notify
from activities.casework.permits import demand, of_journey
from activities.domain.states import JourneyState, TaskState
from activities.plan.access import Actor, Verb
from activities.store.journeys import Journey, NewsRow
from activities.store.tasks import Task

CLOSE = "follow_up"
FROM = {  # what a story that goes back to a stage goes through again, as workflows/plan.py tells it
    "reception": ("reception", "identification", "needs", "choice", "care", "community"),
    "identification": ("identification", "community"),
    "needs": ("needs", "community"),
    "choice": ("choice",),
    "care": ("care",),
    "community": ("community",),
    "follow_up": (),
}
REPORT = "receive_person"


async def reopen(
    session: AsyncSession, office: Office, actor: Actor, journey_id: str, reason: str, stage: str
) -> Journey:
    """Open a closed journey from this stage on: what was done before it stays done, what was withdrawn is asked again."""
    journey = await lock_journey(session, journey_id)
    demand(actor, Verb.REOPEN, await of_journey(session, journey))
    if journey.state is not JourneyState.CLOSED:
        raise ConflictError("journey-not-closed", winner={"state": journey.state.value})
    if not reason.strip():
        raise InvalidError("reason-missing")
    if stage not in FROM:
        raise InvalidError("stage-not-reopenable", stages=list(FROM))
    rows = list(
        await session.scalars(select(Task).where(Task.journey_id == journey.id).order_by(Task.id).with_for_update())
    )
    again = (*FROM[stage], CLOSE)
    ask_anew(
        journey,
        [row for row in rows if row.kind != REPORT and (row.stage in again or row.state is TaskState.WITHDRAWN)],
    )
    journey.news_from = await session.scalar(select(func.max(NewsRow.seq)).where(NewsRow.journey_id == journey.id)) or 0
    journey.state, journey.closed_at, journey.closing_reason = JourneyState.OPEN, None, ""
    journey.reopened, journey.stage = journey.reopened + 1, stage
    journal.write(session, office, journey, "journey-reopened", officer=actor.officer_id, said=reason, stage=stage)
    notify(session, office, journey, journey.lead_id, "journey-reopened", audience="district")
    await outbox.send(session, journey.id, "start", code=outbox.AGAIN)
    return journey
