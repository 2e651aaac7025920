"""What a supervisor does with a task: the fields each act asks for, what was typed, and the act itself."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.datastructures import FormData

from activities.casework import decisions, reminders
from activities.casework.decisions import Decide
from activities.casework.errors import CaseError, FieldProblem, InvalidError
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
Typed = Mapping[str, str]
LONGEST = 2000  # characters of one field


def typed_of(form: FormData) -> dict[str, str]:
    """What was typed into any field of any act."""
    names = {name for fields in FIELDS.values() for name in fields}
    return {name: str(form.get(name, "")).strip()[:LONGEST] for name in names}


async def carry_out(desk: Desk, act: str, task_id: str, revision: int, typed: Typed) -> None:
    """Do it; InvalidError where a field is missing, or whatever else refuses it."""
    if act in ("remind", "record"):
        recorded = act == "record"
        whom = typed["whom"] if recorded else _reason(act, typed)
        promised = typed["promised"] if recorded else ""
        await reminders.remind(
            desk.session, desk.office, desk.actor, task_id, whom, promised, _day(typed["look_again"])
        )
    else:
        await decisions.decide(desk.session, desk.office, desk.actor, task_id, revision, ask_of(act, typed))


def ask_of(act: str, typed: Typed) -> Decide:
    """The decision as the JSON interface takes it."""
    given: dict[str, Any] = {name: typed[name] for name in ("ground", "organisation") if name in FIELDS[act]}
    if act == "extend":
        given["budget"] = f"P{typed['count']}{typed['unit'].upper()}" if typed["unit"] in UNITS else ""
    if act == "pause":
        given["until"] = moment_of(typed["until"])
        if given["until"] is None:
            raise _unread("until")
    return Decide(kind=DecisionKind(act), reason=_reason(act, typed), **given)


def _reason(act: str, typed: Typed) -> str:
    code, note = typed["reason"], typed["note"]
    if code not in REASONS[act]:
        raise InvalidError("reason-missing")
    if code == OTHER and not note:
        raise InvalidError("reason-missing", (FieldProblem(("note",), "missing", "says which other reason"),))
    return kept(act, code, note)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(day_of(text)) if text else None
    except ValueError:
        raise _unread("look_again") from None


def _unread(name: str) -> InvalidError:
    return InvalidError("request-invalid", (FieldProblem((name,), "date_parsing", "is no day"),))


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
