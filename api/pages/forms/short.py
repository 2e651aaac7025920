"""Short forms: all that is missing or wrong in one is told at once, each beside its field and in the summary."""

from collections.abc import Callable, Mapping
from functools import partial

from activities.casework.errors import CaseError, FieldProblem, InvalidError
from api.pages.forms.reading import all_told, words_of
from api.pages.wording import Wording
from api.words import marked

FIELD_OF = {  # what a refusal that names no field is about
    "reason-missing": "reason", "return-reason-unknown": "reason", "budget-invalid": "count", "extension-too-long": "count",
    "reminder-whom-missing": "whom", "delegate-missing": "whom", "look-again-invalid": "look_again_on", "decision-unknown": "kind",
    "organisation-unfit": "organisation", "comment-empty": "text", "addressee-missing": "to", "stage-not-reopenable": "stage",
}  # fmt: skip
MOVED = {"delegate-organisation": "delegate-whom", "delegate-officer": "delegate-whom"}  # asked for in one list
LABELS = {  # by the field's id, else by its name
    "show-reason": marked("Why you need to know"), "delegate-whom": marked("Hand it to"), "remind-whom": marked("Whom you spoke to"),
    "reason": marked("Why"), "count": marked("How much more"), "look_again_on": marked("Look again on"),
    "kind": marked("What is to become of it"), "organisation": marked("Agency"), "to": marked("Addressed to"),
    "text": marked("What you write"), "stage": marked("From the stage"), "purpose": marked("For what"),
    "until": marked("Until (may stay empty)"), "choice": marked("Where the person wants to be"),
}  # fmt: skip


def together(**checks: Callable[[], object]) -> None:
    """Look at each field by its check; InvalidError with what all of them found wrong."""
    all_told("request-invalid", *(partial(_at, name, check) for name, check in checks.items()))


def _at(name: str, check: Callable[[], object]) -> None:
    """Make the check of a field; what it refuses is told beside that field."""
    try:
        check()
    except InvalidError as refusal:
        raise InvalidError("request-invalid", (FieldProblem((name,), refusal.code, "does not fit"),)) from refusal


def needed(given: object, code: str) -> Callable[[], None]:
    """The check of a field that may not stay empty; `code`: what it is refused with."""

    def check() -> None:
        if not (given.strip() if isinstance(given, str) else given):
            raise InvalidError(code)

    return check


def misfits(act: str, refusal: CaseError | None, wording: Wording) -> dict[str, str]:
    """The words beside each field of the form that was refused, by the field's id: `<act>-<name>`."""
    if not isinstance(refusal, InvalidError):
        return {}
    if not refusal.problems:
        name = FIELD_OF.get(refusal.code, "")
        return {f"{act}-{name}": wording.gettext(refusal.code)} if name else {}
    found = dict[str, str]()
    for each in refusal.problems:
        id_ = f"{act}-{each.loc[-1] if each.loc else ''}"
        found.setdefault(MOVED.get(id_, id_), words_of(each, {}, wording))
    return found if all(_label(id_) for id_ in found) else {}


def named(found: Mapping[str, str], wording: Wording) -> dict[str, str]:
    """What the fields of these ids are called."""
    return {id_: wording.gettext(_label(id_)) for id_ in found}


def _label(id_: str) -> str:
    return LABELS.get(id_) or LABELS.get(id_.rpartition("-")[2], "")
