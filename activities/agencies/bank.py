"""The Social Policy Bank's office, asked and not ordered: a loan to start with."""

from typing import Self

from pydantic import model_validator

from activities.agencies.misfits import expect
from activities.agencies.papers import Vnd
from activities.agencies.waiting import answers, task_of, wait_for_agency
from activities.domain.messages import Ask, Ended
from activities.domain.outcomes import CodeList, Outcome, plain


class Loan(CodeList):
    """What became of the loan."""

    LENT = "lent", "Đã cho vay", "Lent"
    REFUSED = "refused", "Không đủ điều kiện vay", "Refused"
    NOT_WANTED = "not_wanted", "Không có nhu cầu vay", "Not wanted"


class LoanArranged(Outcome):
    """The bank's answer."""

    result: Loan = plain("Kết quả", "Result", deciding=True)
    amount: Vnd | None = plain("Số tiền vay (đồng)", "Amount lent (VND)", goes_with={"result": ("lent",)}, default=None)

    @model_validator(mode="after")
    def _amount_when_lent(self) -> Self:
        named = ("amount",)
        if self.result is Loan.LENT:
            expect(self, filled=named)
        else:
            expect(self, empty=named)
        return self


@answers(LoanArranged)
async def arrange_loan(_ask: Ask) -> Ended:
    """Open a loan programme to the person. Source: plan 2024, IV.8 (a request)."""
    return wait_for_agency()


TASKS = (task_of(arrange_loan),)
