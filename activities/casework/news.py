"""What the story must hear of a journey: rows in order, and a signal to come and read them."""

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import outbox
from activities.casework.errors import ConflictError
from activities.casework.locks import lock_journey
from activities.casework.permits import demand, of_journey
from activities.domain.messages import JourneyStart, News, NewsAsk, NewsItem
from activities.domain.states import JourneyState
from activities.plan.access import Actor, Verb
from activities.store.journeys import Journey, NewsRow


async def tell(session: AsyncSession, journey: Journey, code: str, *, kind: str = "", round_: int = 1) -> None:
    """Add one piece of news to a locked journey and wake its story."""
    last = await session.scalar(select(func.max(NewsRow.seq)).where(NewsRow.journey_id == journey.id)) or 0
    session.add(NewsRow(journey_id=journey.id, seq=last + 1, code=code, kind=kind, round=round_))
    await session.flush()
    await outbox.send(session, journey.id, "look")


async def tell_anew(session: AsyncSession, journey: Journey) -> None:
    """Have the story of a locked journey told once more; what runs leaves off as soon as it hears, and opens nothing before."""
    journey.corrected += 1
    await tell(session, journey, "corrected", round_=journey.corrected)


async def read(session: AsyncSession, ask: NewsAsk) -> News:
    """The news after a cursor; the journey keeps how far its story has read."""
    rows = select(NewsRow).where(NewsRow.journey_id == ask.journey, NewsRow.seq > ask.cursor).order_by(NewsRow.seq)
    found = list(await session.scalars(rows))
    items = tuple(NewsItem(code=row.code, kind=row.kind, round=row.round) for row in found)
    cursor = found[-1].seq if found else ask.cursor
    if found:
        further = update(Journey).where(Journey.id == ask.journey, Journey.news_read < cursor)
        await session.execute(further.values(news_read=cursor))
    if not any(item.code == "corrected" for item in items):
        return News(cursor=cursor, items=items)
    return News(cursor=cursor, items=items, again=start_of(await session.get_one(Journey, ask.journey)))


async def raised_since_withdrawal(session: AsyncSession, journey: str, round_: int) -> bool:
    """Whether the danger of this round was raised after the person asked to stop: it is averted all the same."""
    stopped = select(func.max(NewsRow.seq)).where(NewsRow.journey_id == journey, NewsRow.code == "withdrawn")
    danger = select(NewsRow.seq).where(
        NewsRow.journey_id == journey, NewsRow.code == "danger", NewsRow.round == round_,
        NewsRow.seq > stopped.scalar_subquery(),
    )  # fmt: skip
    return await session.scalar(danger.limit(1)) is not None


async def unheard(session: AsyncSession, journey: Journey) -> bool:
    """Whether there is news that the story of a locked journey has not read."""
    read_to = max(journey.news_read, journey.news_from)
    later = select(NewsRow.seq).where(NewsRow.journey_id == journey.id, NewsRow.seq > read_to)
    return await session.scalar(later.limit(1)) is not None


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
