"""What the story must hear of a journey: rows in order, and a signal to come and read them."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import outbox
from activities.casework.errors import ConflictError
from activities.casework.locks import lock_journey
from activities.casework.permits import demand, of_journey
from activities.domain.messages import JourneyStart, News, NewsAsk, NewsItem
from activities.domain.states import JourneyState
from activities.plan.access import Actor, Verb
from activities.store.journeys import Journey, NewsRow
from activities.store.tasks import Task

DANGER_OPENS = "assess_danger"


async def tell(session: AsyncSession, journey: Journey, code: str, *, kind: str = "", round_: int = 1) -> None:
    """Add one piece of news to a locked journey and wake its story."""
    last = await session.scalar(select(func.max(NewsRow.seq)).where(NewsRow.journey_id == journey.id)) or 0
    session.add(NewsRow(journey_id=journey.id, seq=last + 1, code=code, kind=kind, round=round_))
    await session.flush()
    await outbox.send(session, journey.id, "look")


async def read(session: AsyncSession, ask: NewsAsk) -> News:
    """The news after a cursor."""
    rows = select(NewsRow).where(NewsRow.journey_id == ask.journey, NewsRow.seq > ask.cursor).order_by(NewsRow.seq)
    found = list(await session.scalars(rows))
    items = tuple(NewsItem(code=row.code, kind=row.kind, round=row.round) for row in found)
    cursor = found[-1].seq if found else ask.cursor
    if not any(item.code == "corrected" for item in items):
        return News(cursor=cursor, items=items)
    return News(cursor=cursor, items=items, again=start_of(await session.get_one(Journey, ask.journey)))


async def danger_unheard(session: AsyncSession, journey: Journey) -> bool:
    """Whether a danger was raised of which the story of a locked, open journey has not heard: its protection is not open."""
    known = select(Task.id).where(
        Task.journey_id == NewsRow.journey_id, Task.kind == DANGER_OPENS, Task.round == NewsRow.round
    )
    raised = (NewsRow.journey_id == journey.id, NewsRow.code == "danger", NewsRow.seq > journey.news_from)
    found = await session.scalar(select(NewsRow.seq).where(*raised, ~known.exists()).limit(1))
    return journey.state is JourneyState.OPEN and found is not None


def start_of(journey: Journey) -> JourneyStart:
    """How the story of this journey begins, or begins anew, by its row."""
    return JourneyStart(
        journey=journey.id,
        rounds=journey.rounds,
        cursor=journey.news_from,
        corrected=journey.corrected,
        told=f"{journey.reopened}/{journey.corrected}",
    )


async def led_by(session: AsyncSession, actor: Actor, journey_id: str, verb: Verb) -> Journey:
    """The locked, open journey on which the actor may do a verb of the lead; NotFoundError, ForbiddenError or ConflictError otherwise."""
    journey = await lock_journey(session, journey_id)
    demand(actor, verb, await of_journey(session, journey))
    still_open(journey)
    return journey


def still_open(journey: Journey) -> None:
    """ConflictError once the journey is closed; why it was closed may tell of the person, and is the lead's to read."""
    if journey.state is JourneyState.CLOSED:
        raise ConflictError("journey-closed", winner={"state": journey.state.value, "at": journey.closed_at})
