"""What every stage works with: the journey's id, its tasks by id, its news, and the means to ask an agency."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from temporalio import workflow

from workflows.agency_task import AgencyTask

with workflow.unsafe.imports_passed_through():
    from activities.agencies.waiting import Activity
    from activities.domain.ids import task_id
    from activities.domain.messages import Ask, EndJourney, Facts, News, NewsAsk, Turn
    from activities.domain.states import TaskState
    from activities.steps import Steps
    from workflows.options import PATIENT, RETRY_THRESHOLD, STEP_TIME


class Case:
    """One journey as its story sees it."""

    def __init__(self, journey: str) -> None:
        self.journey = journey
        self.withdrawn = False
        self.over = False  # the plan's lanes are done: news may end
        self.way_home_wanted = False
        self.told = False  # there may be news
        self._tasks: dict[str, AgencyTask] = {}
        self._cursor, self._reads = 0, 0

    def look(self, tasks: list[str]) -> None:
        """Route a signal: to its tasks, or to the journey's news where it names none."""
        self.told = self.told or not tasks
        for task in tasks:
            if task in self._tasks:
                self._tasks[task].look()

    async def do(self, work: Activity, round_: int = 1) -> Turn:
        """Ask an agency and wait until the row says how it ended; a task that has ended answers at once."""
        kind = work.__name__
        ask = Ask(journey=self.journey, task=task_id(self.journey, kind, round_), kind=kind, round=round_)
        return await self._tasks.setdefault(ask.task, AgencyTask(ask, work)).run()

    async def news(self) -> News:
        """What happened since the last time; clears the mark first, so that later news is not lost."""
        self.told, self._reads = False, self._reads + 1
        news = await workflow.execute_local_activity_method(
            Steps.news,
            NewsAsk(journey=self.journey, cursor=self._cursor),
            activity_id=f"news:{self._reads}",
            start_to_close_timeout=STEP_TIME,
            retry_policy=PATIENT,
            local_retry_threshold=RETRY_THRESHOLD,
        )
        self._cursor = news.cursor
        return news

    async def facts(self, why: str) -> Facts:
        """What the story may know now; `why` names the place that asks."""
        return await workflow.execute_local_activity_method(
            Steps.facts,
            self.journey,
            activity_id=f"facts:{why}",
            start_to_close_timeout=STEP_TIME,
            retry_policy=PATIENT,
            local_retry_threshold=RETRY_THRESHOLD,
        )

    async def end(self, reason: str) -> None:
        """Close the journey with its reason."""
        await workflow.execute_local_activity_method(
            Steps.end_journey,
            EndJourney(journey=self.journey, reason=reason),
            activity_id=f"end:{reason}",
            start_to_close_timeout=STEP_TIME,
            retry_policy=PATIENT,
            local_retry_threshold=RETRY_THRESHOLD,
        )


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
