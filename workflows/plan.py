"""The plan as a story tells it: reception, then what may run side by side, then community, follow-up and close."""

from collections.abc import Callable

from temporalio import workflow

from workflows.case import Case, done, together
from workflows.stages import care, choice, community, follow_up, identification, needs, protection, reception

with workflow.unsafe.imports_passed_through():
    from activities.agencies.registry import REGISTRY
    from activities.domain.messages import NewsItem, Turn

FIRST_DANGER = 1  # the round of a danger seen at reception; those raised later bring their own
ASIDES = ("danger", "home", "again")


async def follow_plan(case: Case, aside: Callable[[NewsItem], None]) -> str:
    """From reception to close; why the journey closes, unless the person withdrew. `aside` opens what runs beside it."""
    received = await reception.receive(case)
    if "danger" in received.flags:
        aside(NewsItem(code="danger", round=FIRST_DANGER))
    child = "child" in received.flags
    await together(
        reception.first_help(case, received), _entitled(case), care.care(case), choice.choose(case, child=child)
    )
    return "" if case.withdrawn else await follow_up.close(case)


async def open_aside(case: Case, item: NewsItem) -> None:
    """Beside the plan: a protection, the way home, a kind once more."""
    if item.code == "danger":
        await protection.protect(case, item.round)
    elif item.code == "home":
        await choice.go_home(case, escorted=True, paid=True)
    else:
        await case.do(REGISTRY[item.kind].activity, item.round)


async def _entitled(case: Case) -> None:
    """Community waits for both the identification and the needs; follow-up for the community."""
    identified, _ = await together(identification.identify(case), _needs(case))
    if identified and not case.withdrawn:
        facts = await case.facts("community")
        await community.support(case, facts.services)
        if facts.services and not case.withdrawn:
            await follow_up.follow(case, facts.follow_up_rounds)


async def _needs(case: Case) -> Turn:
    found = await needs.assess(case)
    if done(found) and "counselling" in found.flags:
        await care.counsel(case)
    return found
