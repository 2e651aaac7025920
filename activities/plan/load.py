"""Read a plan's text: every problem in it is told at once, each with its line.

A plan may `extends:` another. What it says is laid over the other's text: mappings key by key (a `source` whole), lists
of entries by code; `every: {kinds: {...}}` is laid over all entries of a list first. The result is one self-contained
text, and that text is what gets hashed and kept.
"""

import hashlib
from collections.abc import Callable, Iterable
from datetime import date
from importlib import resources
from typing import Any

import yaml
from pydantic import ValidationError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from activities.plan.checks import Lines, Place, Problem, check_plan, check_references
from activities.plan.model import Plan

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BOOL, _INT, _NULL = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:int", "tag:yaml.org,2002:null"


class PlanError(ValueError):
    """A plan's text cannot be used. `problems`: all that was found, in the order of their lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda each: (each.file, each.line, each.path)))
        super().__init__("plan-unusable:\n" + "\n".join(str(each) for each in self.problems))


def load_plan(text: str, *, base: Callable[[str], str] | None = None) -> Plan:
    """The plan this text says; `base` gives the text of the plan it extends. PlanError with all problems."""
    node = _resolved(text, base)
    lines, found = Lines(), list[Problem]()
    body = _plain(node, (), lines, found)
    found += check_references(body, lines)
    kept = _render(body) if "extends" in _keys(text) else text
    try:
        plan = Plan.model_validate(body | {"hash": body_hash(kept)})
    except ValidationError as error:
        raise PlanError(found + lines.problems(error)) from error
    if found := found + check_plan(plan, lines):
        raise PlanError(found)
    return plan


def read_lines(text: str) -> tuple[dict[str, Any], Lines, list[Problem]]:
    """Plain values of a text, where each stands, and the keys given twice; PlanError for what is no mapping."""
    lines, found = Lines(), list[Problem]()
    return _plain(_compose(text), (), lines, found), lines, found


def body_hash(text: str) -> str:
    """SHA-256 of the text's bytes, in hex: what a journey is pinned to."""
    return hashlib.sha256(text.encode()).hexdigest()


def shipped(code: str) -> str:
    """A text of the package's data by code (`plan-2024`, `holidays`), self-contained; KeyError for a code not shipped."""
    found = resources.files("activities.plan") / "data" / f"{code}.yaml"
    if not code.replace("-", "").isalnum() or not found.is_file():
        raise KeyError(code)
    text = found.read_text(encoding="utf-8")
    return text if "extends" not in _keys(text) else _render(_plain(_resolved(text, shipped), (), Lines(), []))


def plan_for(day: date, plans: Iterable[Plan]) -> Plan:
    """The plan in force on a day: the one that began last before it. LookupError for a day no plan covers."""
    in_force = [plan for plan in plans if plan.since <= day and (plan.until is None or day <= plan.until)]
    if not in_force:
        raise LookupError(f"no-plan: no plan is in force on {day}")
    return max(in_force, key=lambda plan: plan.since)


def _compose(text: str) -> MappingNode:
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PlanError([Problem(line, "", "not-yaml", str(error.problem))]) from error
    except yaml.YAMLError as error:
        raise PlanError([Problem(1, "", "not-yaml", str(error))]) from error
    if not isinstance(node, MappingNode):
        raise PlanError([Problem(1, "", "not-a-plan", "the text is no mapping of keys to values")])
    return node


def _keys(text: str) -> dict[str, Node]:
    return _entries(_compose(text))


def _entries(node: MappingNode) -> dict[str, Node]:
    return {key.value: value for key, value in node.value}


