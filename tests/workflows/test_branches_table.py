"""The drawn branches are the ones the stories take: any journey opens what the table says, and nothing else."""

import asyncio
import random
from collections.abc import Mapping

import pytest

from activities.agencies.registry import REGISTRY
from activities.casework.facts import SERVICES
from activities.domain.messages import Facts, Known, Turn
from activities.domain.states import TaskState
from activities.plan.branches import BRANCHES, JOINS, Ending, parts_of
from activities.plan.load import load_plan, shipped
from tests.build.outcomes import BRANCHES as ANSWERS
from tests.build.outcomes import VALID
from workflows.foresight import foresee

PLAN = load_plan(shipped("plan-2024"))
BACK = {
    "accept_at_centre": ("record_choice",), "examine_health": ("examine_health",), "counsel_person": ("counsel_person",),
    "follow_up": ("follow_up",),
}  # fmt: skip
BACK_TO = {to for targets in BACK.values() for to in targets}
STAGE = {kind.code: kind.stage for kind in PLAN.kinds}
FLAGS = {kind: sorted({parts_of(each.answer)[2] for each in BRANCHES if parts_of(each.answer)[:2] == (kind, "+")} |
                      {parts_of(more)[2] for each in BRANCHES for more in each.also if parts_of(more)[:2] == (kind, "+")})
         for kind in REGISTRY}  # fmt: skip


def drawn(kind: str, chance: random.Random) -> Turn:
    """How a task ends: mostly answered, with any of its codes and flags; now and then not answered at all."""
    if chance.random() < 0.08:
        return Turn(state=chance.choice([TaskState.WAIVED, TaskState.DECLINED, TaskState.WITHDRAWN]))
    body = chance.choice([VALID[kind], *ANSWERS.get(kind, {}).values()])
    ended = REGISTRY[kind].outcome.model_validate(body).ended()
    flags = {flag for flag in FLAGS[kind] if chance.random() < (0.3 if flag == "again" else 0.5)}
    return Turn(state=TaskState.DONE, code=ended.code, flags=tuple(sorted(flags)))


def services(turns: Mapping[str, Turn]) -> tuple[str, ...]:
    """The services the needs list asks for, in the order of the plan."""
    needs = turns.get("assess_needs#1")
    wanted = {SERVICES[flag] for flag in needs.flags if flag in SERVICES} if needs else set()
    return tuple(kind.code for kind in PLAN.kinds if kind.code in wanted)


def asked(turns: dict[str, Turn]) -> set[str]:
    """What the stories ask for, by `kind#round`."""
    facts = Facts(child=False, follow_up_rounds=PLAN.follow_up_rounds, services=services(turns))
    return set(asyncio.run(foresee(Known(journey="journey-x", turns=turns, facts=facts))))


def told(turns: Mapping[str, Turn]) -> set[str]:
    """What the table opens, by kind, joins apart."""
    ended: dict[str, dict[int, Ending]] = {}
    for name, turn in turns.items():
        kind, _, round_ = name.partition("#")
        ending = Ending(turn.state == TaskState.DONE, turn.code, frozenset(turn.flags))
        ended.setdefault(kind, {})[int(round_)] = ending
    return {"receive_person"} | {each.to for each in BRANCHES if each.taken(ended)}


def again(turns: Mapping[str, Turn]) -> set[str]:
    """The next rounds the table opens: a branch that leads back to where the person, or the agency, has been."""
    found = set()
    for name, turn in turns.items():
        kind, _, round_ = name.partition("#")
        ended = {kind: {int(round_): Ending(turn.state == TaskState.DONE, turn.code, frozenset(turn.flags))}}
        for back in (each for each in BRANCHES if each.to in BACK.get(kind, ()) and each.taken(ended)):
            found.add(f"{back.to}#{int(round_) + 1}")
    return found - {f"follow_up#{PLAN.follow_up_rounds + 1}"}


@pytest.mark.parametrize("seed", range(200))
def test_a_journey_opens_what_the_table_says(seed: int) -> None:
    """Two hundred journeys, each answered in another order with other answers, to the end."""
    chance, turns, joined = random.Random(seed), dict[str, Turn](), {each.to for each in JOINS}
    for _ in range(200):
        names = asked(turns)
        kinds = {name.partition("#")[0] for name in names}
        assert kinds - joined == told(turns) - joined, turns
        assert again(turns) == {name for name in names if name.partition("#")[0] in BACK_TO and not name.endswith("#1")}
        waiting = sorted(names - set(turns))
        for join in JOINS:
            scope = {name for name in names if STAGE[name.partition("#")[0]] in join.stages or not join.stages}
            rest = {name for name in scope if name.partition("#")[0] != join.to and "confirm_funds#1" != name}
            rest = {name for name in rest if STAGE[name.partition("#")[0]] != "protection"}  # beside the plan
            opened = bool(rest) and "receive_person#1" in turns and rest <= set(turns)
            if not join.stages:
                opened = opened and "confirm_funds#1" not in waiting
            assert (join.to in kinds) == opened, (join.to, sorted(rest - set(turns)))
        if not waiting:
            break
        name = chance.choice(waiting)
        turns[name] = drawn(name.partition("#")[0], chance)
    assert not waiting


def test_every_kind_of_the_plan_is_reached_and_every_answer_exists() -> None:
    """No branch leads to or from a kind that is not there; no code or flag is named that no form has."""
    reached = {each.to for each in BRANCHES} | {each.to for each in JOINS} | {"receive_person"}
    assert {kind.code for kind in PLAN.kinds} == reached
    for branch in BRANCHES:
        for answer in (branch.answer, *branch.also):
            kind, mark, word = parts_of(answer)
            assert word == "" or word in f"{REGISTRY[kind].outcome.model_json_schema()}", answer
            assert (mark in {"=", "/", "+", "-"}) == bool(word)
