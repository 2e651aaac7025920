"""The one protocol of an agency task: the row decides, this follows. No clock, no driver, no calendar."""

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError
from temporalio.exceptions import TimeoutError as DeadlinePassed

with workflow.unsafe.imports_passed_through():
    from activities.agencies.waiting import Activity
    from activities.domain.ids import activity_id
    from activities.domain.messages import Ask, Ended, Turn, Wake
    from activities.domain.states import TaskState
    from activities.steps import Steps
    from workflows.options import LET_GO, ONCE
    from workflows.stepping import Stepping

HOLDS = (TaskState.OPEN, TaskState.RETURNED)  # a returned task keeps its activity: the legal clock runs on
LEAST_SECONDS = 1.0  # the server takes no shorter timeout


class AgencyTask:
    """One task of one agency, from its opening to its end, however often its clock is set again."""

    def __init__(self, ask: Ask, activity: Activity, stepping: Stepping) -> None:
        self._ask, self._activity, self._stepping = ask, activity, stepping
        self._held = 0  # the generation whose activity we hold
        self._looked = False  # somebody asked for a look since the last one
        self._open: workflow.ActivityHandle[Ended] | None = None
        self._following: asyncio.Task[Turn] | None = None  # one follower, however many lanes wait for it

    def look(self) -> None:
        """The row may have changed. Safe at any moment, any number of times."""
        self._looked = True

    async def run(self) -> Turn:
        """How the task ended. Lanes that ask for the same task share one follower, or they would take its wakes from each other."""
        if self._following is None:
            self._following = asyncio.create_task(self._follow())
        return await self._following

    async def _follow(self) -> Turn:
        """Follow the row until it is final; the row, never a caller, says how it ended."""
        turn = await self._settle("open")
        while not TaskState(turn.state).final:
            self._hold(turn)
            why, ended = await self._woken(turn.wake)
            if ended.code:  # a code is the committed, final answer: it is not read again
                return Turn(state=TaskState.DONE, generation=self._held, code=ended.code, flags=ended.flags)
            turn = await self._settle(why)
        self._let_go()
        return turn

    async def _settle(self, why: str) -> Turn:
        self._looked = False  # before the read, so that a later look is not lost
        wake = Wake(ask=self._ask, held=self._held, why=why)
        return await self._stepping.step(Steps.settle, wake, f"settle:{self._ask.task}:{self._held}")

    def _hold(self, turn: Turn) -> None:
        """Have exactly the activity of this turn open, or none while paused."""
        holds = turn.state in HOLDS
        if not holds or turn.generation != self._held:
            self._let_go()
        self._held = turn.generation
        if holds and self._open is None:
            self._open = workflow.start_activity(
                self._activity,
                self._ask,
                activity_id=activity_id(self._ask.task, turn.generation),
                schedule_to_close_timeout=_seconds(turn.left),
                retry_policy=ONCE,
                cancellation_type=LET_GO,
            )
            self._open.add_done_callback(_heard)

    async def _woken(self, wake: float | None) -> tuple[str, Ended]:
        """Wait for answer, deadline, look or next rung, whichever is first; say which."""
        nothing = Ended()
        try:
            await workflow.wait_condition(self._something, timeout=None if wake is None else _seconds(wake))
        except TimeoutError:
            return "rung", nothing
        if self._open is None or not self._open.done():
            return "look", nothing
        work, self._open = self._open, None
        try:
            return "ended", work.result()
        except ActivityError as error:
            return ("expired" if isinstance(error.cause, DeadlinePassed) else "ended"), nothing

    def _something(self) -> bool:
        return self._looked or (self._open is not None and self._open.done())

    def _let_go(self) -> None:
        """What no worker has yet is dropped; what one has, the relay closes by id. Never awaited."""
        work, self._open = self._open, None
        if work is not None and not work.done():
            work.cancel()


def _seconds(real: float) -> timedelta:
    return timedelta(seconds=max(real, LEAST_SECONDS))


def _heard(work: "asyncio.Task[Ended]") -> None:
    """Whoever was let go of is awaited by nobody: its end is read here, so that it is not reported as lost."""
    if not work.cancelled():
        work.exception()
