"""The Labour division from the first notice on: essential needs, the check, and the papers to police and person."""

from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from activities.agencies.misfits import expect, in_order, once_each
from activities.agencies.papers import SignedPaper
from activities.agencies.services import AtLeastOne
from activities.agencies.waiting import answers, task_of, wait_for_agency
from activities.domain.messages import Ask, Ended
from activities.domain.outcomes import CodeList, Outcome, Sensitivity, plain, sensitive


class Essential(CodeList):
    """What is given at once."""

    LODGING = "lodging", "Chỗ ở tạm thời", "Lodging"
    MEALS = "meals", "Ăn uống", "Meals"
    CLOTHES = "clothes", "Quần áo, vật dụng cá nhân", "Clothes, personal items"
    HYGIENE = "hygiene", "Vật dụng vệ sinh", "Hygiene items"
    SCHOOL_ITEMS = "school_items", "Đồ dùng học tập", "School items"
    FIRST_AID = "first_aid", "Sơ cứu, thuốc thông thường", "First aid"
    INTERPRETER = "interpreter", "Phiên dịch", "An interpreter"


class EssentialNeedsMet(Outcome):
    """What the person was given."""

    given: Annotated[tuple[Essential, ...], AtLeastOne, AfterValidator(once_each)] = plain("Đã hỗ trợ", "Given")


@answers(EssentialNeedsMet)
async def meet_essential_needs(_ask: Ask) -> Ended:
    """Give food, lodging and what else cannot wait. Source: plan 2024, IV.1; decree 09/2013, Art. 19."""
    return wait_for_agency()


class InitialCheck(CodeList):
    """Whether the police must still identify the person."""

    PROVEN = "proven", "Đã có giấy tờ chứng minh", "A paper already proves the status"
    IDENTIFY = "identify", "Cần đề nghị xác định", "Identification is needed"


class Proof(CodeList):
    """A paper that proves the status (law 66/2011, Art. 28)."""

    POLICE = "police", "Giấy xác nhận của công an", "Police certificate"
    RESCUE = "rescue", "Giấy xác nhận của cơ quan giải cứu", "Rescue agency's certificate"
    PROCEEDINGS = "proceedings", "Giấy xác nhận của cơ quan tố tụng", "Proceedings body's certificate"
    FOREIGN = "foreign", "Giấy tờ nước ngoài đã hợp pháp hóa", "Legalised foreign papers"


class InformationChecked(Outcome):
    """The result of the initial check, and the paper that settles it."""

    result: InitialCheck = plain("Kết quả", "Result", deciding=True)
    proof: Proof | None = sensitive(
        Sensitivity.EVIDENCE, "Giấy tờ chứng minh", "Proving paper", goes_with={"result": ("proven",)}, default=None
    )

    @model_validator(mode="after")
    def _proof_when_proven(self) -> Self:
        if self.result is InitialCheck.PROVEN:
            expect(self, filled=("proof",))
        else:
            expect(self, empty=("proof",))
        return self


@answers(InformationChecked)
async def check_information(_ask: Ask) -> Ended:
    """Check what the person said, with the police. Source: law 66/2011, Art. 24 (3 days from the commune's notice)."""
    return wait_for_agency()


class ReceivingPolice(CodeList):
    """Which police the request went to."""

    DISTRICT = "district", "Công an huyện", "The district police"
    OTHER_DISTRICT = "other_district", "Công an huyện khác", "Another district's police"
    PROVINCE = "province", "Công an tỉnh", "The provincial police"


class IdentificationRequested(SignedPaper):
    """The written request; the police's clock runs from the day they received it, else from the day it was signed."""

    receiving_police: ReceivingPolice = plain("Công an nhận", "Receiving police")
    received_on: date | None = plain("Ngày công an nhận", "Received by police on", default=None)

    @model_validator(mode="after")
    def _received_after_signing(self) -> Self:
        in_order(self.signed_on, self.received_on, "received_on")
        return self


@answers(IdentificationRequested)
async def request_identification(_ask: Ask) -> Ended:
    """Ask the police in writing to identify the person. Source: law 66/2011, Art. 24."""
    return wait_for_agency()


class ResultExplained(SignedPaper):
    """The paper that tells the person the result and its reason."""


@answers(ResultExplained)
async def explain_result(_ask: Ask) -> Ended:
    """Tell the person in writing when they were not identified, with the reason. Source: local choice."""
    return wait_for_agency()


class ProtectionRequested(SignedPaper):
    """The request for protection."""


@answers(ProtectionRequested)
async def request_protection(_ask: Ask) -> Ended:
    """Ask the police to protect the person or a relative. Source: plan 2024, IV.1 and IV.2."""
    return wait_for_agency()


TASKS = tuple(
    map(
        task_of,
        (meet_essential_needs, check_information, request_identification, explain_result, request_protection),
    )
)
