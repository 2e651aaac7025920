"""The commune's committee: the first door, the child's plan, the application, and the visits afterwards."""

from datetime import date
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, StringConstraints, model_validator

from activities.agencies.misfits import expect, in_order, once_each
from activities.agencies.papers import PaperNumber, SignedPaper
from activities.agencies.services import Benefits, Obstacle, Services
from activities.agencies.waiting import answers, task_of, wait_for_agency
from activities.domain.messages import Ask, Ended
from activities.domain.outcomes import CodeList, Outcome, Sensitivity, plain, sensitive

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]  # ISO 639


class WayOfReturn(CodeList):
    """How the person came back."""

    RESCUED = "rescued", "Được giải cứu", "Rescued"
    SELF_RETURNED = "self_returned", "Tự trở về", "Came back alone"
    HANDED_OVER = "handed_over", "Nước ngoài trao trả", "Handed over by another country"
    DOMESTIC = "domestic", "Trong nước, đến trình báo", "Within the country, reported here"


class PersonReceived(Outcome):
    """What the organisation the person came to saw at once."""

    STATISTICS: ClassVar[tuple[str, ...]] = ("way_of_return",)

    child: bool = plain("Người dưới 18 tuổi", "Under 18", deciding=True)
    foreigner: bool = plain("Người nước ngoài", "Not a citizen", deciding=True)
    danger: bool = plain("Có nguy cơ mất an toàn ngay", "In urgent danger", deciding=True)
    declaration: bool = plain(
        "Đã lập tờ khai",
        "The declaration is filled in",
        help_vi="Cán bộ ghi giúp nếu người đến là trẻ em hoặc không viết được",
        help_en="The officer writes it down for a child or a person who cannot write",
    )
    language: Language = plain(
        "Ngôn ngữ (mã ISO 639)", "Language (ISO 639 code)", help_vi="Ví dụ vi, km", help_en="For example vi, km"
    )
    way_of_return: WayOfReturn = plain("Cách trở về", "Way of return")


@answers(PersonReceived)
async def receive_person(_ask: Ask) -> Ended:
    """Receive a person who comes to report and tell the lead agency at once. Source: plan 2024, IV.10; law 66/2011."""
    return wait_for_agency()


class Representative(CodeList):
    """Who speaks for a child."""

    PARENT = "parent", "Cha, mẹ", "A parent"
    GUARDIAN = "guardian", "Người giám hộ", "A guardian"
    APPOINTED = "appointed", "Người được cử", "A person appointed"
    NONE_YET = "none_yet", "Chưa có", "None yet"


class RelativesRisk(CodeList):
    """Whether the child's relatives were looked at before they are told."""

    NONE_SEEN = "none_seen", "Không thấy rủi ro", "No risk seen"
    RISK = "risk", "Có rủi ro, không báo người thân", "A risk: they are not told"
    NO_RELATIVES = "no_relatives", "Không có người thân", "No relatives"


class ChildEscort(CodeList):
    """Who goes with the child."""

    RELATIVES = "relatives", "Người thân đến đón", "Relatives come"
    LABOUR = "labour", "Phòng LĐ-TB&XH", "Labour division"
    POLICE = "police", "Công an", "Police"


class ChildProtectionPlanned(SignedPaper):
    """The child's plan as the commune's chair signed it."""

    representative: Representative = plain("Người đại diện hợp pháp", "Legal representative")
    relatives: RelativesRisk = sensitive(
        Sensitivity.DANGER, "Rủi ro từ người thân thích", "Risk from relatives", help_en="Checked before they are told"
    )
    escort: ChildEscort = plain("Người đưa trẻ về", "Who goes with the child")


@answers(ChildProtectionPlanned)
async def plan_child_protection(_ask: Ask) -> Ended:
    """Plan the support of a child: representative, relatives, escort. Source: decree 56/2017."""
    return wait_for_agency()


class Danger(CodeList):
    """Whether somebody is in danger."""

    DANGER = "danger", "Có nguy cơ", "There is danger"
    NO_DANGER = "no_danger", "Không có nguy cơ", "There is none"


