"""What was done on paper before the journey is opened here: chosen from the plan, answered by the form of its kind."""

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from activities.casework.drafts import keep_typed, own_draft, typed_in
from activities.casework.errors import FieldProblem, InvalidError, NotFoundError
from api.deps import Desk
from api.pages.forms.drawn import Control, draw
from api.pages.forms.reading import beside, read
from api.pages.show import show, to
from api.pages.starting.steps import onward, step
from api.pages.starting.typed import PAPERS, Typed, done, kinds_of, plan_of, text
from api.pages.visitor import Posted, Visitor, Visits, in_language_of
from api.pages.wording import Wording
from api.words import marked

router = APIRouter(prefix="/journeys/start/{draft_id}/done", include_in_schema=False)
PAPER = {
    "happened_day": marked("When it was done"), "paper_number": marked("Number of the paper"),
    "paper_date": marked("Date of the paper"), "paper_signer": marked("Who signed it"),
}  # fmt: skip
NOTHING_CHOSEN = FieldProblem(("kind",), "enum", "no kind was chosen")


@router.get("")
async def before(draft_id: str, visitor: Visits) -> Response:
    """What is entered so far, and what may be."""
    return await _entered(visitor, draft_id)


@router.post("")
async def go(draft_id: str, visitor: Visits, form: Posted) -> Response:
    """On, back, to the form of the kind that was chosen, or one entry less. Whoever chose a kind and goes on means to enter it."""
    chosen, less, pressed = text(form, "kind"), text(form, "less"), form.get("go")
    if pressed in ("enter", "next") and chosen.isidentifier():
        return to(f"/journeys/start/{draft_id}/done/{chosen}")
    if pressed == "enter":
        return await _entered(visitor, draft_id, InvalidError("report-invalid", (NOTHING_CHOSEN,)))
    if less:
        async with visitor.desk() as desk:
            draft = await own_draft(desk.session, desk.actor, draft_id, "start")
            typed = typed_in(desk.office, draft)
            typed["done"] = [each for each in typed["done"] if each["kind"] != less]
            keep_typed(desk.office, draft, typed)
        return to(f"/journeys/start/{draft_id}/done")
    return onward(draft_id, form, "done")


@router.get("/{kind}")
async def one(draft_id: str, kind: str, visitor: Visits) -> Response:
    """The form of one kind, with what was entered."""
    async with visitor.desk() as desk:
        draft = await own_draft(desk.session, desk.actor, draft_id, "start")
        typed = typed_in(desk.office, draft)
        empty = {"kind": kind, "day": "", "hour": "", "outcome": {}} | dict.fromkeys(PAPERS, "")
        given = next((each for each in typed["done"] if each["kind"] == kind), empty)
        return await _form(visitor, desk, draft_id, typed, given)


@router.post("/{kind}")
async def send(draft_id: str, kind: str, visitor: Visits, form: Posted) -> Response:
    """Keep one entry, once it fits."""
    async with visitor.desk() as desk:
        draft = await own_draft(desk.session, desk.actor, draft_id, "start")
        typed = typed_in(desk.office, draft)
        given = _given(_controls(visitor, desk, typed, kind), kind, form)
        try:
            done(desk, plan_of(desk, typed), given)
        except InvalidError as refusal:
            return await _form(visitor, desk, draft_id, typed, given, refusal)
        typed["done"] = [each for each in typed["done"] if each["kind"] != kind] + [given]
        keep_typed(desk.office, draft, typed)
    return to(f"/journeys/start/{draft_id}/done")


async def _entered(visitor: Visitor, draft_id: str, refusal: InvalidError | None = None) -> Response:
    async with visitor.desk() as desk:
        draft = await own_draft(desk.session, desk.actor, draft_id, "start")
        typed = typed_in(desk.office, draft)
        plan, entered = plan_of(desk, typed), {each["kind"] for each in typed["done"]}
        return await step(
            visitor, desk, draft_id, typed, "done", refusal, kinds={kind.code: kind.label for kind in plan.kinds},
            choice=[code for code in kinds_of(plan) if code not in entered],
        )  # fmt: skip


def _controls(visitor: Visitor, desk: Desk, typed: Typed, kind: str) -> tuple[Control, ...]:
    """The form of a kind of the plan; NotFoundError for another."""
    if kind not in kinds_of(plan_of(desk, typed)):
        raise NotFoundError("not-found")
    return draw(desk.office.registry[kind].outcome, in_language_of(visitor, desk).language)


def _given(controls: tuple[Control, ...], kind: str, form: FormData) -> Typed:
    when = {"day": text(form, "happened_day"), "hour": text(form, "happened_hour")}
    return when | {name: text(form, name) for name in PAPERS} | {"kind": kind, "outcome": read(controls, form)}


async def _form(
    visitor: Visitor, desk: Desk, draft_id: str, typed: Typed, given: Typed, refusal: InvalidError | None = None
) -> Response:
    wording = Wording(in_language_of(visitor, desk).language)
    controls, plan = _controls(visitor, desk, typed, given["kind"]), plan_of(desk, typed)
    papers = {name: wording.gettext(label) for name, label in PAPER.items()}
    labels = papers | {each.name: each.label for each in controls}
    problems = beside(refusal.problems, labels, wording) if refusal else {}
    return await show(
        visitor, desk, "starting/paper.html", 422 if refusal else 200, draft=draft_id, given=given, controls=controls,
        kind=plan.kind(given["kind"]), papers=papers, problems=problems, labels=labels,
    )  # fmt: skip
