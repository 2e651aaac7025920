"""The district police and the commune police it directs: identification, protection, residence, escorts."""

from datetime import date
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, model_validator

from activities.agencies.misfits import expect, in_order, misfit, once_each
from activities.agencies.papers import PaperNumber, SignedPaper
from activities.agencies.waiting import answers, task_of, wait_for_agency
from activities.domain.messages import Ask, Ended
from activities.domain.outcomes import CodeList, Outcome, Sensitivity, plain, sensitive


class Records(CodeList):
    """Whether the police's own records know of the matter."""

    FOUND = "found", "Có thông tin", "Found"
    NOT_FOUND = "not_found", "Không có thông tin", "Not found"


class RecordsChecked(Outcome):
    """Whether the records held something; what they held stays with the police."""

    result: Records = plain("Kết quả đối chiếu", "Result")


@answers(RecordsChecked)
async def check_records(_ask: Ask) -> Ended:
    """Compare what the person said with the records, with Labour. Source: law 66/2011, Art. 24 (3 days)."""
    return wait_for_agency()


class Identification(CodeList):
    """What the police found."""

    IDENTIFIED = "identified", "Xác định là nạn nhân", "Identified"
    NOT_IDENTIFIED = "not_identified", "Không đủ căn cứ xác định", "Not identified"


class Ground(CodeList):
    """Where the evidence came from (law 53/2024, Art. 32.1; decree 62/2012, Art. 5 lists eight of them)."""

    PROCEEDINGS = "proceedings", "Cơ quan tiến hành tố tụng", "Proceedings bodies"
    RESCUE = "rescue", "Cơ quan giải cứu", "The rescuing agency"
    MISSION = "mission", "Cơ quan đại diện Việt Nam ở nước ngoài", "A Vietnamese mission"
    DOMESTIC_BODY = "domestic_body", "Cơ quan khác trong nước", "Another domestic body"
    FOREIGN_BODY = "foreign_body", "Cơ quan nước ngoài", "A foreign body"
    PERSON = "person", "Lời khai của người đó hoặc người thân", "The person or relatives"
    PERPETRATOR = "perpetrator", "Lời khai của người thực hiện hành vi", "The perpetrator"
    WITNESS = "witness", "Nạn nhân khác, người làm chứng", "Others or witnesses"
    OTHER = "other", "Tài liệu hợp pháp khác", "Other lawful material"


class Purpose(CodeList):
    """What the person was trafficked for (decree 62/2012, Art. 5)."""

    PROSTITUTION = "prostitution", "Cưỡng bức bán dâm", "Forced prostitution"
    PORNOGRAPHY = "pornography", "Sản xuất văn hóa phẩm đồi trụy", "Pornography"
    SEXUAL_SLAVERY = "sexual_slavery", "Nô lệ tình dục", "Sexual slavery"
    LABOUR = "labour", "Cưỡng bức lao động", "Forced labour"
    ORGANS = "organs", "Lấy bộ phận cơ thể", "Organ removal"
    BEGGING = "begging", "Cưỡng bức đi ăn xin", "Forced begging"
    MARRIAGE = "marriage", "Cưỡng ép kết hôn", "Forced marriage"
    CHILDBIRTH = "childbirth", "Cưỡng ép đẻ con", "Forced childbirth"
    CRIME = "crime", "Cưỡng ép phạm tội", "Forced crime"
    OTHER = "other", "Mục đích vô nhân đạo khác", "Another inhumane purpose"


class PersonIdentified(Outcome):
    """The police's answer; its grounds and the purpose are kept encrypted."""

    STATISTICS: ClassVar[tuple[str, ...]] = ("purpose",)

    result: Identification = plain("Kết quả", "Result", deciding=True)
    number: PaperNumber = plain("Số văn bản trả lời", "Number of the answer")
    signed_on: date = plain("Ngày ký", "Signed on")
    grounds: Annotated[tuple[Ground, ...], AfterValidator(once_each)] = sensitive(
        Sensitivity.EVIDENCE, "Căn cứ", "Grounds", default=()
    )
    purpose: Annotated[tuple[Purpose, ...], AfterValidator(once_each)] = sensitive(
        Sensitivity.PURPOSE, "Mục đích bị mua bán", "Purpose", goes_with={"result": ("identified",)}, default=()
    )

    @model_validator(mode="after")
    def _grounds_when_identified(self) -> Self:
        if self.result is Identification.IDENTIFIED:
            expect(self, filled=("grounds", "purpose"))
        else:
            expect(self, empty=("purpose",))
        return self


@answers(PersonIdentified)
async def identify_victim(_ask: Ask) -> Ended:
    """Identify the person on Labour's written request. Source: law 66/2011, Art. 24 (20 days)."""
    return wait_for_agency()


