"""States of tasks and journeys, and the verbs that move a task."""

from enum import StrEnum


class TaskState(StrEnum):
    """Where a task stands. `done`, `waived`, `declined` and `withdrawn` are final."""

    OPEN = "open"
    PAUSED = "paused"
    RETURNED = "returned"
    DONE = "done"
    WAIVED = "waived"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"

    @property
    def final(self) -> bool:
        """Nothing moves it any more."""
        return self in FINAL


FINAL = frozenset({TaskState.DONE, TaskState.WAIVED, TaskState.DECLINED, TaskState.WITHDRAWN})
LIVE = frozenset(TaskState) - FINAL


class JourneyState(StrEnum):
    """`ending`: the person withdrew; only the way home may open."""

    OPEN = "open"
    ENDING = "ending"
    CLOSED = "closed"


class DecisionKind(StrEnum):
    """What a supervisor or a coordinator may decide of a task."""

    EXTEND = "extend"
    REASSIGN = "reassign"
    PAUSE = "pause"
    RESUME = "resume"
    WAIVE = "waive"
    RESEND = "resend"
    WITHDRAW = "withdraw"


class Role(StrEnum):
    """What an officer may be (section 1 of the architecture)."""

    COORDINATOR = "coordinator"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
