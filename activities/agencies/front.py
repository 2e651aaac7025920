"""The Fatherland Front, asked and not ordered: programmes and policies opened to the person."""

from typing import Annotated

from pydantic import AfterValidator

from activities.agencies.misfits import once_each
from activities.agencies.services import AtLeastOne
from activities.agencies.waiting import answers, task_of, wait_for_agency
from activities.domain.messages import Ask, Ended
from activities.domain.outcomes import CodeList, Outcome, plain


class Programme(CodeList):
    """What the person was given access to."""

    LOAN = "loan", "Hỗ trợ vay vốn", "Loans"
    TRAINING = "training", "Đào tạo nghề", "Training"
    REINTEGRATION = "reintegration", "Hỗ trợ tái hòa nhập", "Reintegration"
    POOR_HOUSEHOLDS = "poor_households", "Giảm nghèo", "Poverty reduction"
    NONE_FITTING = "none_fitting", "Chưa có chương trình phù hợp", "None fits"


class ProgrammesOpened(Outcome):
    """The programmes the Front opened."""

    programmes: Annotated[tuple[Programme, ...], AtLeastOne, AfterValidator(once_each)] = plain(
        "Chương trình, chính sách", "Programmes"
    )


@answers(ProgrammesOpened)
async def open_programmes(_ask: Ask) -> Ended:
    """Help the person into programmes and policies. Source: plan 2024, IV.7 (a request)."""
    return wait_for_agency()


TASKS = (task_of(open_programmes),)