def _resolved(text: str, base: Callable[[str], str] | None, above: tuple[str, ...] = ()) -> MappingNode:
    """The node of the text, laid over the plan it extends (whose marks then name that plan as their file).

    `above`: codes of the plans that extend this one; none of them may be extended again.
    """
    over = _compose(text)
    extended = _entries(over).get("extends")
    if extended is None:
        return over
    code, line = str(extended.value), extended.start_mark.line + 1
    if base is None or code in above:
        reason = f"{code} is extended, but no base was given" if base is None else f"{code} ends up extending itself"
        raise PlanError([Problem(line, "extends", "no-base", reason)])
    try:
        under = _resolved(base(code), base, (*above, code))
    except KeyError as error:
        raise PlanError([Problem(line, "extends", "no-base", f"there is no plan {code} to extend")]) from error
    _name(under, code)
    every = _entries(over).get("every")
    lists = _entries(under)
    for key, laid in _entries(every).items() if isinstance(every, MappingNode) else ():
        listed = lists.get(key)
        if not isinstance(listed, SequenceNode) or not isinstance(laid, MappingNode):
            message = f"{code} has no list {key} of entries to lay this over"
            raise PlanError([Problem(laid.start_mark.line + 1, f"every.{key}", "unknown-key", message)])
        listed.value = [_laid(each, laid) for each in listed.value]
    over.value = [(key, value) for key, value in over.value if key.value not in {"extends", "every"}]
    return _merged(under, over)


def _name(node: Node, code: str) -> None:
    """Let the marks of a node and all below it say which plan they stand in."""
    if not isinstance(node.start_mark, Place):
        node.start_mark = Place(node.start_mark.line, code)
    below = [each for pair in node.value for each in pair] if isinstance(node, MappingNode) else node.value
    for each in below if isinstance(node, (MappingNode, SequenceNode)) else ():
        _name(each, code)


def _laid(under: Node, over: Node) -> Node:
    if isinstance(under, MappingNode) and isinstance(over, MappingNode):
        return _merged(under, over)
    if isinstance(under, SequenceNode) and isinstance(over, SequenceNode) and _coded(under) and _coded(over):
        return _merged_by_code(under, over)
    return over


def _merged(under: MappingNode, over: MappingNode) -> MappingNode:
    """Key by key; a source is replaced whole, for it holds exactly one of its keys."""
    pairs: dict[str, tuple[Node, Node]] = {key.value: (key, value) for key, value in under.value}
    for key, value in over.value:
        old = pairs.get(key.value)
        whole = old is None or key.value.endswith("source")
        pairs[key.value] = (key, value if whole or old is None else _laid(old[1], value))
    return MappingNode(under.tag, list(pairs.values()), over.start_mark, over.end_mark)


def _merged_by_code(under: SequenceNode, over: SequenceNode) -> SequenceNode:
    entries: dict[str, Node] = {_code(each): each for each in under.value}
    for each in over.value:
        code = _code(each)
        entries[code] = _laid(entries[code], each) if code in entries else each
    return SequenceNode(under.tag, list(entries.values()), over.start_mark, over.end_mark)


def _coded(node: SequenceNode) -> bool:
    return all(isinstance(each, MappingNode) and "code" in _entries(each) for each in node.value)


def _code(node: Node) -> str:
    return str(_entries(node)["code"].value) if isinstance(node, MappingNode) else ""


def _plain(node: Node, path: tuple[str | int, ...], lines: Lines, doubles: list[Problem]) -> Any:
    """Plain values of a node; remembers each path's line and tells keys given twice. Dates stay texts."""
    lines.note(path, node.start_mark)
    if isinstance(node, MappingNode):
        values: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in values:
                message = f"{name} is given twice"
                doubles.append(Problem(key.start_mark.line + 1, lines.said((*path, name)), "duplicate-key", message))
            lines.note((*path, name), key.start_mark)
            values[name] = _plain(value, (*path, name), lines, doubles)
            lines.note((*path, name), key.start_mark)
        return values
    if isinstance(node, SequenceNode):
        return [_plain(each, (*path, index), lines, doubles) for index, each in enumerate(node.value)]
    return _scalar(node)


def _scalar(node: Node) -> Any:
    if not isinstance(node, ScalarNode) or node.tag == _NULL:
        return None
    if node.tag == _BOOL:
        return node.value.lower() in {"true", "yes", "on"}
    if node.tag == _INT and node.value.isdecimal():
        return int(node.value)
    return node.value


def _render(body: Any) -> str:
    return str(yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=120))
