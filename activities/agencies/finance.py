"""The Finance-Planning division: funds for a voucher; it never learns for whom."""

from typing import Self

from pydantic import model_validator

from activities.agencies.misfits import expect
from activities.agencies.papers import CostLine, PaperNumber, Vnd
from activities.agencies.waiting import answers, task_of, wait_for_agency
from activities.domain.messages import Ask, Ended
from activities.domain.outcomes import CodeList, Outcome, plain


class Funds(CodeList):
    """Whether there is money."""

    CONFIRMED = "confirmed", "Có nguồn", "Confirmed"
    NONE = "none", "Không có nguồn", "There is none"


class FundsConfirmed(Outcome):
    """The line a voucher is paid from."""

    result: Funds = plain("Kết quả", "Result", deciding=True)
    voucher: PaperNumber = plain("Số chứng từ", "Voucher number")
    amount: Vnd = plain("Số tiền (đồng)", "Amount (VND)")
    cost_line: CostLine = plain("Mục chi", "Cost line", goes_with={"result": ("confirmed",)}, default="")

    @model_validator(mode="after")
    def _line_when_confirmed(self) -> Self:
        named = ("cost_line",)
        if self.result is Funds.CONFIRMED:
            expect(self, filled=named)
        else:
            expect(self, empty=named)
        return self


@answers(FundsConfirmed)
async def confirm_funds(_ask: Ask) -> Ended:
    """Name the cost line of a voucher that waits for money. Source: plan 2024, IV.6."""
    return wait_for_agency()


TASKS = (task_of(confirm_funds),)
