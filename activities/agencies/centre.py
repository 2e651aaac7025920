"""The provincial Social Work Centre: a place, the arrival, counselling in the stay, and the day of leaving."""

from datetime import date
from typing import Self

from pydantic import model_validator

from activities.agencies.misfits import expect, misfit
from activities.agencies.papers import PaperNumber
from activities.agencies.visits import Visit
from activities.agencies.waiting import answers, task_of, wait_for_agency
from activities.domain.messages import Ask, Ended
from activities.domain.outcomes import CodeList, Outcome, plain


class Place(CodeList):
    """The Centre's answer to a referral."""

    PLACE = "place", "Tiếp nhận", "There is a place"
    NO_PLACE = "no_place", "Hết chỗ", "No place"
    NOT_OURS = "not_ours", "Không thuộc đối tượng tiếp nhận", "Not a case for the Centre"


class CentreAnswered(Outcome):
    """Whether the Centre takes the person, and from when."""

    result: Place = plain("Trả lời", "Answer", deciding=True)
    from_day: date | None = plain(
        "Tiếp nhận từ ngày", "From", goes_with={"result": ("place",)}, ahead=True, default=None
    )

    @model_validator(mode="after")
    def _day_of_the_place(self) -> Self:
        named = ("from_day",)
        if self.result is Place.PLACE:
            expect(self, filled=named)
        else:
            expect(self, empty=named)
        return self


@answers(CentreAnswered)
async def accept_at_centre(_ask: Ask) -> Ended:
    """Say whether there is a place; nobody sets out before the yes. Source: plan 2024, IV.1."""
    return wait_for_agency()


class Arrival(CodeList):
    """Whether the person came."""

    ARRIVED = "arrived", "Đã đến", "Arrived"
    NOT_ARRIVED = "not_arrived", "Không đến", "Did not arrive"


class ArrivalConfirmed(Outcome):
    """The handover minutes both sides signed, or that nobody came."""

    result: Arrival = plain("Kết quả", "Result", deciding=True)
    minutes_number: PaperNumber | None = plain(
        "Số biên bản giao, nhận", "Number of the minutes", goes_with={"result": ("arrived",)}, default=None
    )
    minutes_date: date | None = plain(
        "Ngày lập biên bản", "Date of the minutes", goes_with={"result": ("arrived",)}, default=None
    )
    giver_signed: bool = plain(
        "Bên giao đã ký", "The giving side signed", goes_with={"result": ("arrived",)}, default=False
    )
    receiver_signed: bool = plain(
        "Bên nhận đã ký", "The receiving side signed", goes_with={"result": ("arrived",)}, default=False
    )

    @model_validator(mode="after")
    def _signed_by_both(self) -> Self:
        minutes = ("minutes_number", "minutes_date")
        if self.result is Arrival.NOT_ARRIVED:
            expect(self, empty=minutes)
            return self
        expect(self, filled=minutes)
        if not (self.giver_signed and self.receiver_signed):
            raise misfit("signatures-missing", "receiver_signed" if self.giver_signed else "giver_signed")
        return self


@answers(ArrivalConfirmed)
async def confirm_arrival(_ask: Ask) -> Ended:
    """Sign the handover minutes when the person arrives. Source: plan 2024, IV.1 and IV.2."""
    return wait_for_agency()


class LeavingReason(CodeList):
    """Why the stay ends."""

    STAY_ENDED = "stay_ended", "Hết thời gian lưu trú", "The stay is over"
    OWN_WISH = "own_wish", "Theo nguyện vọng", "The person's wish"
    TO_FAMILY = "to_family", "Người thân đón về", "Relatives came"
    TRANSFERRED = "transferred", "Chuyển cơ sở khác", "Moved to another home"
    OTHER = "other", "Lý do khác", "Another reason"


class CentreLeft(Outcome):
    """The day the person left the Centre."""

    left_on: date = plain("Ngày rời Trung tâm", "Left on")
    reason: LeavingReason = plain("Lý do", "Reason")


@answers(CentreLeft)
async def leave_centre(_ask: Ask) -> Ended:
    """Say when and why the person left. Source: decree 09/2013, Art. 19."""
    return wait_for_agency()


class PersonCounselled(Visit):
    """A talk with a counsellor, without what was said."""


@answers(PersonCounselled)
async def counsel_person(_ask: Ask) -> Ended:
    """Counsel the person: the Centre in the stay, else the medical centre. Source: plan 2024, IV.1; local choice."""
    return wait_for_agency()


TASKS = tuple(map(task_of, (accept_at_centre, confirm_arrival, leave_centre, counsel_person)))
