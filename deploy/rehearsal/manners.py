"""How an officer deals with one task: promptly, slowly, not at all, at the very deadline, twice. Drawn from the seed."""

from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from deploy.chance import chance

DAY = timedelta(days=1)


class Manner(StrEnum):
    """One officer's way with one task."""

    PROMPT = "prompt"
    SLOW = "slow"
    SILENT = "silent"
    RETURNS = "returns"
    AT_DEADLINE = "at the deadline"
    TWICE = "answers twice"
    ENTERS_LATE = "enters late"
    ON_PAPER = "on paper"
    RETRACTED = "claims and releases"


WEIGHTS = {
    Manner.PROMPT: 48, Manner.SLOW: 10, Manner.SILENT: 9, Manner.RETURNS: 6, Manner.AT_DEADLINE: 8, Manner.TWICE: 7,
    Manner.ENTERS_LATE: 5, Manner.ON_PAPER: 4, Manner.RETRACTED: 3,
}  # fmt: skip
WAITING = frozenset({Manner.SLOW, Manner.SILENT, Manner.AT_DEADLINE, Manner.ENTERS_LATE})
LONGEST_WAIT = 12 * DAY  # case time a rehearsal can spare for one task
SILENCE = 2 * DAY  # after the deadline; then even a silent officer is reached


def manner_of(seed: int, story: int, kind: str, round_: int, patience: timedelta) -> Manner:
    """The manner for one task; whoever would wait longer than a rehearsal lasts is prompt instead. `patience`: start to due."""
    random = chance(seed, story, kind, round_)
    drawn = random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    return Manner.PROMPT if drawn in WAITING and patience > LONGEST_WAIT else drawn


def answers_at(manner: Manner, random: Random, now: datetime, start: datetime, due: datetime) -> datetime:
    """The case time the officer sends the answer."""
    if manner is Manner.SLOW:
        return start + (due - start) * random.uniform(0.7, 0.95)
    if manner is Manner.AT_DEADLINE:
        return due
    if manner is Manner.ENTERS_LATE:
        return due + DAY / 2
    if manner is Manner.SILENT:
        return due + SILENCE
    return now + DAY * random.uniform(0.05, 0.6)
