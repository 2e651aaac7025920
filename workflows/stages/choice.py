"""The person's choice: the Centre (its yes first), home, or to stay."""

from temporalio import workflow

from workflows.case import Case, done, together

with workflow.unsafe.imports_passed_through():
    from activities.agencies.centre import accept_at_centre, confirm_arrival, leave_centre
    from activities.agencies.finance import confirm_funds
    from activities.agencies.labour_choice import pay_journey_home, record_choice, refer_to_centre
    from activities.agencies.police import escort_home, escort_to_centre
    from activities.domain.messages import Turn


async def choose(case: Case, *, child: bool) -> None:
    """Follow the choice to its end; a Centre without place leads back to the choice."""
    round_ = 1
    while not case.withdrawn:
        choice = await case.do(record_choice, round_)
        if done(choice, "home"):
            await go_home(
                case, escorted=child or "labour_escorts" in choice.flags, paid=child or "cannot_pay" in choice.flags
            )
        if not done(choice, "centre") or await _stay_at_centre(case, round_, child=child, choice=choice):
            return
        round_ += 1


async def _stay_at_centre(case: Case, round_: int, *, child: bool, choice: Turn) -> bool:
    """False where the Centre has no place: nobody sets out before its yes."""
    if not done(await case.do(refer_to_centre, round_)):
        return True
    answer = await case.do(accept_at_centre, round_)
    if not done(answer, "place"):
        return not done(answer)
    await case.do(escort_to_centre, round_)
    if done(await case.do(confirm_arrival, round_), "arrived") and done(await case.do(leave_centre, round_)):
        await go_home(case, escorted=child, paid=child or "cannot_pay" in choice.flags)
    return True


async def go_home(case: Case, *, escorted: bool, paid: bool) -> None:
    """Fare and meals where the person cannot pay; an escort always for a child."""
    lanes = []
    if paid:
        lanes.append(_pay(case))
    if escorted:
        lanes.append(_escort(case))
    await together(*lanes)


async def _escort(case: Case) -> None:
    await case.do(escort_home)


async def _pay(case: Case) -> None:
    """A payment without a cost line waits for the funds and is asked for once more."""
    if "needs_funds" in (await case.do(pay_journey_home)).flags:
        await case.do(confirm_funds)
        await case.do(pay_journey_home, 2)
