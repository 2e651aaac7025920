"""A payment to the person: the sum, its voucher and its cost line; without a line Finance is asked for the funds."""

from typing import Any, Self

from pydantic import model_validator

from activities.agencies.misfits import misfit
from activities.agencies.papers import CostLine, PaperNumber, Vnd
from activities.domain.outcomes import Outcome, plain

FUNDS_ROUND = {
    "pay_journey_home": 1,
    "pay_schooling": 11,
    "pay_hardship_allowance": 12,
}  # in which Finance is asked for each


class Payment(Outcome):
    """One sum, in dong. `needs_funds` follows from an empty cost line unless it is stated."""

    amount: Vnd = plain("Số tiền (đồng)", "Amount (VND)")
    voucher: PaperNumber = plain(
        "Số chứng từ",
        "Voucher number",
        help_vi="Cơ quan tài chính chỉ thấy số này, mục chi và số tiền",
        help_en="All that Finance sees is this number, the cost line and the sum",
    )
    cost_line: CostLine = plain(
        "Mục chi",
        "Cost line",
        help_vi="Để trống nếu chưa có nguồn; sẽ gửi đề nghị xác nhận kinh phí",
        help_en="Leave empty when no money is set aside: Finance is then asked",
        default="",
    )
    needs_funds: bool = plain(
        "Cần xác nhận nguồn kinh phí", "Funds to be confirmed", deciding=True, derived=True, default=False
    )

    @model_validator(mode="before")
    @classmethod
    def _ask_for_funds(cls, given: Any) -> Any:
        return with_funds_asked(given)

    @model_validator(mode="after")
    def _line_or_funds(self) -> Self:
        if self.needs_funds == bool(self.cost_line):
            raise misfit("funds-and-line-disagree", "cost_line")
        return self


def with_funds_asked(given: Any) -> Any:
    """The answer as given, with `needs_funds` read off its cost line where it is not stated."""
    if isinstance(given, dict) and "needs_funds" not in given:
        return given | {"needs_funds": not str(given.get("cost_line") or "").strip()}
    return given
