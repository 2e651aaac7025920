"""One round judged: who had effect, what the other was told, and what of it breaks a promise."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from deploy.racing.acts import ENDS, NOT_THEIRS, TIMEOUT, Pair, ended_twice, well_told

TELLS = (409, 412)
HIDES = (403, 404)


@dataclass(frozen=True)
class Told:
    """What one who sent an act was told. `status` 200: it had effect; `winner`: whom the refusal names."""

    act: str
    status: int = 200
    code: str = ""
    winner: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Left:
    """How the task stands once all is quiet. `entries`: the pair's acts in the journal's order; `ends`: entries of its end.

    `owes_mark`: it is live and past its date. `apart`: what rows and story do not agree on.
    """

    state: str
    final: bool
    entries: tuple[str, ...]
    ends: int
    answers: int
    overdue_marks: int
    overdue_entries: int
    owes_mark: bool = False
    apart: str = ""


@dataclass(frozen=True)
class Round:
    """One round. `won`: the acts that had effect, first to last; `lost`: the codes told; `wrong`: what may not be."""

    pair: Pair
    won: tuple[str, ...]
    lost: tuple[str, ...]
    wrong: tuple[str, ...]


def judged(pair: Pair, told: list[Told], left: Left) -> Round:
    """Who had effect in which order, and every promise that was broken."""
    had_effect = Counter(each.act for each in told if each.status < HTTPStatus.MULTIPLE_CHOICES)
    if left.overdue_entries and TIMEOUT in pair:
        had_effect[TIMEOUT] = 1
    won = tuple(act for act in left.entries if act in had_effect)
    losers = [each for each in told if each.status >= HTTPStatus.MULTIPLE_CHOICES]
    wrong = [*_row(left, won), *(words for each in losers if (words := _loser(pair, each, left)))]
    if Counter(left.entries) != had_effect:
        wrong.append(f"told that {_names(had_effect)} had effect, the journal knows {_names(Counter(left.entries))}")
    if not won:
        wrong.append("nobody had effect")
    return Round(pair, won, tuple(f"{each.act}: {each.code}" for each in losers), tuple(wrong))


def _row(left: Left, won: tuple[str, ...]) -> list[str]:
    """What is wrong with the task as it was left."""
    ended = next((ENDS[act] for act in won if act in ENDS), "")
    checks = {
        f"two acts ended it: {', '.join(won)}": ended_twice(won),
        f"{ended or 'nothing'} ended it, the row is {left.state}": bool(ended or left.final) and ended != left.state,
        f"its end is in the journal {left.ends} times": left.ends != int(left.final),
        f"answered {left.answers} times, {left.state}": left.answers != int(left.state == "done"),
        f"marked overdue {left.overdue_marks} times, {left.overdue_entries} in the journal": (
            left.overdue_marks != left.overdue_entries or left.overdue_marks > 1
        ),
        "past its date and not marked": left.owes_mark and not left.overdue_marks,
        left.apart: bool(left.apart),
    }  # fmt: skip
    return [words for words, broken in checks.items() if broken]


def _loser(pair: Pair, told: Told, left: Left) -> str:
    """What is wrong with the answer of the one who came second; empty for a good one."""
    line = f"{told.act} was told {told.status} {told.code} {dict(told.winner) or ''}".rstrip()
    fits = told.status in (HIDES if told.code in NOT_THEIRS else TELLS)
    return "" if fits and well_told(pair, told.act, told.code, told.winner, left.state) else line


def _names(counted: Counter[str]) -> str:
    return " + ".join(sorted(counted.elements())) or "nothing"
