"""Every code that a page can say, room by room, out of what produces it: `event:task-done` stands in the room `event`."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from inspect import getsource, signature
from typing import get_args

from jinja2 import nodes

from activities.adapters.mail import MailCode, SmtpMailer
from activities.adapters.webhook import Webhook, WebhookCode
from activities.agencies.labour_support import ClosingReason
from activities.casework.calendar_days import DayAsk
from activities.casework.decisions import NEEDS
from activities.casework.delegating import GIVEN_BACK
from activities.casework.errors import CaseError, ConflictError, FieldProblem, InvalidError
from activities.casework.firing import LOOK_AGAIN
from activities.casework.handing import voucher
from activities.casework.journeys import WayOfReturn
from activities.casework.requests import Asked
from activities.casework.shelf import SHIPPED
from activities.casework.tasks import RETURN_REASONS
from activities.domain.reasons import REASONS
from activities.domain.states import FINAL, DecisionKind, JourneyState, Role, TaskState
from activities.plan import access
from activities.plan.access import COORDINATED
from activities.plan.addressees import Addressee
from activities.plan.edits import EditError
from activities.plan.ladder import Recipient
from activities.plan.load import load_plan, shipped
from activities.plan.model import IDENTITY, Plan
from activities.security.files.kinds import RefusalError, RefusedError
from activities.store.corrections import Correction
from activities.store.requests import Request
from activities.store.tasks import Rung
from api.pages import work
from api.pages.guide import STEPS
from api.pages.journeys import acts, listed, timeline, told
from api.pages.show import environment
from api.pages.spoken import SPOKEN
from api.pages.starting import typed
from api.pages.supervision import acts as decided
from api.pages.supervision import rows
from api.reads import escalations, rungs
from api.reads import rules as rule_words
from api.reads import work as mine
from api.reads.rules import rules
from api.reads.tasks import WAITS
from api.rest.person import WishBody
from tests.build.codes import Code
from workers.notifier import CHANNEL_OFF, NO_ADDRESS

CARRIED_OUT = "api.pages.tasks.carrying.carried_out"
PLANS: list[Plan] = [load_plan(shipped(code)) for code in SHIPPED]
PAPERS = {paper for plan in PLANS for paper in typed.papers_of(plan)}
CLOSING = {each.value for each in ClosingReason}
KNOWN = {  # what no reading of the code can tell: out of a row, out of an answer, or out of what somebody sent
    "activities.casework.steps:end.reason": set[str](),  # told in the room `closing`
    "activities.casework.requests:asked.kind": set(get_args(Asked.model_fields["kind"].annotation)),
    "api.rest.tasks:body.reason": set(RETURN_REASONS),
    "activities.casework.opening:min(missing)": PAPERS,
    "workflows.journey:self._reason": CLOSING,
    "api.reads.results:task.state.value": {each.value for each in FINAL - {TaskState.DONE}},
    "api.pages.tasks.correcting:str(again.before.body['said'])": set[str](),  # the same once more
    "api.pages.supervision.decide.send.act": set(decided.FIELDS),
    "api.pages.tasks.carrying:said or f'{act}-done'": set[str](),  # told call by call
    "api.pages.tasks.carrying:work(desk)": {"task-given-back"},
    "api.pages.forms.short:code": set[str](),  # of one field, never of a form: told in the room `problem`
    "api.pages.forms.short:refusal.code": {"missing", "date_parsing"},  # or the words of the refusal itself
    "api.pages.supervision.acts:refusal.code": set[str](),  # the words of the refusal itself
    "api.pages.forms.reading:refusal.code": set[str](),
    "activities.casework.plan_versions:each.code": set[
        str
    ](),  # of a plan's text, which no form of the pages sends whole
    "activities.casework.plan_versions:error.code": {EditError.code},
    "activities.casework.attachments:refused.why": {each.value for each in RefusalError},
    "activities.casework.answers:detail['type']": set[str](),  # pydantic's, and the outcomes' own
    "activities.casework.decisions:NEEDS.get(ask.kind, task.state)": {each.value for each in NEEDS.values()},
    "activities.casework.permits:answer.code": set[str](),  # the policy's own
    "api.errors:error.code": set[str](),
    "api.pages.locked:refusal.code": set[str](),
    "api.pages.account:locked.code": {"sign-in-locked"},
    "api.pages.administration.sheet:each['loc'][0]": set[str](),  # told model by model
    "activities.security.files.apart:RefusalError(said['refused'])": set[
        str
    ](),  # what `sheets` says, from its own process
    "api.pages.tasks.papers.strike.attachment_id": set[str](),  # both say another thing after it
    "api.pages.tasks.asking.take_back.request_id": set[str](),
}


@cache
def code() -> Code:
    """The product's code."""
    found = Code(dict(KNOWN))
    found.known["api.reads.results:corrected"] = found.cases("api.reads.results._corrected")
    logged = (found.firsts(f"deploy.registration.logging.{each}") for each in ("_of_organisation", "_of_officer"))
    found.known["deploy.registration.logging:act"] = set().union(*logged)
    columns = (
        found.put("api.pages.starting.columns", each)
        for each in ("wrong", "wrong[name]", "wrong['wish']", "wrong[KEY]")
    )
    found.known["api.pages.starting.preview:code"] = set().union(*columns)
    found.known["api.pages.supervision.corrections:made.state"] = {"applied"} | _corrections(found) - {
        "proposed",
        "lapsed",
    }
    found.known["activities.casework.firing:rung.code"] = _rungs(found) - {LOOK_AGAIN}
    return found


