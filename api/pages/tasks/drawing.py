"""The page of a task, drawn anew after whatever was refused: what was typed stays, and the page says who won."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from fastapi import Response
from starlette.datastructures import FormData

from activities.casework.errors import CaseError, InvalidError
from activities.domain.states import JourneyState
from activities.plan.addressees import Addressee
from activities.plan.retention import retention_classes
from activities.store.journal import JournalEntry
from activities.store.journeys import Journey
from activities.store.organisations import Organisation
from activities.store.tasks import Task
from activities.store.together import Answers
from api.deps import Desk, revision_in
from api.errors import status_of
from api.pages.forms.drawn import Control, draw
from api.pages.forms.reading import beside
from api.pages.forms.short import misfits, named
from api.pages.journeys.told import why
from api.pages.show import show
from api.pages.visitor import Visitor, in_language_of
from api.pages.wording import Wording
from api.reads import attachments, belongings, choices, comments, endings, results, tasks
from api.reads import task as reads
from api.words import marked

LIVE = ("open", "paused", "returned")
LONG = ("answer", "on-behalf", "correct")  # whose fields are those of the outcome
HELD = frozenset({"csrf", "key", "revision", "step", "home"})  # of the form itself, not of its content
PAPER = {
    "paper_number": marked("Number of the paper"),
    "paper_date": marked("Date on the paper"),
    "paper_signer": marked("Who signed it"),
    "paper_received_on": marked("Received on"),
    "paper_scan": marked("Scan, attached to this task"),
}


@dataclass(frozen=True)
class Sent:
    """A short form that was refused: which, what was typed into it, and why."""

    act: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    refusal: CaseError | None = None


def content_of(form: FormData) -> dict[str, Any]:
    """What was typed into a short form; a field with several values as a list."""
    names = dict.fromkeys(name for name, _ in form.multi_items() if name not in HELD)
    given = {name: [str(each) for each in form.getlist(name)] for name in names}
    return {name: values[0] if len(values) == 1 and name != "to" else values for name, values in given.items()}


def revision_of(form: FormData) -> int:
    """The revision a form was drawn from."""
    return revision_in(str(form.get("revision", "")))


def key_of(form: FormData) -> str:
    """The key under which a form acts once."""
    return str(form.get("key", ""))[:200] or str(uuid4())


async def page(
    visitor: Visitor,
    desk: Desk,
    task_id: str,
    *,
    typed: dict[str, Any] | None = None,
    person: dict[str, str] | None = None,
    dangers: Sequence[Mapping[str, Any]] | None = None,
    sent: Sent | None = None,
) -> Response:
    """The page. `typed`: an answer not yet sent; `person`, `dangers`: just shown; `sent`: what was refused."""
    found, sent = await tasks.one(desk, task_id), sent or Sent()
    beside_it = await belongings.with_page(desk, *found[:2])
    whole = await reads.whole_of(desk, *found, beside_it)
    wording = Wording(in_language_of(visitor, desk).language)
    controls = draw(desk.office.registry[whole["kind"]].outcome, wording.language)
    labels = labels_of(controls, wording)
    closed = found[1].state is JourneyState.CLOSED
    acts = offered(desk, whole, closed=closed)
    facts = {
        "task": whole, "controls": controls, "labels": labels, "acts": acts, "sent": sent, "person": person,
        "dangers": dangers,
        "typed": typed, "given": given_of(whole, typed), "restored": _restored(whole, typed), "key": str(uuid4()),
        "earlier": earlier_of(desk, whole, wording.language),
        "problems": problems_of(sent.refusal, labels, wording), "live": whole["state"] in LIVE, "paper": PAPER,
        "ours": whole["organisation"]["id"] == desk.actor.organisation_id, "roles": [each.value for each in Addressee],
    }  # fmt: skip
    unfit = misfits(sent.act, sent.refusal, wording) if sent.act not in LONG else {}
    facts |= _around(desk, found[0], found[1], whole, beside_it) | {
        "won": await _won(desk, sent.refusal, controls), "why": _why(sent.refusal, wording), "closed": closed,
        "unanswered": _unanswered(desk, beside_it["unanswered"], wording), "misfits": unfit, "misfits_named": named(unfit, wording),
    }  # fmt: skip
    return await show(visitor, desk, "officer/task.html", status_of(sent.refusal) if sent.refusal else 200, **facts)


def earlier_of(desk: Desk, whole: dict[str, Any], language: str) -> list[tuple[dict[str, Any], list[Control]]]:
    """What earlier agencies decided that the task needs, each with the controls that read it back."""
    drawn = [(each, draw(desk.office.registry[each["kind"]].outcome, language)) for each in whole["earlier"]]
    return [(each, [field for field in fields if field.name in each["outcome"]]) for each, fields in drawn]


def labels_of(controls: tuple[Control, ...], wording: Wording) -> dict[str, str]:
    """The labels of every field of an answer, of when it happened, and of a paper it came by."""
    paper = {name: wording.gettext(label) for name, label in PAPER.items()}
    others = {"happened_day": wording.gettext("When it happened"), "correction_reason": wording.gettext("Why")}
    return {each.name: each.label for each in controls} | others | paper


def problems_of(refusal: CaseError | None, labels: dict[str, str], wording: Wording) -> dict[str, str]:
    """What does not fit, beside its field; of a paper the field is named after it, as an answer has numbers of its own."""
    if not isinstance(refusal, InvalidError):
        return {}
    of_paper = ("body", "on_behalf_of")
    moved = [
        (each, (f"paper_{each.loc[2]}",)) if each.loc[:2] == of_paper else (each, each.loc) for each in refusal.problems
    ]
    return beside([type(each)(loc, each.code, each.message, each.facts) for each, loc in moved], labels, wording)


def given_of(whole: dict[str, Any], typed: dict[str, Any] | None) -> dict[str, Any]:
    """What stands in the form of the answer: what was typed, else the draft, else what was recorded."""
    kept = whole.get("draft") or {}
    if typed or "outcome" in kept:
        return {"outcome": {}, "day": "", "hour": "", "reason": ""} | (typed or kept)
    return {"outcome": whole.get("outcome") or {}, "day": "", "hour": "", "reason": ""}


def offered(desk: Desk, whole: dict[str, Any], *, closed: bool = False) -> list[str]:
    """The short forms that this officer is offered for the task as it stands; `closed`: its journey is."""
    may, state, own = set(whole["may"]), whole["state"], desk.actor.organisation_id
    ours, live, open_ = whole["organisation"]["id"] == own, state in LIVE, state == "open"
    amended = any(each["state"] == "proposed" for each in whole["corrections"])
    waits = {each["kind"] for each in whole["requests"] if each["state"] == "open"}
    holds = {
        "return": "return" in may and open_,
        "delegate": "delegate" in may and live,
        "recall": "recall" in may and live,
        "extend": "ask" in may and open_ and "extend" not in waits,
        "facts": "ask" in may and open_ and "facts" not in waits,
        "another": "ask" in may and open_ and "reassign" not in waits,
        "decide": "decide" in may and state == "returned",
        "on-behalf": "answer_on_behalf" in may and not ours and live,
        "correct": "correct" in may and state == "done" and not amended and (ours or whole["on_behalf_of"] is not None),
        "remind": "remind" in may and live and not ours,
        "attachments": "attach" in may and live,
        "comment": "comment" in may and not closed,
        "danger": "raise_danger" in may and whole["journey"] is not None and not closed,
    }
    return [name for name, stands in holds.items() if stands]


def _around(desk: Desk, task: Task, journey: Journey, whole: dict[str, Any], found: Answers) -> dict[str, Any]:
    """What stands around the answer: files, comments, whom it may go to, and what came after it."""
    others = choices.organisations(found["others"])
    return {
        "files": attachments.shown(desk, task, journey, found["files"]),
        "said_of_it": comments.listed(desk, found["said"], belongings.COMMENTS),
        "colleagues": choices.officers(found["colleagues"]),
        "classes": retention_classes(),
        "below": [each for each in others if each["below"] and not whole["answerable_id"]],
        "others": others,
        "after": results.after(desk, task, found["stands"][0], found["opened"]) if found["stands"] else None,
    }


def _unanswered(desk: Desk, entries: Sequence[JournalEntry], wording: Wording) -> str:
    """Why it ended without an answer, in words."""
    event, reason = endings.why_unanswered(desk, entries)
    return why(event, reason, wording) if reason else ""


def _restored(whole: dict[str, Any], typed: dict[str, Any] | None) -> datetime | None:
    """When the draft that stands in the form was kept."""
    at = (whole.get("draft") or {}).get("at") if typed is None and whole["state"] in LIVE else None
    return datetime.fromisoformat(at) if at else None


async def _won(desk: Desk, refusal: CaseError | None, controls: tuple[Control, ...]) -> dict[str, Any] | None:
    """Who came first, for the one who came second: agency, instant, state, and the code in words."""
    winner = refusal.facts.get("winner") if refusal else None
    if not isinstance(winner, dict):
        return None
    agency = await desk.session.get(Organisation, winner["organisation"]) if winner.get("organisation") else None
    what = next(
        (dict(each.options)[code] for each in controls if (code := winner.get("code")) in dict(each.options)), ""
    )
    return {"state": winner.get("state", ""), "at": winner.get("at"), "agency": agency, "what": what}


def _why(refusal: CaseError | None, wording: Wording) -> list[str]:
    """What a short form was refused for, beyond its code."""
    if not isinstance(refusal, InvalidError):
        return []
    found = {each.code: wording.said(each.code, "problem") for each in refusal.problems}
    return [words for code, words in found.items() if words != code]
