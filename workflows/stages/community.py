"""Community: exactly what the needs list and eligibility allows; the application by its chain, the rest in parallel."""

from collections.abc import Coroutine
from typing import Any

from temporalio import workflow

from workflows.case import Case, done, together

with workflow.unsafe.imports_passed_through():
    from activities.agencies.bank import arrange_loan
    from activities.agencies.commune import confirm_application
    from activities.agencies.district_committee import approve_support
    from activities.agencies.education import enrol_in_school
    from activities.agencies.finance import confirm_funds
    from activities.agencies.front import open_programmes
    from activities.agencies.labour_support import (
        appraise_support,
        arrange_training,
        find_job,
        pay_hardship_allowance,
        pay_schooling,
    )
    from activities.agencies.payments import FUNDS_ROUND
    from activities.agencies.waiting import Activity
    from activities.agencies.womens_union import support_socially

DIRECT: tuple[Activity, ...] = (find_job, arrange_loan, support_socially, open_programmes)


async def support(case: Case, services: tuple[str, ...]) -> None:
    """Every service of the list, each refusable by the person."""
    lanes: list[Coroutine[Any, Any, object]] = [case.do(work) for work in DIRECT if work.__name__ in services]
    if "confirm_application" in services:
        lanes.append(_apply(case))
    await together(*lanes)


async def _apply(case: Case) -> None:
    if not done(await case.do(confirm_application), "confirmed"):
        return
    await case.do(appraise_support)
    decided = await case.do(approve_support)
    if not done(decided, "approved"):
        return
    lanes = []
    if "schooling" in decided.flags:
        lanes.append(_school(case))
    if "vocational" in decided.flags:
        lanes.append(_train(case))
    if "hardship" in decided.flags:
        lanes.append(_pay(case, pay_hardship_allowance))
    await together(*lanes)


async def _school(case: Case) -> None:
    await together(case.do(enrol_in_school), _pay(case, pay_schooling))


async def _train(case: Case) -> None:
    await case.do(arrange_training)


async def _pay(case: Case, work: Activity) -> None:
    """A payment whose cost line is empty waits for the funds, then is asked for once more."""
    if "needs_funds" in (await case.do(work)).flags:
        await case.do(confirm_funds, FUNDS_ROUND[work.__name__])
        await case.do(work, 2)
