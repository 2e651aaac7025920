"""What a form sent, as the outcome's JSON; and what was wrong with it, in words beside the field."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from starlette.datastructures import FormData

from activities.agencies.misfits import MISFITS
from activities.casework.errors import FieldProblem, InvalidError
from activities.plan.calendar import TIME_ZONE
from api.pages.forms.drawn import Control
from api.pages.wording import Wording

_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})")
_HOUR = re.compile(r"(\d{1,2})[:hg](\d{2})?")


MIDNIGHT = "0:00"  # the hour where the day alone is asked for, or known


def day_of(text: str) -> str:
    """A day as people write it (18/12/2024), in ISO; what cannot be read stays as it is and is refused by the model."""
    found = _DAY.fullmatch(text.strip())
    if not found:
        return text.strip()
    try:
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
    except ValueError:
        return text.strip()


def moment_of(day: str, hour: str = MIDNIGHT) -> datetime | None:
    """The instant of a day and an hour on the district's clock; None where either is unreadable or empty."""
    try:
        at = _HOUR.fullmatch(hour.strip())
        clock = time(int(at[1]), int(at[2] or 0)) if at else None
        return datetime.combine(date.fromisoformat(day_of(day)), clock, TIME_ZONE) if clock else None
    except ValueError:
        return None


def last_moment_of(day: str) -> datetime | None:
    """The last minute of a day until which something holds; None where it cannot be read or is empty."""
    return moment_of(day, "23:59")


def read(controls: Iterable[Control], form: FormData) -> dict[str, Any]:
    """The outcome as JSON: what was left empty is left out, and what follows from the rest is left to its model."""
    found = dict[str, Any]()
    for control in controls:
        if control.derived:
            continue
        if control.kind == "many":
            found[control.name] = [str(each) for each in form.getlist(control.name)]
            continue
        text = str(form.get(control.name, "")).strip()
        if control.kind == "yes":
            found[control.name] = text == "yes"
        elif text:
            found[control.name] = _value(control.kind, text)
    return found


def _value(kind: str, text: str) -> Any:
    if kind == "date":
        return day_of(text)
    if kind in ("number", "money"):
        digits = re.sub(r"[.,\s]|đồng|VND|đ$", "", text)
        return int(digits) if re.fullmatch(r"-?\d{1,15}", digits) else text
    return text


def all_told(code: str, *checks: Callable[[], object]) -> None:
    """Make every check; InvalidError with what all of them found, in their order."""
    problems = list[FieldProblem]()
    for check in checks:
        try:
            check()
        except InvalidError as refusal:
            problems += refusal.problems or (FieldProblem((), refusal.code, "does not fit"),)
    if problems:
        raise InvalidError(code, tuple(problems))


def beside(problems: Iterable[FieldProblem], labels: Mapping[str, str], wording: Wording) -> dict[str, str]:
    """The words for each field of `labels` that does not fit, by name; `""` holds what concerns the form as a whole."""
    found = dict[str, str]()
    for each in problems:
        name = next((part for part in each.loc if part in labels), "")
        found.setdefault(name, words_of(each, labels, wording))
    return found


def words_of(problem: FieldProblem, labels: Mapping[str, str], wording: Wording) -> str:
    """What does not fit, in words: of its model, of its code, or that something does not."""
    if problem.code in MISFITS:
        facts = {"field": labels.get(problem.loc[-1] if problem.loc else "", ""), **problem.facts}
        return MISFITS[problem.code].in_(wording.language).format(**facts)
    text = wording.said(problem.code, "problem")
    text = wording.gettext(problem.code) if text == problem.code else text
    return wording.gettext("This does not fit: look at it once more.") if text == problem.code else text
