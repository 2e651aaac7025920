"""The coordinator asks a repeatable kind once more."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import journal
from activities.casework.context import Office
from activities.casework.errors import ConflictError, InvalidError
from activities.casework.news import led_by, tell
from activities.casework.opening import ASKED_ABOVE, REDONE_ABOVE
from activities.domain.states import JourneyState
from activities.plan.access import Actor, Verb
from activities.store.journeys import NewsRow
from activities.store.tasks import Task


async def ask_again(session: AsyncSession, office: Office, actor: Actor, journey_id: str, kind: str) -> int:
    """The round in which the kind opens again. ConflictError while the journey ends; InvalidError for a kind that does not repeat."""
    journey = await led_by(session, actor, journey_id, Verb.ASK_AGAIN)
    if journey.state is not JourneyState.OPEN:
        raise ConflictError("journey-ending", winner={"state": journey.state.value})
    plan = await office.shelf.ensure(session, journey.plan_hash)
    if kind not in office.registry or not plan.kind(kind).repeatable:
        raise InvalidError("kind-not-repeatable")
    told = select(func.max(NewsRow.round)).where(
        NewsRow.journey_id == journey.id, NewsRow.code == "again", NewsRow.kind == kind
    )
    own = (Task.journey_id == journey.id, Task.kind == kind, Task.round < REDONE_ABOVE)
    rows = select(func.max(Task.round)).where(*own)
    last = max(await session.scalar(told) or 0, await session.scalar(rows) or 0, ASKED_ABOVE)
    await tell(session, journey, "again", kind=kind, round_=last + 1)
    journal.write(session, office, journey, "task-asked-again", officer=actor.officer_id, kind=kind, round=last + 1)
    return last + 1
