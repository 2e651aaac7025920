"""Protection, whenever a danger is raised: assessed, asked for, applied; one round a danger."""

from temporalio import workflow

from workflows.case import Case, done

with workflow.unsafe.imports_passed_through():
    from activities.agencies.commune import assess_danger
    from activities.agencies.labour_reception import request_protection
    from activities.agencies.police import protect_person


async def protect(case: Case, round_: int) -> None:
    """From the assessment to the measure; no danger found ends the round."""
    if not done(await case.do(assess_danger, round_), "danger"):
        return
    if done(await case.do(request_protection, round_)):
        await case.do(protect_person, round_)
