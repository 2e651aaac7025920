"""Setting a rule nobody knew: one entry of a plan's text is edited, everything else in it stays as it was written."""

import json
from collections.abc import Mapping

import yaml
from pydantic import BaseModel, ConfigDict
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

KINDS_OF_SOURCE = {"cites", "local", "unknown"}


class Edit(BaseModel):
    """What is set. `path`: as `unknown_rules` names it; `cites`: the article; `budget`: the clock's length, empty as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    cites: str
    budget: str = ""


class EditError(ValueError):
    """The text has no such entry, or no clock in it."""

    code = "edit-unfit"


def with_edit(text: str, edit: Edit) -> str:
    """The text with the source, and where given the budget, of one entry replaced. EditError where there is none."""
    entry = _found(yaml.compose(text, Loader=yaml.SafeLoader), edit.path.split("."))
    if not isinstance(entry, MappingNode):
        raise EditError(f"{edit.path} is no entry with a source")
    fields = _fields(entry)
    source: Node | None = entry if set(fields) <= KINDS_OF_SOURCE else fields.get("source")
    if source is None:
        raise EditError(f"{edit.path} names no source")
    written = json.dumps(edit.cites, ensure_ascii=False)
    spans = [(*_span(text, source), f"{{cites: {written}}}")]
    if edit.budget:
        budget = fields.get("budget")
        if not isinstance(budget, ScalarNode):
            raise EditError(f"{edit.path} has no clock")
        spans.append((*_span(text, budget), edit.budget))
    for start, end, new in sorted(spans, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _found(node: Node | None, steps: list[str]) -> Node:
    """Down by key, and in a list by the code of its entries, or by number where they have none."""
    for step in steps:
        below: Mapping[str, Node] = {}
        if isinstance(node, MappingNode):
            below = _fields(node)
        elif isinstance(node, SequenceNode):
            below = {_code(each, number): each for number, each in enumerate(node.value)}
        if step not in below:
            raise EditError(f"the text has no {'.'.join(steps)}")
        node = below[step]
    if node is None:
        raise EditError("the text is empty")
    return node


def _fields(node: MappingNode) -> dict[str, Node]:
    return {str(key.value): value for key, value in node.value}


def _code(node: Node, number: int) -> str:
    code = _fields(node).get("code") if isinstance(node, MappingNode) else None
    return str(code.value) if code is not None else str(number)


def _span(text: str, node: Node) -> tuple[int, int]:
    """Where a node stands; a block ends before the blanks that follow it."""
    start, end = node.start_mark.index, node.end_mark.index
    return start, start + len(text[start:end].rstrip())
