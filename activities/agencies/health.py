"""The medical centre, directed by the health division: examination, treatment and counselling."""

from activities.agencies.visits import Visit
from activities.agencies.waiting import answers, task_of, wait_for_agency
from activities.domain.messages import Ask, Ended


class HealthExamined(Visit):
    """An examination or a treatment, without its findings."""


@answers(HealthExamined)
async def examine_health(_ask: Ask) -> Ended:
    """Examine and treat the person. Source: plan 2024, IV.4."""
    return wait_for_agency()


TASKS = (task_of(examine_health),)
