"""A visit to a doctor or a counsellor: whether it took place and when the next one is; never what was found."""

from datetime import date
from typing import Any, ClassVar, Self

from pydantic import model_validator

from activities.agencies.misfits import misfit
from activities.domain.outcomes import Outcome, plain


class Visit(Outcome):
    """One visit. `again` follows from the date of the next visit unless it is stated."""

    NEXT_ROUND_ON: ClassVar[str] = "next_visit"

    took_place: bool = plain("Đã thực hiện", "It took place")
    next_visit: date | None = plain("Ngày hẹn lần sau", "Next visit on", ahead=True, default=None)
    again: bool = plain("Có hẹn lần sau", "A next visit is wanted", deciding=True, derived=True, default=False)
    onward_referral: bool = plain(
        "Chuyển lên tuyến trên",
        "Referred onward",
        help_vi="Không ghi kết quả khám, chẩn đoán hay nội dung tư vấn",
        help_en="Findings, diagnoses and what was said are not written here",
        default=False,
    )

    @model_validator(mode="before")
    @classmethod
    def _read_again(cls, given: Any) -> Any:
        if isinstance(given, dict) and "again" not in given:
            return given | {"again": bool(given.get("next_visit"))}
        return given

    @model_validator(mode="after")
    def _date_or_none(self) -> Self:
        if self.again != (self.next_visit is not None):
            raise misfit("visit-and-date-disagree", "next_visit")
        return self