@cache
def refusals() -> set[str]:
    """Every code that says why something is refused: those of casework and the policy, and what only the border knows."""
    found = code()
    problems = found.said("api.errors.problem", "code") | found.said("api.pages.locked._form", "refusal")
    return found.made(CaseError, 0) | found.made(access.RefusedError, 0) | problems


@cache
def rooms() -> dict[str, set[str]]:
    """What each of them holds: no room but these, and no code but these in it."""
    return _of_lists() | _of_casework(code()) | _of_reads(code()) | _of_pages(code())


def of_templates() -> Iterator[tuple[str, str]]:
    """Every room that a template names, with the code where that is written out as well."""
    drawn = environment("vi")
    for name in drawn.list_templates(["html"]):
        assert drawn.loader
        for each in drawn.parse(drawn.loader.get_source(drawn, name)[0]).find_all(nodes.Filter):
            said = (
                each.name == "map"
                and each.args
                and isinstance(each.args[0], nodes.Const)
                and each.args[0].value == "said"
            )
            room = each.args[1 if said else 0] if said or each.name == "said" else None
            if isinstance(room, nodes.Const):
                yield str(room.value), str(each.node.value) if isinstance(each.node, nodes.Const) else ""


def _of_lists() -> dict[str, set[str]]:
    """Closed lists that are written down in the product."""
    lists: dict[str, Iterable[object]] = {
        "about": (*work.LISTS, *timeline.ABOUT), "box": work.LISTS, "empty": work.LISTS, "waits": WAITS, "number": rows.STATES,
        "addressee": Addressee, "role": Role, "journey": JourneyState, "decide": COORDINATED, "state": (*TaskState, "claimed"),
        "channel": ("in_app", SmtpMailer.name, Webhook.name), "delivery": rungs.WORST,
        "day": get_args(DayAsk.model_fields["kind"].annotation), "escalation": escalations.BOXES, "no-escalation": escalations.BOXES,
        "failure": (*get_args(MailCode), *get_args(WebhookCode), CHANNEL_OFF, NO_ADDRESS), "filter": signature(listed.wanted).parameters,
        "handed": voucher({}), "identity": IDENTITY, "language": SPOKEN, "paper": PAPERS, "start": typed.STEPS, "to": get_args(Recipient),
        "request": get_args(Asked.model_fields["kind"].annotation), "unit": decided.UNITS, "urgency": mine.GROUPS, "wish": typed.WISHES,
        "sure": (*acts.READ_BACK, "danger"), "way": get_args(WayOfReturn), "wished": get_args(WishBody.model_fields["wish"].annotation),
        "eligibility": re.findall(r"eligibility:(\w+)", getsource(rule_words)), "stage": {stage.code for plan in PLANS for stage in plan.stages},
        "rule": {rule.part for plan in PLANS for rule in rules(plan, "vi")},
    }  # fmt: skip
    return {name: {str(each) for each in codes} for name, codes in lists.items()} | {
        f"reason-{act}": set(codes) for act, codes in REASONS.items()
    }


