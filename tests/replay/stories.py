"""The journeys that are recorded for a release: short scripts that meet every turn of the protocol."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from temporalio.client import WorkflowFailureError

from activities.domain.messages import Ended, Facts, NewsItem
from activities.domain.states import TaskState
from tests.workflows.desk import Desk
from tests.workflows.rows import Row

SERVICES = ("confirm_application", "find_job", "arrange_loan", "support_socially", "open_programmes")


async def whole(desk: Desk) -> None:
    """Identified, at the Centre after a refusal, every service, two rounds of follow-up."""
    desk.rows.told = Facts(follow_up_rounds=2, services=SERVICES)
    desk.answers |= {
        "record_choice": Ended(code="centre", flags=("cannot_pay",)),
        "accept_at_centre": Ended(code="no_place"),
        "accept_at_centre#2": Ended(code="place"),
        "approve_support": Ended(code="approved", flags=("hardship", "schooling", "vocational")),
        "pay_schooling": Ended(code="done", flags=("needs_funds",)),
        "pay_schooling#2": Ended(code="done"),
        "inform_of_rights": Ended(code="done", flags=("proceedings", "wants_legal_aid")),
        "assess_needs": Ended(code="done", flags=("counselling",)),
        "follow_up": Ended(code="needs"),
    }
    await desk.begin()
    await desk.until_closed()


async def child(desk: Desk) -> None:
    """A child in danger, twice, not identified, escorted home."""
    desk.answers |= {
        "receive_person": Ended(code="done", flags=("child", "danger")),
        "assess_danger": Ended(code="danger"),
        "identify_victim": Ended(code="not_identified"),
        "record_choice": Ended(code="home"),
        "close_journey": Ended(code="not_identified"),
    }
    await desk.begin()
    await desk.answer("receive_person")
    await desk.tell(NewsItem(code="danger", round=2), NewsItem(code="again", kind="examine_health", round=101))
    await desk.until_closed()


async def turns(desk: Desk) -> None:
    """Silence and grace, a rung, a return and its resending, a pause and its date; then a withdrawal and the way home."""
    desk.rows.firsts |= {
        "examine_health": Row(task="", left=1.0),
        "check_records": Row(task="", wake=1.5),
        "confirm_residence": Row(task="", state=TaskState.PAUSED, wake=1.0),
    }
    await desk.begin()
    await desk.answer("receive_person")
    returned = await desk.opens("assess_needs")
    for state in (TaskState.RETURNED, TaskState.OPEN):
        returned.state = state
        await desk.look(returned.task)
        await asyncio.sleep(0.3)
    rows = desk.rows.rows
    await desk.until(lambda: rows["examine_health"].overdue and rows["check_records"].whys[-1] == "rung")
    await desk.until(lambda: rows["confirm_residence"].generation == 2)
    await desk.withdraw(home=True)
    await desk.until_closed()


async def cancelled(desk: Desk) -> None:
    """An operator cancels the story while agencies work."""
    await desk.begin()
    await desk.answer("receive_person")
    await desk.opens("check_information")
    await desk.story.cancel()
    try:
        await desk.story.result()
    except WorkflowFailureError:
        return


STORIES: Mapping[str, Callable[[Desk], Awaitable[None]]] = MappingProxyType(
    {each.__name__: each for each in (whole, child, turns, cancelled)}
)
