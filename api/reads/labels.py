"""What the kinds and stages of all plans are called, as the reader's office may see it written."""

from activities.domain.text import Text
from api.deps import Desk


def kinds(desk: Desk) -> dict[str, Text]:
    """Every kind's label by code: the lead's own words for the lead, neutral ones for everybody else."""
    return {
        kind.code: kind.label if desk.actor.lead else kind.neutral
        for plan in (*desk.office.shelf.by_hash.values(), *desk.office.shelf.current)
        for kind in plan.kinds
    }


def stages(desk: Desk) -> dict[str, Text]:
    """Every stage's label by code, in the order of the plan."""
    plans = (*desk.office.shelf.current, *desk.office.shelf.by_hash.values())
    return {stage.code: stage.label for plan in plans for stage in plan.stages}


def order(desk: Desk) -> dict[str, int]:
    """Every kind's place by code: that in the plan in force, what older plans alone know after it."""
    plans = (*desk.office.shelf.current, *desk.office.shelf.by_hash.values())
    known = dict.fromkeys(kind.code for plan in plans for kind in plan.kinds)
    return {code: place for place, code in enumerate(known)}
