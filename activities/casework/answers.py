"""What an agency wrote: checked against its model, plain fields in the row, sensitive ones sealed."""

import json
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy.ext.asyncio import AsyncSession

from activities.agencies.misfits import MISFITS
from activities.casework import statistics_facts
from activities.casework.context import Office
from activities.casework.errors import FieldProblem, InvalidError
from activities.casework.learning import learn
from activities.domain.outcomes import Outcome
from activities.plan.model import Kind
from activities.security.columns import open_with_ring, seal_with_ring
from activities.store.journeys import Journey
from activities.store.tasks import Task

NOTE = "return_note"  # in a draft: what the coordinator is to read of a return


def checked(office: Office, kind: str, body: dict[str, Any]) -> Outcome:
    """The typed outcome; InvalidError names each field that does not fit, never its value."""
    try:
        return office.registry[kind].outcome.model_validate_json(json.dumps(body))
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise InvalidError("outcome-invalid", tuple(_problem(each) for each in found)) from None


def _problem(detail: ErrorDetails) -> FieldProblem:
    """One problem; what does not fit together names the field to look at."""
    loc, told = tuple(str(part) for part in detail["loc"]), detail.get("ctx", {})
    if detail["type"] not in MISFITS:
        return FieldProblem(loc, detail["type"], detail["msg"])
    loc = loc or ((told["field"],) if told["field"] else ())
    facts = {name: value for name, value in told.items() if isinstance(value, int)}
    return FieldProblem(loc, detail["type"], detail["msg"], facts)


def keep(session: AsyncSession, office: Office, journey: Journey, task: Task, outcome: Outcome) -> None:
    """Write the outcome into the row, what it tells of the journey into the journey, its statistics facts aside."""
    write(office, task, outcome)
    learn(journey, task.kind, outcome.model_dump(mode="json"))
    statistics_facts.write_down(session, office, task, outcome)


def write(office: Office, task: Task, outcome: Outcome) -> None:
    """Write the outcome into the row."""
    hidden, whole = type(outcome).sensitive_fields(), outcome.model_dump(mode="json")
    task.outcome = {name: value for name, value in whole.items() if name not in hidden}
    sealed = {name: value for name, value in whole.items() if name in hidden}
    task.sealed = seal_with_ring(office.keyring, f"{task.id}/outcome", json.dumps(sealed).encode()) if sealed else None


def whole(office: Office, task: Task) -> dict[str, Any]:
    """The outcome with its sensitive fields, for casework alone: it is never shown like this."""
    sealed = (
        {} if task.sealed is None else json.loads(open_with_ring(office.keyring, f"{task.id}/outcome", task.sealed))
    )
    return (task.outcome or {}) | sealed


def read(office: Office, task: Task, reader: Kind | None) -> dict[str, Any] | None:
    """The outcome as a reader may see it: plain fields, and sensitive ones whose reason the reader's kind lists."""
    if task.outcome is None:
        return None
    hidden = office.registry[task.kind].outcome.sensitive_fields()
    allowed = set(reader.sensitive) if reader else set()
    if task.sealed is None or not allowed & set(hidden.values()):
        return dict(task.outcome)
    sealed = json.loads(open_with_ring(office.keyring, f"{task.id}/outcome", task.sealed))
    return task.outcome | {name: value for name, value in sealed.items() if hidden[name] in allowed}


def keep_draft(office: Office, task: Task, draft: dict[str, Any]) -> None:
    """Seal what the officer has typed so far, and when; drafts may hold anything."""
    kept = json.dumps({"at": office.now().isoformat(), "typed": draft}).encode()
    task.draft = seal_with_ring(office.keyring, f"{task.id}/draft", kept)


def keep_note(office: Office, task: Task, note: str) -> None:
    """The note of this return, beside what was typed; that of an earlier one goes."""
    typed = read_draft(office, task) or {}
    kept = {name: value for name, value in typed.items() if name != NOTE} | ({NOTE: note} if note else {})
    if kept != typed:
        keep_draft(office, task, kept)


def read_draft(office: Office, task: Task) -> dict[str, Any] | None:
    """The draft, or None."""
    if task.draft is None:
        return None
    typed: dict[str, Any] = _draft(office, task.id, task.draft)["typed"]
    return typed


def draft_kept_at(office: Office, task_id: str, sealed: bytes) -> datetime:
    """When a sealed draft was last changed, case time."""
    return datetime.fromisoformat(_draft(office, task_id, sealed)["at"])


def _draft(office: Office, task_id: str, sealed: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(open_with_ring(office.keyring, f"{task_id}/draft", sealed))
    return found
