"""Reception: whoever the person came to received them; needs are met at once, a child gets a plan."""

from temporalio import workflow

from workflows.case import Case, done, together

with workflow.unsafe.imports_passed_through():
    from activities.agencies.commune import plan_child_protection, receive_person
    from activities.agencies.labour_reception import meet_essential_needs
    from activities.domain.messages import Turn


async def receive(case: Case) -> Turn:
    """The reception itself, which the report has already answered."""
    return await case.do(receive_person)


async def first_help(case: Case, reception: Turn) -> None:
    """Essential needs at once; beside them, for a child only, the plan of protection."""
    lanes = [case.do(meet_essential_needs)]
    if done(reception) and "child" in reception.flags:
        lanes.append(case.do(plan_child_protection))
    await together(*lanes)
