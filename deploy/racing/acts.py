"""The acts that may meet on one task, by whom, and who may win: one list for rows alone and for the whole stack."""

from collections.abc import Mapping, Sequence
from itertools import combinations_with_replacement

KIND = "explain_result"  # nobody waits for it by law, and a correction of the identification takes it back
OFFICER, COORDINATOR, HEAD = "labour-division.officer", "labour-division.coordinator", "labour-division.head"
DISTRICT, POLICE = "district.supervisor", "district-police.officer"
TIMEOUT = "timeout"

BY = {
    "outcome": OFFICER,
    "return": OFFICER,
    "delegate": HEAD,
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

HIDING = frozenset({"not-found", "not-your-verb", "task-unknown"})
"""Refusals without a winner: the task is no longer theirs to know of. Only a new holder takes it out of the old one's sight."""
SHOWN_ANEW = "effect-changed"
"""Nor has this one: it brings what a correction would change now."""


def well_told(pair: Pair, code: str, winner: Mapping[str, object], state: str) -> bool:
    """Whether the one who came second learns how the row stands; `state`: that of the task once all is quiet."""
    if code in HIDING:
        return "reassign" in pair
    if code == SHOWN_ANEW:
        return "correction" in pair
    return bool(winner.get("state")) and (code != "task-ended" or winner["state"] == state)


def ended_twice(won: Sequence[str]) -> bool:
    """Whether two acts had effect of which each needs a task that nobody has ended. A withdrawal takes what it finds."""
    return sum(name in ENDS and name != "withdrawal" for name in won) > 1
