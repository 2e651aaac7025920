"""What a person may need or be granted, as closed lists several agencies answer with."""

from typing import Annotated

from pydantic import AfterValidator, Field

from activities.agencies.misfits import once_each
from activities.domain.outcomes import CodeList


class Service(CodeList):
    """A service the community or the care stage can open; the story opens exactly those asked for."""

    SCHOOLING = "schooling", "Học văn hóa", "Schooling"
    VOCATIONAL = "vocational", "Học nghề", "Vocational training"
    JOB = "job", "Việc làm", "A job"
    HARDSHIP = "hardship", "Trợ cấp khó khăn ban đầu", "Initial hardship allowance"
    LOAN = "loan", "Vay vốn", "A loan"
    SOCIAL = "social", "Thăm hỏi, kết nối dịch vụ", "Social support"
    PROGRAMMES = "programmes", "Chương trình, chính sách", "Programmes"
    LEGAL_AID = "legal_aid", "Trợ giúp pháp lý", "Legal aid"
    COUNSELLING = "counselling", "Hỗ trợ tâm lý", "Counselling"


class Benefit(CodeList):
    """What one application to the commune covers (law 66/2011: schooling, training, initial hardship)."""

    SCHOOLING = "schooling", "Học văn hóa", "Schooling"
    VOCATIONAL = "vocational", "Học nghề", "Vocational training"
    HARDSHIP = "hardship", "Trợ cấp khó khăn ban đầu", "Initial hardship allowance"


class Obstacle(CodeList):
    """Why an application was not confirmed, supported or granted."""

    INCOMPLETE = "incomplete", "Thiếu giấy tờ", "Papers are missing"
    NOT_RESIDENT = "not_resident", "Không cư trú tại địa bàn", "Not resident here"
    NOT_ELIGIBLE = "not_eligible", "Không đủ điều kiện", "Conditions are not met"
    TOO_LATE = "too_late", "Quá thời hạn nộp đơn", "Applied too late"
    OTHER = "other", "Lý do khác, nêu trong văn bản", "Another reason, given in the paper"


Services = Annotated[tuple[Service, ...], AfterValidator(once_each)]
Benefits = Annotated[tuple[Benefit, ...], AfterValidator(once_each)]
AtLeastOne = Field(min_length=1)
