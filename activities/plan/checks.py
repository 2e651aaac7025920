"""What must hold of a plan beyond the shape of its entries, and what about it still waits for a person."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from activities.plan.ladder import can_fire
from activities.plan.model import IDENTITY, Plan, Source
from activities.plan.quiet import quiet_at

Path = tuple[str | int, ...]

_LISTS = ("roles", "stages", "kinds", "organisations")
_WHERE = ("", "reception", "residence")
_CODES = {"extra_forbidden": "unknown-key", "missing": "missing-key", "unexpected_keyword_argument": "unknown-key"}


@dataclass(frozen=True)
class Problem:
    """One thing wrong. `line` counts from 1 (0 = no line of its own); `file` names another plan this one extends."""

    line: int
    path: str
    code: str
    message: str
    file: str = ""

    def __str__(self) -> str:
        where = f"{self.file} line {self.line}" if self.file else f"line {self.line}"
        return f"{where}: {self.path}: {self.code}: {self.message}"


class Mark(Protocol):
    """A place in a text, as the YAML reader tells it."""

    @property
    def line(self) -> int:
        """Counts from 0."""
        ...


@dataclass(frozen=True)
class Place:
    """A place in the text of another plan that is extended."""

    line: int
    file: str


@dataclass
class Lines:
    """Where each path of a plan stands in its text."""

    places: dict[Path, tuple[str, int]] = field(default_factory=dict)
    codes: dict[Path, str] = field(default_factory=dict)

    def note(self, path: Path, mark: Mark) -> None:
        """Remember a path's place."""
        self.places[path] = (mark.file if isinstance(mark, Place) else "", mark.line + 1)

    def said(self, path: Path) -> str:
        """The path as a person says it: entries by their code where they have one, else by their number from 0."""
        return ".".join(self.codes.get(path[: at + 1], str(step)) for at, step in enumerate(path))

    def problem(self, path: Path, code: str, message: str) -> Problem:
        """A problem at a path, or at the nearest place above it."""
        place = path
        while place and place not in self.places:
            place = place[:-1]
        file, line = self.places.get(place, ("", 1))
        return Problem(line, self.said(path), code, message, file)

    def problems(self, error: ValidationError) -> list[Problem]:
        """What the model refused, each at its place."""
        return [self._of(each["type"], each["loc"], each["msg"]) for each in error.errors()]

    def _of(self, kind: str, path: Path, message: str) -> Problem:
        code = _CODES.get(kind, kind if "-" in kind else "bad-value")
        last = path[-1] if path else ""
        if last in {"budget", "grace"} and code == "bad-value":
            code = "bad-budget"
        if code == "missing-key" and last == "source":
            code = "missing-source"
        return self.problem(path, code, message)


def check_references(body: Mapping[str, Any], lines: Lines) -> list[Problem]:
    """Codes given twice and references to codes the plan does not have; needs no entry to be well made."""
    found: list[Problem] = []
    for key in _LISTS:
        seen: set[str] = set()
        for index, entry in _listed(body, key):
            path: Path = (key, index)
            code = str(entry.get("code", ""))
            lines.codes[path] = code or str(index)
            if code in seen:
                found.append(lines.problem((*path, "code"), "duplicate-code", f"{code} is given twice in {key}"))
            seen.add(code)
    return found + list(_references(body, lines))


def _listed(body: Mapping[str, Any], key: str) -> Iterator[tuple[int, dict[str, Any]]]:
    entries = body.get(key)
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield index, entry


def _references(body: Mapping[str, Any], lines: Lines) -> Iterator[Problem]:
    known = {key: {str(entry.get("code")) for _, entry in _listed(body, key)} for key in _LISTS}
    ladders = body.get("ladders")
    known["ladders"] = set(ladders) if isinstance(ladders, dict) else set()
    if "lead" in body and body["lead"] not in known["roles"]:
        yield lines.problem(("lead",), "unknown-role", f"{body['lead']} is no role of the plan")
    for index, role in _listed(body, "roles"):
        if role.get("directing", "") not in known["roles"] | {""}:
            yield lines.problem(
                ("roles", index, "directing"), "unknown-role", f"{role['directing']} is no role of the plan"
            )
    for index, entry in _listed(body, "organisations"):
        path: Path = ("organisations", index)
        if "role" in entry and entry["role"] not in known["roles"]:
            yield lines.problem((*path, "role"), "unknown-role", f"{entry['role']} is no role of the plan")
        if entry.get("parent", "") not in known["organisations"] | {""}:
            message = f"{entry['parent']} is no organisation of the plan"
            yield lines.problem((*path, "parent"), "unknown-organisation", message)
    for index, kind in _listed(body, "kinds"):
        yield from _kind_references(kind, ("kinds", index), known, lines)