class CertificateIssued(SignedPaper):
    """The certificate of an identified person."""


@answers(CertificateIssued)
async def issue_certificate(_ask: Ask) -> Ended:
    """Issue the certificate. Source: law 66/2011, Art. 24; plan 2024, IV.2."""
    return wait_for_agency()


class Protection(CodeList):
    """Whether protection was applied."""

    APPLIED = "applied", "Đã áp dụng", "Applied"
    REFUSED = "refused", "Người được bảo vệ từ chối", "The person refused"


class Measure(CodeList):
    """A measure of protection (law 66/2011, Art. 30)."""

    SHELTER = "shelter", "Bố trí nơi tạm lánh", "Temporary shelter"
    SECRECY = "secrecy", "Giữ bí mật nơi ở, làm việc, học tập", "Secrecy of home, work and school"
    PREVENTION = "prevention", "Ngăn chặn hành vi xâm hại", "Preventing attack"
    PROCEDURE = "procedure", "Biện pháp theo tố tụng hình sự", "Measures of criminal procedure"


_IF_APPLIED = {"result": (Protection.APPLIED.value,)}


class PersonProtected(Outcome):
    """The measures applied until when, or the person's refusal with a written commitment."""

    result: Protection = plain("Kết quả", "Result", deciding=True)
    measures: Annotated[tuple[Measure, ...], AfterValidator(once_each)] = sensitive(
        Sensitivity.DANGER, "Biện pháp", "Measures", goes_with=_IF_APPLIED, default=()
    )
    review_on: date | None = plain("Ngày xem xét lại", "Reviewed on", goes_with=_IF_APPLIED, ahead=True, default=None)
    ends_on: date | None = plain("Ngày kết thúc", "Ends on", goes_with=_IF_APPLIED, default=None)
    address_known_to_police_only: bool = plain(
        "Chỉ công an biết nơi ở", "Address known to police only", goes_with=_IF_APPLIED, default=False
    )
    written_commitment: bool = plain(
        "Có cam kết bằng văn bản",
        "Written commitment",
        help_vi="Bắt buộc khi người đó từ chối bảo vệ",
        help_en="Required when the person refuses protection",
        goes_with={"result": ("refused",)},
        default=False,
    )

    @model_validator(mode="after")
    def _measures_or_commitment(self) -> Self:
        if self.result is Protection.APPLIED:
            expect(self, filled=("measures", "review_on"))
            in_order(self.review_on, self.ends_on, "ends_on")
            return self
        expect(self, empty=("measures", "review_on", "ends_on"))
        if not self.written_commitment:
            raise misfit("commitment-missing", "written_commitment")
        return self


@answers(PersonProtected)
async def protect_person(_ask: Ask) -> Ended:
    """Apply the measures Labour asked for. Source: law 66/2011, Art. 30; decree 62/2012, Art. 3; plan 2024, IV.2."""
    return wait_for_agency()


class Residence(CodeList):
    """Whether the person lives where they said."""

    CONFIRMED = "confirmed", "Có cư trú", "Confirmed"
    NOT_RESIDENT = "not_resident", "Không cư trú tại địa bàn", "Not resident here"
    UNKNOWN = "unknown", "Chưa xác định được", "Cannot be told"


class ResidenceConfirmed(Outcome):
    """Whether the commune stated as home is the person's residence."""

    result: Residence = plain("Kết quả", "Result", deciding=True)


@answers(ResidenceConfirmed)
async def confirm_residence(_ask: Ask) -> Ended:
    """Confirm where the person lives. Source: plan 2024, IV.2 and IV.10 (commune police verify)."""
    return wait_for_agency()


class SetOutForCentre(Outcome):
    """The escort to the Centre."""

    set_out_on: date = plain("Ngày đưa đi", "Set out on")


@answers(SetOutForCentre)
async def escort_to_centre(_ask: Ask) -> Ended:
    """Take the person to the Centre, after its yes. Source: plan 2024, IV.2."""
    return wait_for_agency()


class BroughtHome(Outcome):
    """The escort home."""

    arrived_on: date = plain("Ngày về đến nơi", "Arrived on")


@answers(BroughtHome)
async def escort_home(_ask: Ask) -> Ended:
    """Bring the person home, always so for a child. Source: plan 2024, IV.2; decree 09/2013, Art. 19."""
    return wait_for_agency()


TASKS = tuple(
    map(
        task_of,
        (
            check_records,
            identify_victim,
            issue_certificate,
            protect_person,
            confirm_residence,
            escort_to_centre,
            escort_home,
        ),
    )
)
