"""All agency tasks in one place, by kind: what a worker registers and a form is drawn from."""

from collections.abc import Mapping
from types import MappingProxyType

from activities.agencies import (
    bank,
    centre,
    commune,
    district_committee,
    education,
    finance,
    front,
    health,
    justice,
    labour_choice,
    labour_reception,
    labour_support,
    police,
    womens_union,
)
from activities.agencies.waiting import AgencyTask

TASKS: tuple[AgencyTask, ...] = (
    *commune.TASKS,
    *labour_reception.TASKS,
    *labour_choice.TASKS,
    *labour_support.TASKS,
    *police.TASKS,
    *centre.TASKS,
    *health.TASKS,
    *justice.TASKS,
    *district_committee.TASKS,
    *education.TASKS,
    *finance.TASKS,
    *bank.TASKS,
    *womens_union.TASKS,
    *front.TASKS,
)

REGISTRY: Mapping[str, AgencyTask] = MappingProxyType({task.kind: task for task in TASKS})
