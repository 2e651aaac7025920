"""A plan with a slip in it is refused whole, and its author is told every slip and its line."""

import pytest

from activities.plan.checks import check_registry
from activities.plan.load import PlanError, body_hash, load_plan, shipped

SMALL = """\
code: small
title: {vi: Nhỏ, en: Small}
regime: A
since: 2024-01-01
until: 2024-12-31
territory: here
lead: labour
follow_up_rounds: 1
stages:
  - {code: reception, label: {vi: Tiếp nhận, en: Reception}}
ladders:
  plain:
    - {code: before, when: before P1WD, to: holder}
    - {code: overdue, when: due, to: head}
roles:
  - {code: labour, label: {vi: A, en: A}, source: {local: true}}
kinds:
  - code: receive_person
    stage: reception
    answerable: labour
    label: {vi: Nhận, en: Receive}
    clock: {budget: P3WD, source: {local: true}}
    reply: {budget: P1WD, source: {local: true}}
    ladder: plain
    source: {local: true}
organisations:
  - {code: one, name: {vi: Một, en: One}, role: labour, territory: here, since: 2024-01-01, source: {local: true}}
"""


def told(text: str) -> list[tuple[int, str, str]]:
    """Line, path and code of each problem of a text."""
    with pytest.raises(PlanError) as refused:
        load_plan(text)
    return [(each.line, each.path, each.code) for each in refused.value.problems]


def test_a_sound_plan_loads_and_fills_what_was_left_out() -> None:
    """Neutral wording and grace need saying only where they differ; the hash is the text's."""
    plan = load_plan(SMALL)
    kind = plan.kind("receive_person")
    assert kind.neutral == kind.label
    assert str(kind.grace) == "P1WD"
    assert plan.hash == body_hash(SMALL)
    assert plan.hash != body_hash(SMALL + "\n")


