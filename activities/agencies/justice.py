"""The Justice division: the person's rights, legal aid, and rights in proceedings."""

from datetime import date

from activities.agencies.papers import SignedPaper
from activities.agencies.waiting import answers, task_of, wait_for_agency
from activities.domain.messages import Ask, Ended
from activities.domain.outcomes import CodeList, Outcome, plain


class RightsExplained(Outcome):
    """What the person was told and what they want."""

    explained_on: date = plain("Ngày phổ biến", "Explained on")
    interpreter: bool = plain("Có phiên dịch", "With an interpreter", default=False)
    wants_legal_aid: bool = plain("Muốn trợ giúp pháp lý", "Wants legal aid", deciding=True, default=False)
    proceedings: bool = plain("Đang có vụ việc tố tụng", "Proceedings are running", deciding=True, default=False)


@answers(RightsExplained)
async def inform_of_rights(_ask: Ask) -> Ended:
    """Tell the person their rights in a language they understand. Source: plan 2024, IV.3."""
    return wait_for_agency()


class ReferredToLegalAid(SignedPaper):
    """The letter to the legal aid centre."""


@answers(ReferredToLegalAid)
async def refer_to_legal_aid(_ask: Ask) -> Ended:
    """Refer the person to free legal aid. Source: law on legal aid; plan 2024, IV.3."""
    return wait_for_agency()


class ProceedingsEnd(CodeList):
    """How the proceedings ended."""

    JUDGED = "judged", "Có bản án, quyết định", "Judged"
    DROPPED = "dropped", "Đình chỉ", "Dropped"
    SUSPENDED = "suspended", "Tạm đình chỉ", "Suspended"
    NO_LONGER_PARTY = "no_longer_party", "Không còn tham gia", "No longer takes part"


class RightsProtected(Outcome):
    """The end of the proceedings the person took part in."""

    end: ProceedingsEnd = plain("Kết thúc", "End")
    ended_on: date = plain("Ngày kết thúc", "Ended on")


@answers(RightsProtected)
async def protect_rights_in_proceedings(_ask: Ask) -> Ended:
    """Stand by the person's rights while proceedings run. Source: plan 2024, IV.3."""
    return wait_for_agency()


TASKS = tuple(map(task_of, (inform_of_rights, refer_to_legal_aid, protect_rights_in_proceedings)))
