"""Residence and needs, beside the identification."""

from temporalio import workflow

from workflows.case import Case, together

with workflow.unsafe.imports_passed_through():
    from activities.agencies.labour_choice import assess_needs
    from activities.agencies.police import confirm_residence
    from activities.domain.messages import Turn


async def assess(case: Case) -> Turn:
    """The needs, as Labour and the person wrote them down."""
    _, needs = await together(case.do(confirm_residence), case.do(assess_needs))
    assert isinstance(needs, Turn)
    return needs
