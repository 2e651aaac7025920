"""Somebody waits for a decision that no task carries: a timer that climbs until it is made."""

from datetime import timedelta

from temporalio import workflow

from workflows.stepping import Stepping

with workflow.unsafe.imports_passed_through():
    from activities.domain.messages import Watch
    from activities.steps import Steps


@workflow.defn(name="WatchWorkflow")
class WatchWorkflow:
    """One decision that is waited for."""

    @workflow.run
    async def run(self, watch: Watch) -> None:
        """Look, wait as long as the row says, look again, until nobody waits."""
        stepping, looks = Stepping(), 0
        while True:
            looks += 1
            left = await stepping.step(Steps.climb, watch, f"climb:{looks}")
            if left is None:
                return
            await workflow.sleep(timedelta(seconds=max(left, 1.0)))
