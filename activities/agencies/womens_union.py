"""The Women's Union, asked and not ordered: company, and services it can connect the person to."""

from typing import Annotated

from pydantic import AfterValidator

from activities.agencies.misfits import once_each
from activities.agencies.services import AtLeastOne
from activities.agencies.waiting import answers, task_of, wait_for_agency
from activities.domain.messages import Ask, Ended
from activities.domain.outcomes import CodeList, Outcome, plain


class Company(CodeList):
    """What the Union did."""

    VISIT = "visit", "Thăm hỏi, động viên", "A visit"
    SERVICES = "services", "Kết nối dịch vụ", "Services connected"
    GROUP = "group", "Sinh hoạt câu lạc bộ, nhóm", "A group"
    UNION_LOAN = "union_loan", "Vay vốn của Hội", "A loan of the Union"


class SociallySupported(Outcome):
    """What the Union did for the person."""

    support: Annotated[tuple[Company, ...], AtLeastOne, AfterValidator(once_each)] = plain("Đã hỗ trợ", "Support given")


@answers(SociallySupported)
async def support_socially(_ask: Ask) -> Ended:
    """Visit the person and connect them to services. Source: plan 2024, IV.9 (a request)."""
    return wait_for_agency()


TASKS = (task_of(support_socially),)
