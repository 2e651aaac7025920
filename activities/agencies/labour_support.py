"""The Labour division after the return: the appraisal, training, work, payments, and the end of the journey."""

from datetime import date
from typing import Self

from pydantic import model_validator

from activities.agencies.misfits import expect
from activities.agencies.papers import SignedPaper
from activities.agencies.payments import Payment
from activities.agencies.services import Obstacle
from activities.agencies.waiting import answers, task_of, wait_for_agency
from activities.domain.messages import Ask, Ended
from activities.domain.outcomes import CodeList, Outcome, plain


class Appraisal(CodeList):
    """What Labour proposes to the district committee."""

    FAVOURABLE = "favourable", "Đề nghị hỗ trợ", "Favourable"
    UNFAVOURABLE = "unfavourable", "Không đề nghị hỗ trợ", "Unfavourable"


class SupportAppraised(SignedPaper):
    """The proposal, or what stands in its way."""

    result: Appraisal = plain("Ý kiến thẩm định", "Appraisal", deciding=True)
    obstacle: Obstacle | None = plain(
        "Lý do không đề nghị", "Why not", goes_with={"result": ("unfavourable",)}, default=None
    )

    @model_validator(mode="after")
    def _obstacle_named(self) -> Self:
        named = ("obstacle",)
        if self.result is Appraisal.UNFAVOURABLE:
            expect(self, filled=named)
        else:
            expect(self, empty=named)
        return self


@answers(SupportAppraised)
async def appraise_support(_ask: Ask) -> Ended:
    """Appraise the application the commune sent. Source: circular 35/2013 (5 working days)."""
    return wait_for_agency()


class SchoolingPaid(Payment):
    """The costs of schooling."""


@answers(SchoolingPaid)
async def pay_schooling(_ask: Ask) -> Ended:
    """Pay the costs of schooling. Source: plan 2024, IV.1; amounts from the dated tables."""
    return wait_for_agency()


class HardshipAllowancePaid(Payment):
    """The initial hardship allowance, paid once."""


@answers(HardshipAllowancePaid)
async def pay_hardship_allowance(_ask: Ask) -> Ended:
    """Pay the initial hardship allowance. Source: plan 2024, IV.1; circular 84/2019/TT-BTC; provincial amount."""
    return wait_for_agency()


class Arrangement(CodeList):
    """Whether something was found."""

    ARRANGED = "arranged", "Đã bố trí", "Arranged"
    NOT_FOUND = "not_found", "Chưa tìm được", "Not found"


class Placement(Outcome):
    """A place in a course or at work, from when; never where."""

    result: Arrangement = plain("Kết quả", "Result", deciding=True)
    starts_on: date | None = plain(
        "Ngày bắt đầu", "Starts on", goes_with={"result": ("arranged",)}, ahead=True, default=None
    )

    @model_validator(mode="after")
    def _start_when_arranged(self) -> Self:
        named = ("starts_on",)
        if self.result is Arrangement.ARRANGED:
            expect(self, filled=named)
        else:
            expect(self, empty=named)
        return self


class TrainingArranged(Placement):
    """A place in vocational training."""


@answers(TrainingArranged)
async def arrange_training(_ask: Ask) -> Ended:
    """Find vocational training. Source: plan 2024, IV.1 (elementary level, under 3 months, by circular 84/2019)."""
    return wait_for_agency()


class JobFound(Placement):
    """A job."""


@answers(JobFound)
async def find_job(_ask: Ask) -> Ended:
    """Put the person in touch with work. Source: plan 2024, IV.1."""
    return wait_for_agency()


class ClosingReason(CodeList):
    """Why the journey ends."""

    SETTLED = "settled", "Đã ổn định cuộc sống", "Settled"
    NO_SERVICE = "no_service", "Không có nhu cầu hỗ trợ", "No service wanted"
    NOT_IDENTIFIED = "not_identified", "Không đủ điều kiện hỗ trợ", "Not identified"
    WITHDRAWN = "withdrawn", "Người được hỗ trợ xin dừng", "The person withdrew"
    HOME = "home", "Đã về nơi cư trú", "Went home"
    MOVED = "moved", "Đã chuyển đi nơi khác", "Moved away"
    OTHER = "other", "Lý do khác", "Another reason"


class JourneyClosed(Outcome):
    """The end of the journey."""

    reason: ClosingReason = plain("Lý do kết thúc", "Reason", deciding=True)


@answers(JourneyClosed)
async def close_journey(_ask: Ask) -> Ended:
    """Close the journey with its reason. Source: local choice; the plan names no act of closing."""
    return wait_for_agency()


TASKS = tuple(
    map(
        task_of,
        (appraise_support, pay_schooling, arrange_training, find_job, pay_hardship_allowance, close_journey),
    )
)
