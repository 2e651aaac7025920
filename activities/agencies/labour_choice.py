"""The Labour division with the person: what they need, where they want to go, and the way there."""

from datetime import date
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from activities.agencies.misfits import expect, misfit
from activities.agencies.papers import CostLine, PaperNumber, SignedPaper, Vnd
from activities.agencies.payments import with_funds_asked
from activities.agencies.services import Services
from activities.agencies.waiting import answers, task_of, wait_for_agency
from activities.domain.messages import Ask, Ended
from activities.domain.outcomes import CodeList, Outcome, plain

MEALS_LEAST = 70_000  # VND a person and day on the road: circular 84/2019/TT-BTC


class Education(CodeList):
    """The highest level finished."""

    NONE = "none", "Chưa đi học", "None"
    PRIMARY = "primary", "Tiểu học", "Primary"
    LOWER_SECONDARY = "lower_secondary", "Trung học cơ sở", "Lower secondary"
    UPPER_SECONDARY = "upper_secondary", "Trung học phổ thông", "Upper secondary"
    VOCATIONAL = "vocational", "Học nghề, trung cấp", "Vocational"
    HIGHER = "higher", "Cao đẳng, đại học", "Higher"


class Family(CodeList):
    """What the person can count on at home."""

    PARENTS = "parents", "Sống với cha mẹ", "With parents"
    PARTNER = "partner", "Sống với vợ, chồng", "With a partner"
    RELATIVES = "relatives", "Sống với người thân", "With relatives"
    CHILDREN = "children", "Một mình nuôi con", "Alone with children"
    ALONE = "alone", "Không nơi nương tựa", "Alone"


class NeedsAssessed(Outcome):
    """What the person needs now, what can wait; what is in neither list is not needed."""

    STATISTICS: ClassVar[tuple[str, ...]] = ("needs",)

    needs: Services = plain(
        "Cần ngay",
        "Needed now",
        help_vi="Chỉ những việc chọn ở đây được chuyển đến các cơ quan",
        help_en="Exactly what is chosen here is opened with the agencies",
        deciding=True,
    )
    later: Services = plain("Để sau", "Later", default=())
    education: Education = plain("Trình độ học vấn", "Education")
    family: Family = plain("Hoàn cảnh gia đình", "Family")

    @model_validator(mode="after")
    def _now_or_later(self) -> Self:
        if set(self.needs) & set(self.later):
            raise misfit("needed-now-and-later", "later")
        return self


@answers(NeedsAssessed)
async def assess_needs(_ask: Ask) -> Ended:
    """Find out with the person what they need, and plan it. Source: plan 2024, IV.1; law 66/2011, chapter on support."""
    return wait_for_agency()


class Choice(CodeList):
    """Where the person wants to be."""

    CENTRE = "centre", "Đến Trung tâm", "To the Centre"
    HOME = "home", "Về nơi cư trú", "Home"
    STAY = "stay", "Ở lại nơi đang ở", "Stay"


class ChoiceRecorded(Outcome):
    """The person's wish."""

    STATISTICS: ClassVar[tuple[str, ...]] = ("choice",)

    choice: Choice = plain("Nguyện vọng", "Wish", deciding=True)
    labour_escorts: bool = plain(
        "Đề nghị Phòng LĐ-TB&XH đưa đi",
        "The Labour division goes along",
        help_vi="Nếu không chọn, công an đưa đi",
        help_en="Otherwise the police do",
        deciding=True,
        goes_with={"choice": ("centre", "home")},
        default=False,
    )
    cannot_pay: bool = plain("Không tự lo được chi phí đi lại", "Cannot pay the journey", deciding=True, default=False)

    @model_validator(mode="after")
    def _someone_travels(self) -> Self:
        if self.choice is Choice.STAY and self.labour_escorts:
            raise misfit("nobody-travels", "labour_escorts")
        return self


@answers(ChoiceRecorded)
async def record_choice(_ask: Ask) -> Ended:
    """Write down whether the person wants the Centre, home, or to stay. Source: plan 2024, IV.1."""
    return wait_for_agency()


class ReferredToCentre(SignedPaper):
    """The letter to the Centre."""


@answers(ReferredToCentre)
async def refer_to_centre(_ask: Ask) -> Ended:
    """Ask the Centre for a place, on the person's wish. Source: plan 2024, IV.1."""
    return wait_for_agency()


class WayHome(CodeList):
    """Whether the way home was paid."""

    PAID = "paid", "Đã trợ cấp", "Paid"
    NOT_NEEDED = "not_needed", "Không cần", "Not needed"


_IF_PAID = {"result": (WayHome.PAID.value,)}
_PAID = ("decision_number", "decided_on", "fare", "meals_per_day", "days", "voucher")


class JourneyPaid(Outcome):
    """Fare and meals on the road, on the district committee's decision."""

    result: WayHome = plain("Kết quả", "Result", deciding=True)
    decision_number: PaperNumber | None = plain(
        "Số quyết định của UBND huyện", "Decision number", goes_with=_IF_PAID, default=None
    )
    decided_on: date | None = plain("Ngày quyết định", "Decided on", goes_with=_IF_PAID, default=None)
    fare: Vnd | None = plain("Tiền tàu xe (đồng)", "Fare (VND)", goes_with=_IF_PAID, default=None)
    meals_per_day: Vnd | None = plain(
        "Tiền ăn mỗi ngày (đồng)",
        "Meals a day (VND)",
        help_vi="Tối thiểu 70.000 đồng/người/ngày (Thông tư 84/2019/TT-BTC)",
        help_en="At least 70,000 VND a person and day (circular 84/2019/TT-BTC)",
        goes_with=_IF_PAID,
        default=None,
    )
    days: Annotated[int, Field(ge=1, le=30)] | None = plain(
        "Số ngày đi đường", "Days on the road", goes_with=_IF_PAID, default=None
    )
    voucher: PaperNumber | None = plain("Số chứng từ", "Voucher number", goes_with=_IF_PAID, default=None)
    cost_line: CostLine = plain("Mục chi", "Cost line", goes_with=_IF_PAID, default="")
    needs_funds: bool = plain(
        "Cần xác nhận nguồn kinh phí",
        "Funds to be confirmed",
        deciding=True,
        goes_with=_IF_PAID,
        derived=True,
        default=False,
    )

    @model_validator(mode="before")
    @classmethod
    def _ask_for_funds(cls, given: Any) -> Any:
        paid = isinstance(given, dict) and given.get("result") == WayHome.PAID.value
        return with_funds_asked(given) if paid else given

    @model_validator(mode="after")
    def _paid_in_full(self) -> Self:
        if self.result is WayHome.NOT_NEEDED:
            expect(self, empty=(*_PAID, "cost_line"))
        else:
            expect(self, filled=_PAID)
            if self.meals_per_day is not None and self.meals_per_day < MEALS_LEAST:
                raise misfit("meals-below-least", "meals_per_day", least=MEALS_LEAST)
        if self.needs_funds != (self.result is WayHome.PAID and not self.cost_line):
            raise misfit("funds-and-line-disagree", "cost_line")
        return self


@answers(JourneyPaid)
async def pay_journey_home(_ask: Ask) -> Ended:
    """Pay fare and meals when the person cannot. Source: plan 2024, IV.1; circular 84/2019/TT-BTC; decree 09/2013."""
    return wait_for_agency()


TASKS = tuple(map(task_of, (assess_needs, record_choice, refer_to_centre, pay_journey_home)))
