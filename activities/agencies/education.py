"""The Education division and its schools: a place in school without fees."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from activities.agencies.misfits import misfit
from activities.agencies.waiting import answers, task_of, wait_for_agency
from activities.domain.messages import Ask, Ended
from activities.domain.outcomes import Outcome, plain


def consecutive(year: str) -> str:
    """A school year such as 2024-2025; raises `school-year-not-consecutive`."""
    first, second = year.split("-")
    if int(second) != int(first) + 1:
        raise misfit("school-year-not-consecutive", "school_year")
    return year


class SchoolEnrolled(Outcome):
    """The person goes to school; the school learns nothing else."""

    school_year: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{4}$"), AfterValidator(consecutive)] = plain(
        "Năm học", "School year", help_vi="Ví dụ 2024-2025", help_en="For example 2024-2025"
    )
    enrolled_on: date = plain("Ngày nhập học", "Enrolled on")
    tuition_exempt: bool = plain("Được miễn học phí", "Exempt from tuition")


@answers(SchoolEnrolled)
async def enrol_in_school(_ask: Ask) -> Ended:
    """Find a school and exempt the person from tuition. Source: plan 2024, IV.5."""
    return wait_for_agency()


TASKS = (task_of(enrol_in_school),)
