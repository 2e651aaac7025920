"""What every stage works with: the journey's id, its tasks by id, its news, and the means to ask an agency."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from temporalio import workflow

from workflows.agency_task import AgencyTask

with workflow.unsafe.imports_passed_through():
    from activities.agencies.waiting import Activity
    from activities.domain.ids import named, task_id
    from activities.domain.messages import Ask, EndJourney, Facts, JourneyStart, News, NewsAsk, Turn
    from activities.domain.states import TaskState
    from activities.steps import Steps
    from workflows.stepping import Stepping


class Case:
    """One journey as its story sees it."""

    def __init__(self, start: JourneyStart) -> None:
        self.journey = start.journey
        self.withdrawn = False
        self.over = False  # the plan's lanes are done: news may end
        self.way_home_wanted = False
        self.told = False  # there may be news
        self.stepping = Stepping()
        self._rounds = start.rounds
        self._tasks: dict[str, AgencyTask] = {}
        self._cursor, self._reads = start.cursor, 0

    def look(self, tasks: list[str]) -> None:
        """Route a signal: to its tasks, or to the journey's news where it names none."""
        self.told = self.told or not tasks
        for task in tasks:
            if task in self._tasks:
                self._tasks[task].look()

    async def do(self, work: Activity, round_: int = 1) -> Turn:
        """Ask an agency and wait until the row says how it ended; a task that has ended answers at once."""
        kind = work.__name__
        row = self._rounds.get(named(kind, round_), round_)
        ask = Ask(journey=self.journey, task=task_id(self.journey, kind, row), kind=kind, round=row)
        return await self._tasks.setdefault(ask.task, AgencyTask(ask, work, self.stepping)).run()

    async def news(self) -> News:
        """What happened since the last time; clears the mark first, so that later news is not lost."""
        self.told, self._reads = False, self._reads + 1
        ask = NewsAsk(journey=self.journey, cursor=self._cursor)
        news = await self.stepping.step(Steps.news, ask, f"news:{self._reads}")
        self._cursor = news.cursor
        return news

    async def facts(self, why: str) -> Facts:
        """What the story may know now; `why` names the place that asks."""
        return await self.stepping.step(Steps.facts, self.journey, f"facts:{why}")

    async def begin(self, start: JourneyStart) -> None:
        """Go by the corrections of this start."""
        await self.stepping.step(Steps.begin, start, f"begin:{start.corrected}")

    async def end(self, reason: str) -> None:
        """Close the journey with its reason."""
        end = EndJourney(journey=self.journey, reason=reason)
        await self.stepping.step(Steps.end_journey, end, f"end:{reason}")


def done(turn: Turn, code: str = "") -> bool:
    """The agency answered (with this code, where one is given)."""
    return turn.state == TaskState.DONE and (not code or turn.code == code)


async def together(*lanes: Coroutine[Any, Any, Any]) -> list[Any]:
    """Run lanes in parallel; all end before this does, for no story may end with a step in flight."""
    ended = await asyncio.gather(*lanes, return_exceptions=True)
    for each in ended:
        if isinstance(each, BaseException):
            raise each
    return ended
