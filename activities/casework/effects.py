"""What a correction would change: the story is asked before and after, and the difference is shown to those who decide."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from activities.casework import clocks, facts, learning
from activities.casework.basis import Basis
from activities.casework.context import Office
from activities.casework.learning import Learnt
from activities.casework.opening import REDONE_ABOVE, not_entitled
from activities.domain.ids import named
from activities.domain.messages import Known, Turn
from activities.domain.outcomes import Outcome
from activities.domain.states import JourneyState, TaskState
from activities.plan.model import Plan
from activities.store.journeys import Journey
from activities.store.tasks import Task

Foresee = Callable[[Known], Awaitable[tuple[str, ...]]]
"""Every task, as `kind#round`, the story has asked for once these are known."""


@dataclass(frozen=True)
class Effect:
    """Tasks by id that are withdrawn; kinds that open; due dates, by task id, that are computed anew.

    `barred`: other kinds the person is no longer entitled to; `freed`: kinds they are from now on, when their turn comes.
    """

    withdrawn: dict[str, str] = field(default_factory=dict)
    opened: tuple[str, ...] = ()
    recomputed: dict[str, datetime] = field(default_factory=dict)
    barred: tuple[str, ...] = ()
    freed: tuple[str, ...] = ()

    @property
    def turns(self) -> bool:
        """The way changes, not only what is told of it."""
        return bool(self.withdrawn or self.opened or self.recomputed or self.barred or self.freed)

    def shown(self) -> dict[str, Any]:
        """As those who decide see it, and as it is kept."""
        return {
            "withdrawn": [{"task": task, "kind": kind} for task, kind in sorted(self.withdrawn.items())],
            "opened": sorted(self.opened),
            "barred": sorted(self.barred),
            "freed": sorted(self.freed),
            "recomputed": [{"task": task, "due": due.isoformat()} for task, due in sorted(self.recomputed.items())],
        }

    @property
    def digest(self) -> str:
        """What an approval refers to: another effect has another digest."""
        return hashlib.sha256(json.dumps(self.shown(), sort_keys=True).encode()).hexdigest()[:32]


async def effect_of(
    basis: Basis, office: Office, task: Task, outcome: Outcome, happened_at: datetime, foresee: Foresee
) -> Effect:
    """The effect of another answer, or another time of its fact, on a journey that stands so."""
    journey, plan, rows = basis.journey, basis.plan, basis.tasks
    by_name, own = by_story(journey, rows), story_name(journey, task)
    before = known_of(basis)
    ended = outcome.ended()
    told = Turn(state=TaskState.DONE, code=ended.code, flags=ended.flags)
    right = learning.corrected(journey, rows, task, outcome.model_dump(mode="json"))
    instead = {task.id: list(ended.flags)}
    needed = facts.of(journey, plan, rows, basis.refused, instead=instead, learnt=right)
    after = before.model_copy(
        update={
            "turns": before.turns | ({own: told} if own else {}),
            "facts": needed.model_copy(update={"withdrawn": before.facts.withdrawn}),
            "barred": barred_in(plan, right),
        }
    )
    was, is_now = set(await foresee(before)), set(await foresee(after))
    gone = {by_name[name] for name in was - is_now if name in by_name}
    new = {name for name in is_now - was if name not in by_name or name not in after.turns}
    withdrawn = {row.id: row.kind for row in gone if not row.state.final}
    opened = {name.partition("#")[0] for name in new}
    return Effect(
        withdrawn=withdrawn,
        opened=tuple(sorted(opened)),
        recomputed=_recomputed(basis, office, gone, task, happened_at),
        barred=tuple(sorted(set(after.barred) - set(before.barred) - set(withdrawn.values()))),
        freed=tuple(sorted(set(before.barred) - set(after.barred) - opened)),
    )


def _recomputed(basis: Basis, office: Office, gone: set[Task], task: Task, at: datetime) -> dict[str, datetime]:
    """The new dates of live tasks whose clock starts with the fact, where the fact has another time."""
    found: dict[str, datetime] = {}
    for row in basis.tasks:
        kind = basis.plan.kind(row.kind)
        if row.state.final or row in gone or kind.clock.starts != task.kind or at == task.happened_at:
            continue
        due = clocks.due_of(office, at, clocks.budget_of(kind), *basis.ledgers[row.id])
        if due is not None and due != row.due_at:
            found[row.id] = due
    return found


def known_of(basis: Basis) -> Known:
    """How the story's tasks ended so far, what it heard, and the facts it goes by."""
    journey = basis.journey
    turns = {
        name: Turn(state=row.state, code=row.code, flags=tuple(row.flags))
        for name, row in by_story(journey, basis.tasks).items()
        if row.state.final and not row.superseded
    }
    told = facts.of(journey, basis.plan, basis.tasks, basis.refused)
    return Known(
        journey=journey.id,
        turns=turns,
        facts=told.model_copy(update={"withdrawn": journey.state is JourneyState.ENDING}),
        news=basis.news,
        barred=barred_in(basis.plan, journey),
    )


def barred_in(plan: Plan, person: Journey | Learnt) -> tuple[str, ...]:
    """Kinds that would not open for a person of whom this is known."""
    return tuple(kind.code for kind in plan.kinds if not_entitled(person, kind))


def by_story(journey: Journey, rows: Iterable[Task]) -> dict[str, Task]:
    """The rows the story knows, as it names them."""
    return {name: row for row in rows if (name := story_name(journey, row))}


def story_name(journey: Journey, task: Task) -> str:
    """How the story names this row now; empty for a row that an earlier correction left behind."""
    for name, row_round in journey.rounds.items():
        if name.partition("#")[0] == task.kind and row_round == task.round:
            return name
    name = named(task.kind, task.round)
    return "" if name in journey.rounds else name


def ask_anew(journey: Journey, tasks: list[Task]) -> None:
    """Have the story open these in rows of another round, should it ask for them again."""
    rounds = dict(journey.rounds)
    for task in tasks:
        name = story_name(journey, task)
        if name:
            of_kind = [row for each, row in rounds.items() if each.partition("#")[0] == task.kind]
            rounds[name] = max([REDONE_ABOVE, *of_kind]) + 1
    journey.rounds = rounds
