"""One person's journey, from reception to close, as the plan tells it."""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

from workflows.case import Case, done, together
from workflows.stages import care, choice, community, follow_up, identification, needs, protection, reception

with workflow.unsafe.imports_passed_through():
    from activities.agencies.registry import REGISTRY
    from activities.domain.messages import JourneyStart, NewsItem, Turn

FIRST_DANGER = 1  # the round of a danger seen at reception; those raised later bring their own


@workflow.defn(name="JourneyWorkflow")
class JourneyWorkflow:
    """Runs for months; remembers what the rows decide."""

    @workflow.init
    def __init__(self, start: JourneyStart) -> None:
        self._case = Case(start.journey)
        self._asides: list[asyncio.Task[None]] = []  # what news opened beside the plan

    @workflow.signal
    def look(self, tasks: list[str]) -> None:
        """The rows of these tasks, or for an empty list the journey's news, may have changed."""
        self._case.look(tasks)

    @workflow.run
    async def run(self, _start: JourneyStart) -> str:
        """The reason the journey closed with."""
        try:
            await together(self._plan(), self._listen())
            reason = "withdrawn" if self._case.withdrawn else self._reason
            await self._case.end(reason)
        except (asyncio.CancelledError, ActivityError) as error:  # a cancelled step says so in its own way
            if not is_cancelled_exception(error):
                raise  # an operator's cancel alone is answered here: the rows must follow
            for aside in self._asides:
                aside.cancel()
            await asyncio.gather(*self._asides, return_exceptions=True)
            await self._case.end("cancelled")
            raise
        return reason

    _reason = "settled"

    async def _plan(self) -> None:
        """Reception, then everything that may run beside the identification, then community, follow-up and close."""
        case = self._case
        received = await reception.receive(case)
        if "danger" in received.flags:
            self._aside(NewsItem(code="danger", round=FIRST_DANGER))
        child = "child" in received.flags
        await together(
            reception.first_help(case, received), self._entitled(), care.care(case), choice.choose(case, child=child)
        )
        if not case.withdrawn:
            self._reason = await follow_up.close(case)
        case.over = True

    async def _entitled(self) -> None:
        """Community waits for both the identification and the needs; follow-up for the community."""
        identified, _ = await together(identification.identify(self._case), self._needs())
        if identified and not self._case.withdrawn:
            facts = await self._case.facts("community")
            await community.support(self._case, facts.services)
            if facts.services and not self._case.withdrawn:
                await follow_up.follow(self._case, facts.follow_up_rounds)

    async def _needs(self) -> Turn:
        found = await needs.assess(self._case)
        if done(found) and "counselling" in found.flags:
            await care.counsel(self._case)
        return found

    async def _listen(self) -> None:
        """Hear the news until all is over, then once more: a row may be ahead of its signal."""
        last = False
        while not last:
            last = self._over()
            items = (await self._case.news()).items
            for item in items:
                self._hear(item)
            if items or not last:
                last = False
                await workflow.wait_condition(lambda: self._case.told or self._over())
        await together(*(_ended(aside) for aside in self._asides))

    def _over(self) -> bool:
        return self._case.over and all(aside.done() for aside in self._asides)

    def _hear(self, item: NewsItem) -> None:
        self._case.withdrawn = self._case.withdrawn or item.code == "withdrawn"
        if item.code in ("danger", "home", "again"):
            self._aside(item)

    def _aside(self, item: NewsItem) -> None:
        """Open beside the plan: a protection, the way home, a kind once more."""
        self._asides.append(asyncio.create_task(self._open(item)))

    async def _open(self, item: NewsItem) -> None:
        if item.code == "danger":
            await protection.protect(self._case, item.round)
        elif item.code == "home":
            await choice.go_home(self._case, escorted=True, paid=True)
        else:
            await self._case.do(REGISTRY[item.kind].activity, item.round)


async def _ended(aside: "asyncio.Task[None]") -> None:
    await aside
