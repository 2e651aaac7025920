"""One person's journey, from reception to close: the plan, the news beside it, and a new beginning after a correction."""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

from workflows.case import Case, together
from workflows.plan import ASIDES, follow_plan, open_aside

with workflow.unsafe.imports_passed_through():
    from activities.domain.messages import TOLD, JourneyStart, NewsItem


@workflow.defn(name="JourneyWorkflow")
class JourneyWorkflow:
    """Runs for months; remembers what the rows decide."""

    @workflow.init
    def __init__(self, start: JourneyStart) -> None:
        self._case = Case(start)
        self._asides: list[asyncio.Task[None]] = []  # what news opened beside the plan
        self._corrected = start.corrected
        self._again: JourneyStart | None = None  # a correction changed the way: how to begin anew

    @workflow.signal
    def look(self, tasks: list[str]) -> None:
        """The rows of these tasks, or for an empty list the journey's news, may have changed."""
        self._case.look(tasks)

    @workflow.run
    async def run(self, start: JourneyStart) -> str:
        """The reason the journey closed with."""
        telling: asyncio.Task[object] | None = None
        try:
            if start.corrected:
                await self._case.begin(start)
            telling = asyncio.create_task(together(self._plan(), self._listen()))
            await self._told(telling)
            reason = "withdrawn" if self._case.withdrawn else self._reason
            await self._case.end(reason)
        except (asyncio.CancelledError, ActivityError) as error:  # a cancelled step says so in its own way
            if not is_cancelled_exception(error):
                raise  # an operator's cancel alone is answered here: the rows must follow
            for each in (telling, *self._asides):
                if each is not None:
                    each.cancel()
            await asyncio.gather(*filter(None, (telling, *self._asides)), return_exceptions=True)
            await self._case.end("cancelled")
            raise
        return reason

    _reason = "settled"

    async def _told(self, telling: "asyncio.Task[object]") -> None:
        """Wait for the end of the story, or leave it for a corrected one once no step is in flight."""
        stepping = self._case.stepping
        await workflow.wait_condition(lambda: telling.done() or (self._again is not None and stepping.idle))
        if self._again is not None:
            workflow.continue_as_new(self._again, memo={TOLD: self._again.told})
        await telling

    async def _plan(self) -> None:
        self._reason = await follow_plan(self._case, self._aside) or self._reason
        self._case.over = True

    async def _listen(self) -> None:
        """Hear the news until all is over, then once more: a row may be ahead of its signal."""
        last = False
        while not last:
            last = self._over()
            news = await self._case.news()
            for item in news.items:
                self._hear(item, news.again)
            if news.items or not last:
                last = False
                await workflow.wait_condition(lambda: self._case.told or self._over())
        await together(*(_ended(aside) for aside in self._asides))

    def _over(self) -> bool:
        return self._case.over and all(aside.done() for aside in self._asides)

    def _hear(self, item: NewsItem, again: JourneyStart | None) -> None:
        self._case.withdrawn = self._case.withdrawn or item.code == "withdrawn"
        if item.code == "corrected" and item.round > self._corrected:
            self._again, self._case.stepping.halted = again, True
        if item.code in ASIDES:
            self._aside(item)

    def _aside(self, item: NewsItem) -> None:
        self._asides.append(asyncio.create_task(open_aside(self._case, item)))


async def _ended(aside: "asyncio.Task[None]") -> None:
    await aside