class AtRisk(CodeList):
    """Who is in danger."""

    PERSON = "person", "Người được hỗ trợ", "The person"
    CHILD = "child", "Người dưới 18 tuổi đi cùng", "A child with them"
    RELATIVE = "relative", "Người thân thích", "A relative"


class DangerAssessed(Outcome):
    """What the organisation that received the person says of the danger."""

    result: Danger = plain("Kết quả", "Result", deciding=True)
    for_whom: Annotated[tuple[AtRisk, ...], AfterValidator(once_each)] = sensitive(
        Sensitivity.DANGER, "Đối với ai", "For whom", goes_with={"result": ("danger",)}, default=()
    )

    @model_validator(mode="after")
    def _someone_in_danger(self) -> Self:
        named = ("for_whom",)
        if self.result is Danger.DANGER:
            expect(self, filled=named)
        else:
            expect(self, empty=named)
        return self


@answers(DangerAssessed)
async def assess_danger(_ask: Ask) -> Ended:
    """Say whether the person, a child or a relative is in danger. Source: law 66/2011, Art. 30."""
    return wait_for_agency()


class Confirmation(CodeList):
    """Whether the commune confirms an application."""

    CONFIRMED = "confirmed", "Xác nhận", "Confirmed"
    NOT_CONFIRMED = "not_confirmed", "Không xác nhận", "Not confirmed"


class ApplicationConfirmed(Outcome):
    """The application as the commune confirmed it, or why it did not."""

    result: Confirmation = plain("Kết quả", "Result", deciding=True)
    applied_on: date = plain("Ngày nộp đơn", "Applied on")
    number: PaperNumber = plain("Số văn bản", "Paper number")
    confirmed_on: date = plain("Ngày trả lời", "Answered on")
    services: Benefits = plain("Nội dung đề nghị", "What is applied for", default=())
    poor_household: bool = plain(
        "Có giấy xác nhận hộ nghèo",
        "Holds the poor-household paper",
        help_vi="Cần cho học văn hóa và trợ cấp khó khăn ban đầu theo Luật 66/2011",
        help_en="Schooling and the hardship allowance ask for it under law 66/2011",
        default=False,
    )
    obstacle: Obstacle | None = plain(
        "Lý do không xác nhận", "Why not", goes_with={"result": ("not_confirmed",)}, default=None
    )

    @model_validator(mode="after")
    def _services_or_obstacle(self) -> Self:
        in_order(self.applied_on, self.confirmed_on, "confirmed_on")
        if self.result is Confirmation.CONFIRMED:
            expect(self, filled=("services",), empty=("obstacle",))
        else:
            expect(self, filled=("obstacle",))
        return self


@answers(ApplicationConfirmed)
async def confirm_application(_ask: Ask) -> Ended:
    """Confirm the application and send it on. Source: circular 35/2013 (3 working days)."""
    return wait_for_agency()


class Situation(CodeList):
    """How the person is now."""

    SETTLED = "settled", "Đã ổn định", "Settled"
    NEEDS = "needs", "Còn nhu cầu hỗ trợ", "Needs more"
    MOVED = "moved", "Đã chuyển đi nơi khác", "Moved away"
    AT_RISK = "at_risk", "Có nguy cơ trở lại", "At risk again"


class FollowedUp(Outcome):
    """What a visit to the person found, in one word and the services still wanted."""

    result: Situation = plain("Tình hình", "Situation", deciding=True)
    visited_on: date = plain("Ngày thăm", "Visited on")
    needs: Services = plain(
        "Nhu cầu còn lại", "What is still needed", goes_with={"result": ("needs", "moved", "at_risk")}, default=()
    )

    @model_validator(mode="after")
    def _needs_named(self) -> Self:
        if self.result is Situation.NEEDS:
            expect(self, filled=("needs",))
        elif self.result is Situation.SETTLED:
            expect(self, empty=("needs",))
        return self


@answers(FollowedUp)
async def follow_up(_ask: Ask) -> Ended:
    """Visit the person and say how they are. Source: plan 2024, IV.10; the interval is a local choice."""
    return wait_for_agency()


TASKS = tuple(map(task_of, (receive_person, plan_child_protection, assess_danger, confirm_application, follow_up)))
