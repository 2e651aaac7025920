"""Reasons nobody typed: each code that casework writes into the journal, found in its source, is read in words."""

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from activities.agencies.labour_support import ClosingReason
from activities.casework.delegating import GIVEN_BACK
from activities.casework.tasks import RETURN_REASONS
from activities.plan.load import load_plan, shipped
from api.pages.journeys.told import PAPER_MISSING, why
from api.pages.wording import Wording

VIETNAMESE = Wording("vi")
ROOT = Path(__file__).parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS: dict[str, list[tuple[str, Function]]] = {}  # by name, each with its module
CONSTANTS: dict[tuple[str, str], ast.expr] = {}  # what stands at the top of a module, by module and name
for _path in sorted((ROOT / "activities/casework").glob("*.py")):
    for _node in ast.walk(ast.parse(_path.read_text("utf-8"))):
        if isinstance(_node, Function):
            FUNCTIONS.setdefault(_node.name, []).append((_path.stem, _node))
        elif isinstance(_node, ast.Assign) and isinstance(_node.targets[0], ast.Name) and _node.col_offset == 0:
            CONSTANTS[_path.stem, _node.targets[0].id] = _node.value
EVENT = 3  # place of what happened among what `journal.write` is given


def calls(module: str, name: str) -> Iterator[tuple[str, Function, ast.Call]]:
    """Where casework calls this function of a module: within it, or elsewhere where no other is called so."""
    homes = {home for home, _ in FUNCTIONS[name]}
    for where, function in (each for found in FUNCTIONS.values() for each in found):
        for node in ast.walk(function):
            if not isinstance(node, ast.Call) or ast.unparse(node.func).rpartition(".")[2] != name:
                continue
            if where == module or where not in homes:
                yield where, function, node


def given(function: Function, call: ast.Call, parameter: str) -> ast.expr | None:
    """What a call gives for a parameter."""
    names = [each.arg for each in function.args.args if each.arg != "self"]
    named = {each.arg: each.value for each in call.keywords}
    return named.get(parameter) or dict(zip(names, call.args, strict=False)).get(parameter)


def codes(module: str, function: Function, value: ast.expr | None) -> set[str]:
    """The texts of the source that may stand here, of a composed one its beginning; none for what people type."""
    if isinstance(value, ast.Constant):
        return {str(value.value)} - {""}
    if isinstance(value, ast.JoinedStr):
        return codes(module, function, value.values[0])
    if isinstance(value, ast.FormattedValue):
        return codes(module, function, value.value)
    if isinstance(value, ast.IfExp):
        return codes(module, function, value.body) | codes(module, function, value.orelse)
    if isinstance(value, ast.Call):
        found = FUNCTIONS.get(ast.unparse(value.func), [])
        return {
            code for where, each in found for node in ast.walk(each) if isinstance(node, ast.Return)
            for code in codes(where, each, node.value)
        }  # fmt: skip
    return named(module, function, value.id) if isinstance(value, ast.Name) else set()


def named(module: str, function: Function, name: str) -> set[str]:
    """What a name may stand for: whatever callers give for this parameter, or what is written under it."""
    if any(each.arg == name for each in (*function.args.args, *function.args.kwonlyargs)):
        return {
            code for where, caller, call in calls(module, function.name)
            for code in codes(where, caller, given(function, call, name))
        }  # fmt: skip
    if (module, name) in CONSTANTS:
        return codes(module, function, CONSTANTS[module, name])
    return {
        code for node in ast.walk(function)
        if (isinstance(node, ast.NamedExpr) and node.target.id == name)
        or (isinstance(node, ast.Assign) and [ast.unparse(each) for each in node.targets] == [name])
        for code in codes(module, function, node.value)
    }  # fmt: skip


def written() -> set[tuple[str, str]]:
    """Every event of the journal with each code that may stand as its reason."""
    found = set[tuple[str, str]]()
    for module, function in (each for found_ in FUNCTIONS.values() for each in found_):
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "journal.write":
                reason = next((each.value for each in node.keywords if each.arg == "reason"), None)
                events = codes(module, function, node.args[EVENT])
                found |= set(product(events, codes(module, function, reason)))
    return found


def test_codes_of_the_source_are_found() -> None:
    """What follows proves something: also codes that pass through several functions are met."""
    assert {
        ("task-resumed", "review-date"), ("task-handed-over", "absence"), ("task-handed-over", "handover"), ("task-resumed", "delegated"), ("task-recalled", "recalled"), ("task-recalled", GIVEN_BACK),
        ("task-returned", "no_reply"), ("task-withdrawn", "corrected"), ("task-", "person-refused"), ("task-", "journey-ended"),
        ("task-not-opened", "journey-ending"), ("task-not-opened", PAPER_MISSING),
    } <= written()  # fmt: skip


def test_every_reason_of_the_journal_is_read_in_words() -> None:
    """A coordinator who reads the timeline meets no word of the program's own (what one language has, the other has)."""
    plan = load_plan(shipped("plan-2024"))
    papers = {paper for kind in plan.kinds for paper in kind.eligibility.papers}
    ends = {GIVEN_BACK: RETURN_REASONS, PAPER_MISSING: tuple(papers)}
    met = {(event, code + end) for event, code in written() for end in ends.get(code, ("",))}
    met |= {("task-returned", code) for code in RETURN_REASONS}
    met |= {("journey-closed", code) for code in (*(each.value for each in ClosingReason), "cancelled")}
    said = {(event, code): why(event, code, VIETNAMESE) for event, code in met}
    assert papers
    assert [] == [each for each, words in said.items() if each[1].rpartition("-")[2] in words]


def test_every_event_of_the_journal_is_read_in_words() -> None:
    """The same of what happened."""
    events = {
        event for module, function in (each for found in FUNCTIONS.values() for each in found) for node in ast.walk(function)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "journal.write"
        for event in codes(module, function, node.args[EVENT])
    }  # fmt: skip
    whole = {each for each in events if not each.endswith("-")} | {
        "request-granted",
        "request-refused",
        "request-lapsed",
    }
    assert "notices-resent" in whole
    assert [] == sorted(each for each in whole if VIETNAMESE.said(each, "event") == each)


def test_what_was_granted_as_asked_says_so() -> None:
    """The reason of a decision that a request led to is no number."""
    assert "as was asked" == Wording("en").reason("request request-0f3c")
    assert "request for more staff" == Wording("en").reason("request for more staff")
