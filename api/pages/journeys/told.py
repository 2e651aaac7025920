"""What an entry of the timeline says beside its event: codes of lists in words, what was typed as it was typed."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from activities.casework.delegating import GIVEN_BACK
from activities.domain.text import Text
from api.deps import Desk
from api.pages.forms.drawn import draw
from api.pages.wording import Wording
from api.reads import labels

SAID = ("asked", "reason", "wish", "value", "decision", "rung", "code")
OPENED = "task-opened"  # an entry that says which round it is
ANSWERED = "done"  # the code of an answer in which nothing was chosen: its event says it already
ROOMS = {"wish": "wished", "value": "wish", "decision": "act", "asked": "request"}
REASONS = {"task-returned": "return", "journey-closed": "closing"}  # whose reasons are codes of a list of their own
OWN = "why"  # room of the codes that casework gives as a reason where nobody chose or typed one
PAPER_MISSING = "paper-missing-"  # and which one


def told(desk: Desk, entry: Mapping[str, Any], kinds: Mapping[str, Text], wording: Wording) -> list[str]:
    """In the order of SAID. `kinds`: what kinds of task are called."""
    return list(_words(desk, entry, kinds, wording))


def _words(desk: Desk, entry: Mapping[str, Any], kinds: Mapping[str, Text], wording: Wording) -> Iterator[str]:
    yield from _where_and_when(desk, entry, wording)
    for name in SAID:
        given = entry["data"].get(name)
        if not given or (name, given) == ("code", ANSWERED):
            continue
        if name == "reason":
            yield why(str(entry["event"]), str(given), wording)
        elif name == "code":
            yield _answer(desk, str(entry["data"].get("kind", "")), str(given), wording)
        elif given in kinds:
            yield wording.text(kinds[given])
        else:
            yield wording.said(given, ROOMS.get(name, name))


def _where_and_when(desk: Desk, entry: Mapping[str, Any], wording: Wording) -> Iterator[str]:
    """Whence it came, where it went, until when it holds, and when the fact itself happened."""
    data = entry["data"]
    if data.get("on_behalf"):
        yield wording.gettext("Recorded by the coordinator from a paper of the agency")
    if data.get("objection"):
        yield wording.gettext("it objects to what was entered from its paper")
    if entry["event"] == OPENED and (round_ := int(data.get("round", 1))) > 1:
        yield wording.round(round_)
    if stage := data.get("stage"):
        yield wording.gettext("from the stage: %(stage)s") % {"stage": wording.text(labels.stages(desk)[stage])}
    if to := entry["to"]:
        yield wording.gettext("to %(agency)s") % {"agency": wording.named(to)}
    if until := data.get("until"):
        yield wording.gettext("until %(day)s") % {"day": wording.moment(datetime.fromisoformat(until))}
    if happened := data.get("happened"):
        yield wording.gettext("happened %(moment)s") % {"moment": wording.happened(datetime.fromisoformat(happened))}


def why(event: str, given: str, wording: Wording) -> str:
    """The reason of an entry: a code of a closed list in words, a chosen or typed one as `Wording.reason` has it."""
    if given.startswith(GIVEN_BACK):
        return wording.said(given.removeprefix(GIVEN_BACK), "return")
    if given.startswith(PAPER_MISSING):
        paper = wording.said(given.removeprefix(PAPER_MISSING), "paper")
        return wording.gettext("not there: %(paper)s") % {"paper": paper}
    words = wording.said(given, REASONS.get(event, OWN))
    return wording.reason(given) if words == given else words


def _answer(desk: Desk, kind: str, code: str, wording: Wording) -> str:
    """The answer of a task, as its form has it."""
    if kind not in desk.office.registry:
        return code
    controls = draw(desk.office.registry[kind].outcome, wording.language)
    return next((words for each in controls for value, words in each.options if value == code), code)
