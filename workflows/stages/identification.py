"""Check and identification: skipped where a paper already proves the status."""

from temporalio import workflow

from workflows.case import Case, done, together

with workflow.unsafe.imports_passed_through():
    from activities.agencies.labour_reception import check_information, explain_result, request_identification
    from activities.agencies.police import check_records, identify_victim, issue_certificate


async def identify(case: Case) -> bool:
    """Whether the person is entitled: proven by a paper, or identified by the police."""
    checked, _ = await together(case.do(check_information), case.do(check_records))
    if done(checked, "proven"):
        return True
    requested = await case.do(request_identification)
    if not done(requested):
        return False
    found = await case.do(identify_victim)
    if done(found, "identified"):
        await case.do(issue_certificate)
        return True
    if done(found):
        await case.do(explain_result)
    return False
