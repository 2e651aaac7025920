"""A workflow for the stories of the Temporal client; in a file of its own, for Temporal's sandbox loads it anew."""

from datetime import timedelta

from pydantic import BaseModel
from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError


class Wish(BaseModel):
    """A message that, against the rules, holds a name."""

    text: str
    refuse: bool = False


@activity.defn
async def echo(wish: Wish) -> Wish:
    """Gives back what it got, or fails with its text."""
    if wish.refuse:
        raise ApplicationError(wish.text, non_retryable=True)
    return wish


@workflow.defn
class Echo:
    """One local activity, one activity, one query."""

    def __init__(self) -> None:
        self.wish: Wish | None = None

    @workflow.run
    async def run(self, wish: Wish) -> Wish:
        self.wish = wish
        workflow.logger.warning("echo began")
        once = RetryPolicy(maximum_attempts=1)
        limit = timedelta(seconds=5)
        kept = await workflow.execute_local_activity(echo, wish, start_to_close_timeout=limit, retry_policy=once)
        return await workflow.execute_activity(echo, kept, start_to_close_timeout=limit, retry_policy=once)

    @workflow.query
    def state(self) -> Wish | None:
        """The wish it was started with."""
        return self.wish
