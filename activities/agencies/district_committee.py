"""The chair of the district committee: the decision on support."""

from typing import ClassVar, Self

from pydantic import model_validator

from activities.agencies.misfits import expect
from activities.agencies.papers import SignedPaper
from activities.agencies.services import Benefits, Obstacle
from activities.agencies.waiting import answers, task_of, wait_for_agency
from activities.domain.messages import Ask, Ended
from activities.domain.outcomes import CodeList, plain


class Decision(CodeList):
    """What the chair decided."""

    APPROVED = "approved", "Đồng ý hỗ trợ", "Approved"
    REFUSED = "refused", "Không đồng ý", "Refused"


class SupportDecided(SignedPaper):
    """The decision, its number and date, and what it grants."""

    STATISTICS: ClassVar[tuple[str, ...]] = ("services",)

    result: Decision = plain("Quyết định", "Decision", deciding=True)
    services: Benefits = plain(
        "Nội dung được hỗ trợ", "What is granted", deciding=True, goes_with={"result": ("approved",)}, default=()
    )
    obstacle: Obstacle | None = plain("Lý do không đồng ý", "Why not", goes_with={"result": ("refused",)}, default=None)

    @model_validator(mode="after")
    def _grants_or_obstacle(self) -> Self:
        if self.result is Decision.APPROVED:
            expect(self, filled=("services",), empty=("obstacle",))
        else:
            expect(self, filled=("obstacle",), empty=("services",))
        return self


@answers(SupportDecided)
async def approve_support(_ask: Ask) -> Ended:
    """Decide on schooling, training and the hardship allowance. Source: circular 35/2013; its time limit is unknown."""
    return wait_for_agency()


TASKS = (task_of(approve_support),)
