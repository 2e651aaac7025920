"""What was typed into the steps, as it is kept; and what it comes to: the facts a journey begins with."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from starlette.datastructures import FormData

from activities.casework import answers
from activities.casework.beginnings import Agreed, Beginning
from activities.casework.consents import PAST
from activities.casework.errors import FieldProblem, InvalidError
from activities.casework.journeys import RECEPTION, AlreadyDone, Start
from activities.plan.model import IDENTITY, Plan
from api.deps import Desk
from api.pages.forms.reading import MIDNIGHT, day_of, last_moment_of, moment_of
from api.pages.report import TYPED, YES, report_of
from api.pages.spoken import spoken

Typed = dict[str, Any]
STEPS = ("person", "came", "wishes", "done", "check")
FIELDS = IDENTITY[:-1]  # the photo is a file, and comes with a task
PAPERS = ("paper_number", "paper_date", "paper_signer")  # of what was done before; no answer has fields of these names
WISHES = ("centre", "home", "stay")
MOST = 500  # letters of one field
MOST_CONSENTS = 5
EMPTY: Typed = {
    "person": {}, "other": False, "wish": "", "consents": [], "done": [],
    "came": dict.fromkeys((*TYPED, "residence_commune"), "") | dict.fromkeys((*YES, "declaration"), False) | {"language": "vi", "papers": []},
}  # fmt: skip


def text(form: FormData, name: str) -> str:
    """One field as it is kept."""
    return str(form.get(name, ""))[:MOST].strip()


def came_in(form: FormData) -> Typed:
    """How and when the person came."""
    words = {name: text(form, name) for name in (*TYPED, "residence_commune")}
    marks = {name: bool(form.get(name)) for name in (*YES, "declaration")}
    words["language"] = spoken(words["language"])
    return words | marks | {"papers": [str(each)[:MOST] for each in form.getlist("papers")]}


def person_in(form: FormData) -> dict[str, str]:
    """Who the person is: fields that are not empty."""
    return {name: found for name in FIELDS if (found := text(form, name))}


def consents_in(form: FormData) -> list[Typed]:
    """The consents that say what they are for."""
    found = [
        {
            "purpose": text(form, f"purpose{number}"),
            "recipients": [str(each)[:MOST] for each in form.getlist(f"recipients{number}")],
            "until": text(form, f"until{number}"),
            "language": spoken(text(form, f"language{number}")) or "vi",
        }
        for number in range(MOST_CONSENTS)
    ]
    return [each for each in found if each["purpose"] or each["recipients"] or each["until"]]


def plan_of(desk: Desk, typed: Typed) -> Plan:
    """The plan of the day the person came; today's where that is not known yet."""
    moment = moment_of(typed["came"]["happened_day"])
    day = desk.office.calendar.day_of(moment) if moment else desk.office.today()
    return desk.office.shelf.on(min(day, desk.office.today()))


def papers_of(plan: Plan) -> list[str]:
    """Papers some service of the plan asks for."""
    return sorted({paper for kind in plan.kinds for paper in kind.eligibility.papers})


def came(desk: Desk, given: Typed, communes: set[str]) -> Start:
    """How the person came, checked; InvalidError names each field."""
    problems, moment = list[FieldProblem](), moment_of(given["happened_day"], given["happened_hour"])
    try:
        report = report_of(given)
    except InvalidError as refusal:
        report, problems = None, list(refusal.problems)
    if moment and moment > desk.office.now():
        problems.append(FieldProblem(("happened_day",), "happened-in-future", "is to come"))
    named = {name: given[name] for name in ("commune", "residence_commune") if given[name]}
    problems += [
        FieldProblem((name,), "enum", "no such commune") for name, code in named.items() if code not in communes
    ]
    if problems or report is None:
        raise InvalidError("report-invalid", tuple(problems))
    more = {"residence_commune": given["residence_commune"], "declaration": given["declaration"]}
    return Start(**report.model_dump(), **more, papers=tuple(given["papers"]))


def consents(given: list[Typed], now: datetime) -> tuple[Agreed, ...]:
    """The consents, checked; each still holds."""
    problems, found = list[FieldProblem](), list[Agreed]()
    for number, each in enumerate(given):
        until = last_moment_of(each["until"])
        if not each["purpose"]:
            problems.append(FieldProblem((f"purpose{number}",), "missing", "is missing"))
        if each["until"] and until is None:
            problems.append(FieldProblem((f"until{number}",), "date_parsing", "not a day"))
        if until is not None and until <= now:
            problems.append(FieldProblem((f"until{number}",), PAST, "is past"))
        found.append(Agreed(each["purpose"], tuple(each["recipients"]), until, each["language"]))
    if problems:
        raise InvalidError("report-invalid", tuple(problems))
    return tuple(found)


def done(desk: Desk, plan: Plan, given: Typed) -> AlreadyDone:
    """One task done on paper, checked: its answer by its own model, its paper, its moment."""
    problems = list[FieldProblem]()
    moment, paper = moment_of(given["day"], given["hour"].strip() or MIDNIGHT), day_of(given["paper_date"])
    if moment is None:
        problems.append(FieldProblem(("happened_day",), "moment-unreadable", "not a day and an hour"))
    elif moment > desk.office.now():
        problems.append(FieldProblem(("happened_day",), "happened-in-future", "is to come"))
    problems += [
        FieldProblem((name,), "missing", "is missing") for name in ("paper_number", "paper_signer") if not given[name]
    ]
    if moment_of(given["paper_date"]) is None:
        problems.append(FieldProblem(("paper_date",), "date_parsing", "not a day"))
    try:
        if given["kind"] not in kinds_of(plan):
            problems.append(FieldProblem(("kind",), "enum", "not in the plan of that day"))
        else:
            answers.checked(desk.office, given["kind"], given["outcome"])
    except InvalidError as refusal:
        problems += refusal.problems
    if problems or moment is None:
        raise InvalidError("outcome-invalid", tuple(problems))
    document = {"number": given["paper_number"], "date": paper, "signer": given["paper_signer"]}
    return AlreadyDone(kind=given["kind"], happened_at=moment, document=document, outcome=given["outcome"])


def kinds_of(plan: Plan) -> list[str]:
    """Kinds that may have been done on paper before: all but the reception, which the start itself answers."""
    return [kind.code for kind in plan.kinds if kind.code != RECEPTION]


def beginning(desk: Desk, typed: Typed, communes: set[str]) -> Beginning:
    """All of it, checked once more; InvalidError where a step was left half done."""
    start, plan = came(desk, typed["came"], communes), plan_of(desk, typed)
    before = sorted((done(desk, plan, each) for each in typed["done"]), key=lambda each: each.happened_at)
    wish = typed["wish"] if typed["wish"] in WISHES else ""
    whole = start.model_copy(update={"already_done": tuple(before), "wish": wish})
    return Beginning(whole, consents(typed["consents"], desk.office.now()), typed["person"])


def lacking(desk: Desk, typed: Typed, communes: set[str]) -> Iterator[str]:
    """The steps in which something is still missing or does not fit."""
    plan = plan_of(desk, typed)
    checks: dict[str, Callable[[], object]] = {
        "came": lambda: came(desk, typed["came"], communes),
        "wishes": lambda: consents(typed["consents"], desk.office.now()),
        "done": lambda: [done(desk, plan, each) for each in typed["done"]],
    }
    for step, check in checks.items():
        try:
            check()
        except InvalidError:
            yield step
