"""What every agency activity is made of: a name, an outcome model, and patience."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from temporalio import activity

from activities.domain.messages import Ask, Ended
from activities.domain.outcomes import Outcome

Activity = Callable[[Ask], Awaitable[Ended]]


@dataclass(frozen=True)
class AgencyTask:
    """A task kind as its agency carries it out: the kind is the activity's name."""

    kind: str
    outcome: type[Outcome]
    activity: Activity


def answers(outcome: type[Outcome]) -> Callable[[Activity], Activity]:
    """Name an activity after its function and remember the outcome model of its answer."""

    def named(work: Activity) -> Activity:
        defined = activity.defn(work)
        defined.__dict__["homeward_outcome"] = outcome
        return defined

    return named


def task_of(work: Activity) -> AgencyTask:
    """The agency task of an activity made by `answers`."""
    return AgencyTask(kind=work.__name__, outcome=work.__dict__["homeward_outcome"], activity=work)


def wait_for_agency() -> Ended:
    """Leave the activity open: the relay completes it by id when the agency has answered (never returns)."""
    activity.raise_complete_async()