def _of_casework(found: Code) -> dict[str, set[str]]:
    """What is written into journals, logs, notices and rows."""
    reasons: dict[str, set[str]] = {"return": set(RETURN_REASONS), told.OWN: set()}
    events = (each for _, each in found.each("activities.casework.journal.write", "event"))
    for event, (_, given) in zip(events, found.each("activities.casework.journal.write", "reason"), strict=True):
        plain = {each for each in given if not each.startswith((GIVEN_BACK, told.PAPER_MISSING))}
        for room in {told.REASONS.get(each, told.OWN) for each in event}:
            reasons.setdefault(room, set()).update(plain)
    reasons.pop("closing", None)
    logged = (
        found.said(f"activities.casework.administration.{name}", "act") for name in ("record", "record_by_command")
    )
    return reasons | {
        "event": found.said("activities.casework.journal.write", "event"),
        "notice": found.said("activities.casework.notices.notify", "code"),
        "decided": {
            each.value for each in COORDINATED if each is not DecisionKind.WITHDRAW
        },  # after which it is open again
        "act": set(REASONS) | set(DecisionKind) | set(decided.FIELDS) | set().union(*logged),
        "rung": _rungs(found),
        "closing": found.said("workflows.case.end", "reason"),
        "request-state": found.made(Request, "state")
        | found.said("activities.casework.requests.close", "state")
        | {"answered"},  # a request for facts is answered, not granted
        "correction": _corrections(found),
    }


def _of_reads(found: Code) -> dict[str, set[str]]:
    """What reads make of rows."""
    return {
        "presses": found.keys("api.reads.work.presses", "told"),
        "stands": found.entries("api.reads.results._item", "stands")
        | found.entries("api.reads.results.after", "stands"),
        "strip": found.returned("api.reads.strip._state"),
        "service": found.returned("api.reads.entitlements.state_of"),
    }


def _of_pages(found: Code) -> dict[str, set[str]]:
    """What pages say themselves: after an act, beside a field, above a sheet."""
    acts_ = zip(found.each(CARRIED_OUT, "said"), found.each(CARRIED_OUT, "act"), strict=True)
    carried = {text for (_, said), (_, act) in acts_ for text in said or {f"{each}-done" for each in act}}
    steps = {f"{role}-{number}" for role, most in STEPS.items() for number in range(1, most + 1)} | {"always"}
    return {
        "said": found.said("api.pages.show.to", "said") | carried,
        "guide": {*STEPS, *steps}
        | {f"{each}-title" for each in steps}
        | {f"{before}-{role}" for before in ("title", "intro") for role in STEPS},
        "absence": found.said("activities.casework.colleagues.unfit", "code"),
        "sheet": _of_sheets(found),
        "problem": _problems(found),
    }


def _rungs(found: Code) -> set[str]:
    return {rule.code for plan in PLANS for kind in plan.kinds for rule in plan.rungs(kind)} | found.made(Rung, "code")


def _corrections(found: Code) -> set[str]:
    changing = ("correcting", "correction_decisions", "corrections", "watching")
    changed = (found.put(f"activities.casework.{each}", "row.state") for each in changing)
    return found.made(Correction, "state") | set().union(*changed)


def _problems(found: Code) -> set[str]:
    """What stands beside a field: casework's own, and `unfit-` and the field for what a body of the interface refuses."""
    bodies = found.handed("api.pages.administration.sheet.checked")
    return found.made(FieldProblem, 1) | {
        f"unfit-{field.alias or name}" for body in bodies for name, field in body.model_fields.items()
    }


def _of_sheets(found: Code) -> set[str]:
    """Why a sheet is not read."""
    files = (found.made(RefusedError, 0, f"activities.security.files.{each}") for each in ("sheets", "apart"))
    pages = (found.made(InvalidError, 0, f"api.pages.starting.{each}") for each in ("importing", "preview"))
    return set().union(*files, *pages, found.made(ConflictError, 0, "activities.casework.drafts"))
