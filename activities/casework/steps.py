"""The steps of activities/steps.py, carried out: one short transaction each."""

from temporalio import activity

from activities.casework import facts, news, outbox, watching
from activities.casework.context import Office
from activities.casework.editions import attend
from activities.casework.ending import close_journey, close_unanswered
from activities.casework.locks import lock_journey, lock_live
from activities.casework.outbox import AGAIN
from activities.casework.settling import settle
from activities.domain.messages import EndJourney, Facts, JourneyStart, News, NewsAsk, Turn, Wake, Watch
from activities.domain.states import TaskState
from activities.steps import Steps
from activities.store.engine import Sessions

CANCELLED = "cancelled"  # by an operator, whatever is told meanwhile


class CaseSteps(Steps):
    """Steps on the real rows."""

    def __init__(self, sessions: Sessions, office: Office) -> None:
        self._sessions, self._office = sessions, office

    @activity.defn
    async def settle(self, wake: Wake) -> Turn:
        """Look at one task's row."""
        async with self._sessions.begin() as session:
            return await settle(session, self._office, wake)

    @activity.defn
    async def news(self, ask: NewsAsk) -> News:
        """What happened after the cursor."""
        async with self._sessions.begin() as session:
            return await news.read(session, ask)

    @activity.defn
    async def facts(self, journey: str) -> Facts:
        """What the story may know now."""
        async with self._sessions.begin() as session:
            return await facts.read(session, await attend(session, self._office), journey)

    @activity.defn
    async def end_journey(self, end: EndJourney) -> None:
        """Withdraw what is open and close the journey, once; where news came as its story ended, have it told anew instead."""
        async with self._sessions.begin() as session:
            office = await attend(session, self._office)
            journey = await lock_journey(session, end.journey)
            unheard = end.reason != CANCELLED and await news.unheard(session, journey)
            if unheard and journey.corrected == journey.heard:
                await news.tell_anew(session, journey)
            if journey.corrected != journey.heard:
                await outbox.send(session, journey.id, "start", code=AGAIN)
                return
            for task in await lock_live(session, journey):
                await close_unanswered(
                    session, office, journey, task, TaskState.WITHDRAWN, None, reason="journey-ended"
                )
            close_journey(session, office, journey, end.reason)

    @activity.defn
    async def begin(self, start: JourneyStart) -> None:
        """The story goes by the corrections of this start."""
        async with self._sessions.begin() as session:
            journey = await lock_journey(session, start.journey)
            journey.heard = max(journey.heard, start.corrected)

    @activity.defn
    async def climb(self, watch: Watch) -> float | None:
        """Look at a correction that waits for its decision."""
        async with self._sessions.begin() as session:
            return await watching.climb(session, await attend(session, self._office), watch)