def _kind_references(kind: dict[str, Any], path: Path, known: dict[str, set[str]], lines: Lines) -> Iterator[Problem]:
    role, _, where = str(kind.get("answerable", "reporter")).partition("@")
    if role not in known["roles"] | {"reporter"} or where not in _WHERE:
        message = f"{kind['answerable']} is neither reporter nor a role, with @reception or @residence where needed"
        yield lines.problem((*path, "answerable"), "unknown-role", message)
    if "stage" in kind and kind["stage"] not in known["stages"]:
        yield lines.problem((*path, "stage"), "unknown-stage", f"{kind['stage']} is no stage of the plan")
    if "ladder" in kind and kind["ladder"] not in known["ladders"]:
        yield lines.problem((*path, "ladder"), "unknown-ladder", f"{kind['ladder']} is no ladder of the plan")
    for clock in ("clock", "reply"):
        starts = kind[clock].get("starts", "opened") if isinstance(kind.get(clock), dict) else "opened"
        if starts not in known["kinds"] | {"opened"}:
            yield lines.problem((*path, clock, "starts"), "unknown-kind", f"{starts} is no kind of the plan")
    identity = kind.get("identity")
    for at, name in enumerate(identity if isinstance(identity, list) else ()):
        if name not in IDENTITY:
            yield lines.problem((*path, "identity", at), "unknown-field", f"{name} is no field of a person's identity")
    grounds = kind.get("grounds")
    for at, ground in enumerate(grounds if isinstance(grounds, list) else ()):
        if isinstance(ground, dict) and "by" in ground and ground["by"] not in known["roles"]:
            yield lines.problem((*path, "grounds", at, "by"), "unknown-role", f"{ground['by']} is no role of the plan")


def check_plan(plan: Plan, lines: Lines) -> list[Problem]:
    """What can be said of a whole plan only: dates, clocks, rungs that can never fire, roles nobody holds."""
    found = list(_unheld(plan, lines))
    if plan.until is not None and plan.until < plan.since:
        found.append(lines.problem(("until",), "ends-before-it-begins", f"{plan.until} is before {plan.since}"))
    if quiet_at(plan.quiet, plan.digest.at):
        found.append(lines.problem(("digest", "at"), "digest-in-quiet-hours", f"{plan.digest.at} lies in quiet hours"))
    for index, kind in enumerate(plan.kinds):
        path: Path = ("kinds", index)
        if kind.clock.budget is None:
            found.append(lines.problem((*path, "clock", "budget"), "no-clock", "nothing may wait without a clock"))
            continue
        for rule in plan.ladders.get(kind.ladder, ()):
            if not can_fire(rule, kind.clock.budget, kind.reply.budget):
                message = f"rung {rule.code} ({rule.when}) of ladder {kind.ladder} never comes in this kind's time"
                found.append(lines.problem((*path, "ladder"), "rung-never-fires", message))
    return found


def _unheld(plan: Plan, lines: Lines) -> Iterator[Problem]:
    local = {kind.answerable.partition("@")[0] for kind in plan.kinds if "@" in kind.answerable}
    communes = sorted({each.commune for each in plan.organisations if each.commune})
    for index, role in enumerate(plan.roles):
        for commune in communes if role.code in local else [""]:
            spans = [
                (each.since, each.until)
                for each in plan.organisations
                if (each.role, each.commune, each.territory) == (role.code, commune, plan.territory)
            ]
            gap = first_gap(spans, plan.since, plan.until)
            if gap is not None:
                message = f"nobody holds {role.code}{f' in {commune}' if commune else ''} on {gap}"
                yield lines.problem(("roles", index), "role-unheld", message)


def first_gap(spans: Iterable[tuple[date, date | None]], since: date, until: date | None) -> date | None:
    """The first day of the plan's life that no span covers; None when all are covered."""
    day = since
    for start, end in sorted(spans, key=lambda span: span[0]):
        if start > day:
            return day
        if end is None or (until is not None and end >= until):
            return None
        day = max(day, end + timedelta(days=1))
    return day


def check_registry(plan: Plan, registry_kinds: Iterable[str]) -> tuple[Problem, ...]:
    """Kinds without an activity and activities without a kind; they have no line."""
    planned, registered = {kind.code for kind in plan.kinds}, set(registry_kinds)
    missing = [
        Problem(0, f"kinds.{code}", "kind-without-activity", f"{plan.code} asks for {code}, no activity waits for it")
        for code in sorted(planned - registered)
    ]
    spare = [
        Problem(
            0, f"kinds.{code}", "activity-without-kind", f"an activity waits for {code}, {plan.code} has no such kind"
        )
        for code in sorted(registered - planned)
    ]
    return (*missing, *spare)


def sourced(plan: Plan) -> dict[str, Source]:
    """Every rule of the plan that says where it comes from, by its path, in the order of the text."""
    return {path.removesuffix(".source"): source for path, source in _sources(plan, "")}


def unknown_rules(plan: Plan) -> tuple[str, ...]:
    """Paths of the rules whose source nobody knows yet, e.g. `kinds.approve_support.clock`."""
    return tuple(path.removesuffix(".source") for path, source in _sources(plan, "") if source.unknown)


def unconfirmed_wording(plan: Plan) -> tuple[str, ...]:
    """Codes of the kinds whose wording no serving officer has confirmed."""
    return tuple(kind.code for kind in plan.kinds if kind.code not in plan.wording_confirmed)


def _sources(value: Any, path: str) -> Iterator[tuple[str, Source]]:
    if isinstance(value, Source):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _sources(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from _sources(each, f"{path}.{getattr(each, 'code', index)}")