@pytest.mark.parametrize(
    ("was", "becomes", "line", "path", "code"),
    [
        ("regime: A", "regime: A\ncolour: red", 4, "colour", "unknown-key"),
        ("    stage: reception", "    stage: reception\n    speed: 3", 20, "kinds.receive_person.speed", "unknown-key"),
        ("P3WD, source: {local: true}", "P3WD", 22, "kinds.receive_person.clock.source", "missing-source"),
        ("P3WD, source: {local: true}", "P3WD, source: {}", 22, "kinds.receive_person.clock.source", "source-not-one"),
        (
            "P3WD, source: {local: true}",
            "P3WD, source: {local: true, cites: X}",
            22,
            "kinds.receive_person.clock.source",
            "source-not-one",
        ),
        ("budget: P3WD", "budget: 3 days", 22, "kinds.receive_person.clock.budget", "bad-budget"),
        ("budget: P3WD", "budget: null", 22, "kinds.receive_person.clock.budget", "no-clock"),
        ("budget: P3WD", "budget: P3WD, starts: dreaming", 22, "kinds.receive_person.clock.starts", "unknown-kind"),
        ("budget: P3WD", "budget: PT4H", 24, "kinds.receive_person.ladder", "rung-never-fires"),
        ("answerable: labour", "answerable: navy", 20, "kinds.receive_person.answerable", "unknown-role"),
        ("    stage: reception", "    stage: dancing", 19, "kinds.receive_person.stage", "unknown-stage"),
        ("ladder: plain", "ladder: rope", 24, "kinds.receive_person.ladder", "unknown-ladder"),
        ("ladder: plain", "ladder: plain\n    identity: [shoe_size]", 25, "kinds.receive_person.identity.0", "unknown-field"),
        ("en: A}, source", "en: A}, directing: navy, source", 16, "roles.labour.directing", "unknown-role"),
        ("lead: labour", "lead: navy", 7, "lead", "unknown-role"),
        ("role: labour", "role: labour, parent: moon", 27, "organisations.one.parent", "unknown-organisation"),
        ("here, since: 2024-01-01", "here, since: 2024-02-01", 16, "roles.labour", "role-unheld"),
        ("territory: here, since", "territory: there, since", 16, "roles.labour", "role-unheld"),
        ("regime: A", "regime: A\nregime: B", 4, "regime", "duplicate-key"),
        ("until: 2024-12-31", "until: 2023-12-31", 5, "until", "ends-before-it-begins"),
        ("when: due, to: head", "when: someday, to: head", 14, "ladders.plain.1.when", "bad-value"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_line(was: str, becomes: str, line: int, path: str, code: str) -> None:
    """Whoever edits a plan is led to the line."""
    assert (line, path, code) in told(SMALL.replace(was, becomes, 1))


def test_all_slips_are_told_at_once() -> None:
    """Nobody has to load ten times to find ten slips."""
    broken = (
        SMALL.replace("lead: labour", "lead: navy")
        .replace("budget: P3WD", "budget: soon")
        .replace("until: 2", "untl: 2")
    )
    assert {code for _, _, code in told(broken)} == {"unknown-role", "bad-budget", "unknown-key"}


def test_a_code_given_twice_is_told() -> None:
    """Two organisations under one code would share an inbox."""
    line = SMALL.splitlines()[-1]
    assert (28, "organisations.one.code", "duplicate-code") in told(SMALL + line + "\n")


def test_a_day_between_two_holders_is_found() -> None:
    """A task opened on a day nobody holds the role would reach nobody: the first such day is named."""
    gap = SMALL.replace("since: 2024-01-01, source", "since: 2024-01-01, until: 2024-06-30, source")
    later = SMALL.splitlines()[-1].replace("code: one", "code: two").replace("2024-01-01", "2024-07-02")
    with pytest.raises(PlanError, match="nobody holds labour on 2024-07-01"):
        load_plan(gap + later + "\n")
    load_plan(gap + later.replace("2024-07-02", "2024-07-01") + "\n")


def test_a_role_of_communes_is_asked_for_in_each_of_them() -> None:
    """One commune without its committee is a door that stays shut."""
    local = SMALL.replace("answerable: labour", "answerable: labour@reception")
    first = "\n  - {code: a, name: {vi: A, en: A}, role: labour, territory: here, commune: east, since: 2024-01-01, source: {local: true}}\n"
    load_plan(local.rstrip() + first)
    second = (
        first.replace("code: a", "code: b").replace("east", "west").replace("2024-01-01", "2024-05-01").lstrip("\n")
    )
    with pytest.raises(PlanError, match="nobody holds labour in west on 2024-01-01"):
        load_plan(local.rstrip() + first + second)


@pytest.mark.parametrize(("text", "code"), [("a: [", "not-yaml"), ("- a", "not-a-plan"), ("", "not-a-plan")])
def test_a_text_that_is_no_plan_is_refused_as_such(text: str, code: str) -> None:
    """A wrong file gets a clear word."""
    assert [each[2] for each in told(text)] == [code]


def test_a_plan_that_extends_another_says_only_what_differs() -> None:
    """Entries are laid over by code, a source is replaced whole, `every` comes first."""
    over = (
        "extends: small\ncode: next\nevery: {kinds: {clock: {source: {unknown: true}}}}\n"
        "kinds:\n  - {code: receive_person, clock: {budget: P5WD}}\n"
    )
    plan = load_plan(over, base={"small": SMALL}.__getitem__)
    clock = plan.kind("receive_person").clock
    assert (plan.code, str(clock.budget), clock.source.unknown, clock.source.local) == ("next", "P5WD", True, False)
    assert plan.hash not in {body_hash(over), body_hash(SMALL)}


def test_a_slip_in_the_extended_plan_names_that_plan() -> None:
    """The line is looked for in the right file."""
    with pytest.raises(PlanError, match=r"small line 22: kinds\.receive_person\.clock\.budget: bad-budget"):
        load_plan("extends: small\ncode: next\n", base={"small": SMALL.replace("P3WD", "soon")}.__getitem__)


@pytest.mark.parametrize("over", ["extends: other\n", "extends: small\nevery: {shoes: {a: b}}\n", "extends: self\n"])
def test_a_plan_cannot_extend_what_is_not_there(over: str) -> None:
    """A missing base, a list the base has not, a plan that extends itself."""
    base = {"small": SMALL, "self": "extends: self\n"}.__getitem__
    with pytest.raises(PlanError):
        load_plan(over, base=base)
    with pytest.raises(PlanError):
        load_plan(over)


def test_a_kind_and_its_activity_come_together() -> None:
    """A kind no activity waits for would open into nothing; an activity no kind asks for is a mistake in the plan."""
    problems = check_registry(load_plan(shipped("plan-2024")), ["receive_person", "fly"])
    assert {each.code for each in problems} == {"kind-without-activity", "activity-without-kind"}
    assert [each.path for each in problems if each.code == "activity-without-kind"] == ["kinds.fly"]
