"""The acts that may meet on one task, by whom, and who may win: one list for rows alone and for the whole stack."""

from collections.abc import Mapping, Sequence
from itertools import combinations_with_replacement

KIND = "explain_result"  # nobody waits for it by law, and a correction of the identification takes it back
OFFICER, COORDINATOR, HEAD = "labour-division.officer", "labour-division.coordinator", "labour-division.head"
DISTRICT, POLICE = "district.supervisor", "district-police.officer"
BELOW = "school-one"  # put under the agency of that kind before the races, so that something can be handed down to it
TIMEOUT = "timeout"

BY = {
    "outcome": OFFICER,
    "return": OFFICER,
    "delegate": HEAD,
    "hand down": HEAD,
    "request decided": HEAD,
    "extend": DISTRICT,
    "reassign": DISTRICT,
    "pause": DISTRICT,
    "waive": DISTRICT,
    "withdrawal": COORDINATOR,
    TIMEOUT: "",
    "correction": DISTRICT,
}
"""Each act and who does it; the deadline is nobody's."""

Pair = tuple[str, str]
PAIRS: tuple[Pair, ...] = tuple(combinations_with_replacement(BY, 2))

ENDS = {"outcome": "done", "waive": "waived", "withdrawal": "withdrawn", "correction": "withdrawn"}
"""The acts that end the task, and its state then. All but the withdrawal need it live: at most one of those has effect."""

FINAL_EVENTS = ("task-done", "task-waived", "task-declined", "task-withdrawn")
"""What the journal says when a task ends; once, whoever ended it."""

NOT_THEIRS = frozenset({"not-found", "not-your-verb", "task-unknown", "task-handed-down"})
"""Refusals without a winner: the task is no longer theirs to know of, or to do."""

MOVES = ("reassign", "hand down")
"""The acts that take the task out of its agency's hands."""


def well_told(pair: Pair, act: str, code: str, winner: Mapping[str, object], state: str) -> bool:
    """Whether the one whose act came second learns how the row stands; `state`: that of the task once all is quiet.

    Without a winner may be refused who had the task before another took it away, and who agreed to an effect shown anew.
    """
    if code in NOT_THEIRS:
        first = pair[1] if act == pair[0] else pair[0]
        return first in MOVES and BY[act] in (OFFICER, HEAD)
    if code == "effect-changed":
        return act == "correction"
    return bool(winner.get("state")) and (code != "task-ended" or winner["state"] == state)


def ended_twice(won: Sequence[str]) -> bool:
    """Whether two acts had effect of which each needs a task that nobody has ended. A withdrawal takes what it finds."""
    return sum(name in ENDS and name != "withdrawal" for name in won) > 1
