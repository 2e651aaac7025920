"""Away from when to when, and who stands in: recorded, read back before it counts, listed, and ended."""

from datetime import date
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Query, Response
from starlette.datastructures import FormData

from activities.casework.absences import end_absence, record_absence
from activities.casework.errors import CaseError, ConflictError, FieldProblem, InvalidError
from activities.store.organisations import Officer
from api.deps import Desk
from api.errors import AnsweredError, status_of
from api.pages.forms.reading import beside, day_of
from api.pages.show import show, to
from api.pages.visitor import Posted, Visitor, Visits, in_language_of
from api.pages.wording import Wording
from api.reads import absences as reads
from api.reads import leaving
from api.sorting import by_name, sort_key
from api.words import marked

router = APIRouter(prefix="/absences", include_in_schema=False)
PER_PAGE = 50
LABELS = {
    "since": marked("First day away"),
    "until": marked("Last day away"),
    "substitute": marked("Who stands in"),
}
Given = dict[str, str]


@router.get("")
async def listed(
    visitor: Visits,
    officer: Annotated[str, Query(max_length=60, alias="for")] = "",
    cursor: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """The form, and who is or will be away; a head chooses for whom."""
    async with visitor.desk() as desk:
        return await _page(visitor, desk, {"for": officer}, cursor=cursor)


@router.post("")
async def send(visitor: Visits, form: Posted) -> Response:
    """Record it once it was read back; before that, show what it would do. What was typed stays when it is refused."""
    given = {name: str(form.get(name, ""))[:60].strip() for name in ("for", *LABELS)}
    try:
        async with visitor.desk(alone=True) as desk:
            if not form.get("sure"):
                return await _read_back(visitor, desk, given, _key(form))

            async def work() -> dict[str, Any]:
                return {"id": await _record(desk, given)}

            await desk.once(_key(form), "absences", given, 201, work)
    except AnsweredError:
        pass
    except (ConflictError, InvalidError) as refusal:
        async with visitor.desk() as desk:
            return await _page(visitor, desk, given, refusal)
    return to("/absences", "absence-recorded")


@router.post("/{absence_id}/end")
async def end(absence_id: str, visitor: Visits, _: Posted) -> Response:
    """The officer is back, or does not leave at all."""
    async with visitor.desk(alone=True) as desk:
        await end_absence(desk.session, desk.office, desk.actor, absence_id)
    return to("/absences", "absence-ended")


async def _record(desk: Desk, given: Given) -> str:
    """The absence's id; InvalidError or ConflictError as everybody gets them."""
    since, until = _days(given, desk.office.today())
    officer, _ = await leaving.leaver(desk, given["for"])
    for_other = "" if officer.id == desk.actor.officer_id else officer.username
    substitute = given["substitute"]
    return (await record_absence(desk.session, desk.office, desk.actor, for_other, since, until, substitute)).id


def _days(given: Given, today: date) -> tuple[date, date]:
    """The first and the last day; InvalidError names each that cannot be read or has passed."""
    found, problems = list[date](), list[FieldProblem]()
    for name in ("since", "until"):
        try:
            found.append(date.fromisoformat(day_of(given[name])))
            if found[-1] < today:
                problems.append(FieldProblem((name,), "absence-dates", "has passed"))
        except ValueError:
            code = "date_parsing" if given[name] else "missing"
            problems.append(FieldProblem((name,), code, "not a day"))
    if problems:
        raise InvalidError("absence-dates", tuple(problems))
    since, until = found
    if until < since:
        raise InvalidError(
            "absence-dates", (FieldProblem(("until",), "ends-before-it-begins", "before the first day"),)
        )
    return since, until


async def _read_back(visitor: Visitor, desk: Desk, given: Given, key: str) -> Response:
    """What would be recorded, and what it does to the tasks: tried by the same rules, and undone again."""
    since, until = _days(given, desk.office.today())
    found = await leaving.leaving(desk, given["for"], in_language_of(visitor, desk).language)
    officer, held = found.leaver, await leaving.held(desk, found.leaver)
    others, others_held = await leaving.stood_in_for(desk, found.leaver, since, until)
    trial = await desk.session.begin_nested()
    await _record(desk, given)
    await trial.rollback()
    named = [each.name for each in found.stand_ins if each.username == given["substitute"]]
    return await show(
        visitor, desk, "officer/absence_sure.html", given=given, key=key, since=since, until=until, held=held,
        leaver=officer, own=officer.id == desk.officer.id, substitute=named[0] if named else "",
        others=others, others_held=others_held,
    )  # fmt: skip


async def _page(
    visitor: Visitor, desk: Desk, given: Given, refusal: ConflictError | InvalidError | None = None, cursor: str = ""
) -> Response:
    wording = Wording(in_language_of(visitor, desk).language)
    labels = {name: wording.gettext(label) for name, label in LABELS.items()}
    found = await leaving.leaving(desk, given["for"], wording.language)
    return await show(
        visitor, desk, "officer/absences.html", status_of(refusal) if refusal else 200, labels=labels, key=str(uuid4()),
        given=dict.fromkeys(LABELS, "") | given, problems=_problems(refusal, labels, wording) if refusal else {},
        leaver=found.leaver, own=found.leaver.id == desk.officer.id,
        stand_ins=_in_order(found.stand_ins),
        staff=[(agency, _in_order(found.staff[agency])) for agency in sorted(found.staff, key=sort_key)],
        page=await reads.page(desk, cursor, PER_PAGE),
    )  # fmt: skip


def _problems(refusal: CaseError, labels: Given, wording: Wording) -> Given:
    """The refusal in words, beside the field it is about."""
    if refusal.code == "officer-unfit" and isinstance(refusal, InvalidError):
        return {"substitute": wording.said(refusal.problems[0].code, "absence")}
    if isinstance(refusal, InvalidError) and refusal.problems:
        return beside(refusal.problems, labels, wording)
    if refusal.code == "absence-overlaps":
        winner: Any = refusal.facts["winner"]
        text = wording.gettext("Already away from %(first)s to %(last)s: end that absence first, or choose other days.")
        return {"since": text % {"first": wording.iso_day(winner["from"]), "last": wording.iso_day(winner["to"])}}
    if refusal.code == "would-strand-tasks":
        text = wording.gettext(
            "On %(day)s nobody would be there for the agency's open tasks (%(number)s). "
            "Have them given to another agency first, or ask the administrator to enter another officer."
        )
        return {"": text % {"day": wording.iso_day(refusal.facts["on"]), "number": refusal.facts["tasks"]}}
    return {"since": wording.gettext(refusal.code)}


def _in_order(officers: list[Officer]) -> list[Officer]:
    return by_name(officers, lambda each: each.name)


def _key(form: FormData) -> str:
    return str(form.get("key", ""))[:200] or str(uuid4())
