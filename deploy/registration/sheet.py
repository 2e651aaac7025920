"""The file an administrator writes: organisations and officers, each thing wrong told with its line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Generic, Literal, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from activities.plan.checks import Lines, Path, Problem

_KEYS = {"organisations": "code", "officers": "username"}


def _printable(text: str) -> str:
    if text != text.strip() or not text.isprintable():
        raise PydanticCustomError("bad-text", "control characters, or blanks at an end")
    return text


Code = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
Username = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$", max_length=100)]
Words = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_printable)]
Mail = Annotated[str, Field(pattern=r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$", max_length=200), AfterValidator(_printable)]
Day = Annotated[date | None, BeforeValidator(lambda text: text or None)]


class Row(BaseModel):
    """One entry of the file. Unknown keys are refused; what an entry does not say stays as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Names(Row):
    """A name in both languages."""

    vi: Words
    en: Words


class OrganisationRow(Row):
    """An organisation. Of one that a shipped plan names, the code is enough; a new one needs name, role, territory, since."""

    code: Code
    name: Names | None = None
    role: str = ""
    parent: str = ""
    territory: str = ""
    commune: str = ""
    since: Day = None
    until: Day = None
    mail: Mail = ""


class OfficerRow(Row):
    """Somebody who signs in. `district`: a supervisor of the whole district."""

    username: Username
    name: Words
    organisation: str
    roles: Annotated[tuple[str, ...], Field(min_length=1)]
    district: bool = False
    mail: Mail = ""
    language: Literal["vi", "en"] = "vi"


R = TypeVar("R", OrganisationRow, OfficerRow)


@dataclass(frozen=True)
class Written(Generic[R]):
    """A row and where it stands: `path` in the file, `line` from 1, `code` or username even when the row is unusable."""

    path: Path
    line: int
    code: str
    row: R | None


@dataclass
class Sheet:
    """A file as read. `problems`: what is wrong with it, whatever the database holds."""

    organisations: list[Written[OrganisationRow]] = field(default_factory=list)
    officers: list[Written[OfficerRow]] = field(default_factory=list)
    lines: Lines = field(default_factory=Lines)
    problems: list[Problem] = field(default_factory=list)


def read_sheet(text: str) -> Sheet:
    """The file's rows; nothing is raised, every problem stands in `problems`."""
    sheet = Sheet()
    body = _body(text, sheet)
    for key in body.keys() - _KEYS.keys():
        sheet.problems.append(sheet.lines.problem((key,), "unknown-key", "the file holds organisations and officers"))
    sheet.organisations = list(_rows(sheet, body, "organisations", OrganisationRow.model_validate))
    sheet.officers = list(_rows(sheet, body, "officers", OfficerRow.model_validate))
    if not sheet.problems and not sheet.organisations and not sheet.officers:
        sheet.problems.append(Problem(1, "", "nothing-in-it", "neither organisations nor officers are in the file"))
    return sheet


def _rows(sheet: Sheet, body: dict[str, Any], key: str, model: Callable[[Any], R]) -> Iterator[Written[R]]:
    entries = body.get(key) or []
    if not isinstance(entries, list):
        sheet.problems.append(sheet.lines.problem((key,), "bad-value", "a list of entries is wanted here"))
        return
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        path: Path = (key, index)
        code = str(entry.get(_KEYS[key], "")) if isinstance(entry, dict) else ""
        sheet.lines.codes[path] = code or str(index)
        row = _row(sheet, path, entry, model)
        if code in seen:
            problem = "duplicate-code" if key == "organisations" else "duplicate-username"
            sheet.problems.append(sheet.lines.problem((*path, _KEYS[key]), problem, f"{code} is in the file twice"))
        seen |= {code} if code else set()
        yield Written(path, sheet.lines.problem(path, "", "").line, code, row)


def _row(sheet: Sheet, path: Path, entry: Any, model: Callable[[Any], R]) -> R | None:
    try:
        return model(entry)
    except ValidationError as error:
        sheet.problems += [
            sheet.lines.problem((*path, *each.loc), each.code, each.message) for each in _said(error)
        ]
        return None


@dataclass(frozen=True)
class _Said:
    loc: Path
    code: str
    message: str


def _said(error: ValidationError) -> Iterator[_Said]:
    codes = {"extra_forbidden": "unknown-key", "missing": "missing-key"}
    for each in error.errors():
        kind = each["type"]
        yield _Said(each["loc"], codes.get(kind, kind if "-" in kind else "bad-value"), each["msg"])


def _body(text: str, sheet: Sheet) -> dict[str, Any]:
    """The text as mappings, lists and texts. Anchors are refused: a file that repeats itself cannot be told by line."""
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                line = event.start_mark.line + 1
                sheet.problems.append(Problem(line, "", "alias-refused", "write the entry out instead of *naming it"))
                return {}
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        sheet.problems.append(Problem(line, "", "not-yaml", str(error.problem)))
        return {}
    except (yaml.YAMLError, RecursionError) as error:
        sheet.problems.append(Problem(1, "", "not-yaml", " ".join(str(error).split())))
        return {}
    body = _plain(node, (), sheet)
    if not isinstance(body, dict):
        sheet.problems.append(Problem(1, "", "not-a-sheet", "the text is no mapping with organisations and officers"))
        return {}
    return body


def _plain(node: Node | None, path: Path, sheet: Sheet) -> Any:
    """Plain values, every scalar as its text; each path's line is noted."""
    if isinstance(node, ScalarNode):
        sheet.lines.note(path, node.start_mark)
        return "" if node.tag == "tag:yaml.org,2002:null" else node.value
    if isinstance(node, SequenceNode):
        sheet.lines.note(path, node.start_mark)
        return [_plain(each, (*path, index), sheet) for index, each in enumerate(node.value)]
    values: dict[str, Any] = {}
    if isinstance(node, MappingNode):
        sheet.lines.note(path, node.start_mark)
        for key, value in node.value:
            name = str(key.value)
            if name in values:
                line = key.start_mark.line + 1
                sheet.problems.append(Problem(line, sheet.lines.said((*path, name)), "duplicate-key", f"{name} twice"))
            values[name] = _plain(value, (*path, name), sheet)
            sheet.lines.note((*path, name), key.start_mark)
    return values if node is not None else None
