"""What a supervisor does with a task: the fields each act asks for, what was typed, and the act itself."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.datastructures import FormData

from activities.casework import decisions, reminders
from activities.casework.context import Office
from activities.casework.decisions import Decide
from activities.casework.errors import CaseError, FieldProblem, InvalidError
from activities.casework.extending import within_bounds
from activities.domain.reasons import OTHER, REASONS, kept
from activities.domain.states import DecisionKind
from api.deps import Desk
from api.pages.forms.reading import beside, day_of, moment_of
from api.pages.wording import Wording
from api.words import marked

FIELDS = {
    "remind": ("reason", "note", "look_again"),
    "record": ("whom", "promised", "look_again"),
    "extend": ("reason", "note", "ground", "count", "unit"),
    "pause": ("reason", "note", "ground", "until"),
    "resume": ("reason", "note"),
    "reassign": ("reason", "note", "organisation"),
    "waive": ("reason", "note"),
}
BULK = tuple(act for act in FIELDS if act != "record")
UNITS = ("wd", "d", "m")
LABELS = {
    "reason": marked("Why"), "note": marked("Note"), "ground": marked("Legal ground"), "count": marked("How much longer"),
    "until": marked("Until when at the latest"), "organisation": marked("To which agency"), "whom": marked("Whom you spoke to"),
    "promised": marked("What was promised"), "look_again": marked("Look again on"),
}  # fmt: skip
BESIDE = {
    "reason-missing": "reason", "budget-invalid": "count", "extension-too-long": "count", "pause-until-invalid": "until",
    "reminder-whom-missing": "whom", "look-again-invalid": "look_again", "answer-missing": "answer",
}  # fmt: skip
EMPTY = {"reason": "reason-missing", "whom": "reminder-whom-missing", "organisation": "unfit-organisation"}
Typed = Mapping[str, str]
LONGEST = 2000  # characters of one field


def typed_of(form: FormData) -> dict[str, str]:
    """What was typed into any field of any act."""
    names = {name for fields in FIELDS.values() for name in fields}
    return {name: str(form.get(name, "")).strip()[:LONGEST] for name in names}


async def carry_out(desk: Desk, act: str, task_id: str, revision: int, typed: Typed) -> None:
    """Do it; InvalidError with every field that is missing or does not fit, or whatever else refuses it."""
    demand_fit(desk.office, act, typed)
    if act in ("remind", "record"):
        recorded = act == "record"
        whom = typed["whom"] if recorded else _reason(act, typed)
        promised = typed["promised"] if recorded else ""
        await reminders.remind(
            desk.session, desk.office, desk.actor, task_id, whom, promised, _day(typed["look_again"])
        )
    else:
        await decisions.decide(desk.session, desk.office, desk.actor, task_id, revision, _ask(act, typed))


def demand_fit(office: Office, act: str, typed: Typed) -> None:
    """All that is missing or wrong at once: a form that is told of it slip by slip is sent once for each."""
    problems = tuple(
        FieldProblem((name,), code, "is missing or does not fit")
        for name in FIELDS[act]
        if (code := _slip(office, act, name, typed))
    )
    if problems:
        raise InvalidError("request-invalid", problems)


def _slip(office: Office, act: str, name: str, typed: Typed) -> str:
    """The code of what is wrong with a field, as casework itself judges it; empty where it fits."""
    if name == "note":
        return "missing" if typed["reason"] == OTHER and not typed[name] else ""
    if name in EMPTY:
        return "" if (typed[name] in REASONS[act] if name == "reason" else typed[name]) else EMPTY[name]
    try:
        _demand_bounds(office, name, typed)
    except InvalidError as refusal:
        return refusal.code
    except ValueError:
        return "date_parsing"
    return ""


def _demand_bounds(office: Office, name: str, typed: Typed) -> None:
    """InvalidError for a length or a day out of bounds; ValueError for a day nobody can read."""
    if name == "count":
        within_bounds(office, _budget(typed))
    if name in ("until", "look_again") and (typed[name] or name == "until"):
        day = date.fromisoformat(day_of(typed[name]))
        if name == "until":
            decisions.demand_in_sight(office, moment_of(typed[name]))
        else:
            reminders.look_again_fits(office, day)


def _ask(act: str, typed: Typed) -> Decide:
    """The decision as the JSON interface takes it."""
    given: dict[str, Any] = {name: typed[name] for name in ("ground", "organisation") if name in FIELDS[act]}
    if act == "extend":
        given["budget"] = _budget(typed)
    if act == "pause":
        given["until"] = moment_of(typed["until"])
    return Decide(kind=DecisionKind(act), reason=_reason(act, typed), **given)


def _budget(typed: Typed) -> str:
    return f"P{typed['count']}{typed['unit'].upper()}" if typed["unit"] in UNITS else ""


def _reason(act: str, typed: Typed) -> str:
    return kept(act, typed["reason"], typed["note"])


def _day(text: str) -> date | None:
    return date.fromisoformat(day_of(text)) if text else None


def problems_of(refusal: CaseError, wording: Wording, fields: Mapping[str, str] = LABELS) -> dict[str, str]:
    """The words of a refusal beside the field it is about; empty where it is about the act as a whole."""
    labels = {name: wording.gettext(label) for name, label in fields.items()}
    if refusal.code in BESIDE and not getattr(refusal, "problems", ()):
        return {BESIDE[refusal.code]: wording.gettext(refusal.code)}
    return beside(refusal.problems, labels, wording) if isinstance(refusal, InvalidError) else {}


def grants(typed: Mapping[str, str]) -> bool:
    """Whether yes or no was chosen; InvalidError where neither was."""
    if typed["grant"] not in ("yes", "no"):
        raise InvalidError("request-invalid", (FieldProblem(("grant",), "missing", "is missing"),))
    return typed["grant"] == "yes"
