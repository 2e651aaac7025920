"""The local activities a story calls, declared without a driver behind them; casework/steps.py carries them out."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from temporalio import activity

from activities.domain.messages import EndJourney, Facts, JourneyStart, News, NewsAsk, Turn, Wake, Watch


class Steps(ABC):
    """One short transaction each, safe to run again: the row decides, the answer only reports it."""

    @activity.defn
    @abstractmethod
    async def settle(self, wake: Wake) -> Turn:
        """Open, or look at, one task's row, fire what is owed on it, and say what it is now."""
        ...

    @activity.defn
    @abstractmethod
    async def news(self, ask: NewsAsk) -> News:
        """What happened to the journey after the cursor."""
        ...

    @activity.defn
    @abstractmethod
    async def facts(self, journey: str) -> Facts:
        """What the story may know of the journey when it chooses its next branch."""
        ...

    @activity.defn
    @abstractmethod
    async def end_journey(self, end: EndJourney) -> None:
        """Withdraw what is still open and close the journey with its reason; a second call changes nothing."""
        ...

    @activity.defn
    @abstractmethod
    async def begin(self, start: JourneyStart) -> None:
        """The story goes by these corrections from here on: tasks may open again."""
        ...

    @activity.defn
    @abstractmethod
    async def climb(self, watch: Watch) -> float | None:
        """Tell those above once a decision is owed; real seconds until the next look, None when nobody waits any more."""
        ...

    def all(self) -> list[Callable[..., Any]]:
        """Every step, as a worker registers them."""
        return [self.settle, self.news, self.facts, self.end_journey, self.begin, self.climb]
