"""Steps of a story: local activities without end of patience, counted, so that no story leaves with one in flight."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.options import PATIENT, RETRY_THRESHOLD, STEP_TIME

A = TypeVar("A")
R = TypeVar("R")


class Stepping:
    """Carries out steps, one count for all lanes of a story."""

    def __init__(self) -> None:
        self._in_flight = 0
        self.halted = False  # a corrected story takes no further step: it begins anew

    @property
    def idle(self) -> bool:
        """No step is in flight."""
        return self._in_flight == 0

    async def step(self, method: Callable[[Any, A], Awaitable[R]], arg: A, activity_id: str) -> R:
        """One step. `activity_id` names what it is for, or a replay hands its answer to another."""
        if self.halted:
            await workflow.wait_condition(lambda: not self.halted)
        self._in_flight += 1
        try:
            return await workflow.execute_local_activity_method(
                method,
                arg,
                activity_id=activity_id,
                start_to_close_timeout=STEP_TIME,
                retry_policy=PATIENT,
                local_retry_threshold=RETRY_THRESHOLD,
            )
        finally:
            self._in_flight -= 1
