"""Care, from reception on: health, rights, counsel."""

from temporalio import workflow

from workflows.case import Case, done, together

with workflow.unsafe.imports_passed_through():
    from activities.agencies.centre import counsel_person
    from activities.agencies.health import examine_health
    from activities.agencies.justice import inform_of_rights, protect_rights_in_proceedings, refer_to_legal_aid
    from activities.agencies.waiting import Activity

MOST_VISITS = 12  # local: further visits are asked for by the coordinator


async def care(case: Case) -> None:
    """What everyone is offered."""
    await together(visits(case, examine_health), _rights(case))


async def counsel(case: Case) -> None:
    """Counselling, for whoever needs it."""
    await visits(case, counsel_person)


async def visits(case: Case, work: Activity) -> None:
    """One visit after another, as long as the last asks for a next one."""
    for round_ in range(1, MOST_VISITS + 1):
        turn = await case.do(work, round_)
        if not (done(turn) and "again" in turn.flags):
            return


async def _rights(case: Case) -> None:
    told = await case.do(inform_of_rights)
    lanes = []
    if "wants_legal_aid" in told.flags:
        lanes.append(case.do(refer_to_legal_aid))
    if "proceedings" in told.flags:
        lanes.append(case.do(protect_rights_in_proceedings))
    await together(*lanes)
