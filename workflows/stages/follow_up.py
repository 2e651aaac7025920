"""Follow-up rounds until the person is settled or the plan's rounds are used; then the close."""

from temporalio import workflow

from workflows.case import Case, done

with workflow.unsafe.imports_passed_through():
    from activities.agencies.commune import follow_up
    from activities.agencies.labour_support import close_journey

SETTLED = ("settled", "moved")


async def follow(case: Case, rounds: int) -> None:
    """The residence commune visits, round by round."""
    for round_ in range(1, rounds + 1):
        turn = await case.do(follow_up, round_)
        if case.withdrawn or not done(turn) or turn.code in SETTLED:
            return


async def close(case: Case) -> str:
    """Labour closes the journey; the reason it gave, `settled` where its task ended without an answer."""
    turn = await case.do(close_journey)
    return turn.code if done(turn) else "settled"
