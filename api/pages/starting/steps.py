"""The steps of a start: who, how they came, what they want, what is done already; each is kept as it is sent."""

from typing import Any, get_args

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from activities.casework.drafts import keep_typed, own_draft, typed_in
from activities.casework.errors import InvalidError
from activities.casework.journeys import WayOfReturn
from api.deps import Desk
from api.pages.communes import communes
from api.pages.forms.reading import beside
from api.pages.report import LABELS
from api.pages.show import show, to
from api.pages.starting import typed as read
from api.pages.starting.known import KnownAlready, known
from api.pages.starting.typed import FIELDS, MOST_CONSENTS, STEPS, WISHES, Typed
from api.pages.visitor import Posted, Visitor, Visits, in_language_of
from api.pages.wording import Wording
from api.reads import duplicates
from api.words import marked

router = APIRouter(prefix="/journeys/start/{draft_id}", include_in_schema=False)
MORE = LABELS | {
    "residence_commune": marked("Commune where the person lives"), "declaration": marked("The person has written a declaration"),
    "papers": marked("Papers the person holds"), "kind": marked("What was done on paper"),
}  # fmt: skip
BESIDE = {
    "person": ("likely",),
    "came": ("communes",),
    "wishes": ("agencies",),
}  # what a step shows beside what is typed
OF_CONSENT = {"purpose": marked("For what"), "until": marked("Until (may stay empty)")}


@router.get("/person")
async def person(draft_id: str, visitor: Visits) -> Response:
    """Who came, if that may be written down; and whether they are known."""
    return await _read(visitor, draft_id, "person")


@router.get("/came")
async def came(draft_id: str, visitor: Visits) -> Response:
    """How and when."""
    return await _read(visitor, draft_id, "came")


@router.get("/wishes")
async def wishes(draft_id: str, visitor: Visits) -> Response:
    """What the person wants and agreed to."""
    return await _read(visitor, draft_id, "wishes")


@router.post("/person")
async def send_person(draft_id: str, visitor: Visits, form: Posted) -> Response:
    """Keep who came; where a journey may be theirs already, ask before going on."""
    async with visitor.desk() as desk:
        draft = await own_draft(desk.session, desk.actor, draft_id, "start")
        typed, found = typed_in(desk.office, draft), read.person_in(form)
        typed["other"] = form.get("go") == "other" or (typed["other"] and found == typed["person"])
        typed["person"] = found
        keep_typed(desk.office, draft, typed)
        if form.get("go") == "next" and not typed["other"] and (await duplicates.likely(desk, [found]))[0]:
            return await step(visitor, desk, draft_id, typed, "person")
    return onward(draft_id, form, "person")


@router.post("/came")
async def send_came(draft_id: str, visitor: Visits, form: Posted) -> Response:
    """Keep how the person came; going on needs it whole."""
    async with visitor.desk() as desk:
        draft = await own_draft(desk.session, desk.actor, draft_id, "start")
        typed = typed_in(desk.office, draft) | {"came": read.came_in(form)}
        keep_typed(desk.office, draft, typed)
        if form.get("go") == "next":
            try:
                read.came(desk, typed["came"], await codes(visitor, desk))
            except InvalidError as refusal:
                return await step(visitor, desk, draft_id, typed, "came", refusal)
    return onward(draft_id, form, "came")


@router.post("/wishes")
async def send_wishes(draft_id: str, visitor: Visits, form: Posted) -> Response:
    """Keep what the person wants and agreed to."""
    async with visitor.desk() as desk:
        draft = await own_draft(desk.session, desk.actor, draft_id, "start")
        said = {"wish": read.text(form, "wish"), "consents": read.consents_in(form)}
        typed = typed_in(desk.office, draft) | said
        keep_typed(desk.office, draft, typed)
        if form.get("go") == "next":
            try:
                read.consents(typed["consents"], desk.office.now())
            except InvalidError as refusal:
                return await step(visitor, desk, draft_id, typed, "wishes", refusal)
    return onward(draft_id, form, "wishes")


def onward(draft_id: str, form: FormData, now: str) -> Response:
    """Where the button that was pressed leads: on, back, once more, or away for today."""
    go, at = str(form.get("go", "next")), STEPS.index(now)
    if go == "later":
        return to("/journeys/start", "draft-kept")
    if go == "more":
        return to(f"/journeys/start/{draft_id}/{now}")
    return to(f"/journeys/start/{draft_id}/{STEPS[max(at - 1, 0) if go == 'back' else min(at + 1, len(STEPS) - 1)]}")


async def codes(visitor: Visitor, desk: Desk) -> set[str]:
    """Codes of the communes of today."""
    return {code for code, _ in await communes(desk, Wording(visitor.language))}


async def step(
    visitor: Visitor,
    desk: Desk,
    draft_id: str,
    typed: Typed,
    name: str,
    refusal: InvalidError | None = None,
    found: KnownAlready | None = None,
    **facts: Any,
) -> Response:
    """The page of a step with what was typed, what is known already (`found`, else what BESIDE names), and what does not fit."""
    wording = Wording(in_language_of(visitor, desk).language)
    if found is None and name in BESIDE:
        found = await known(desk, wording, *BESIDE[name], people=[typed["person"]])
    labels = {code: wording.gettext(label) for code, label in MORE.items()}
    for number in range(MOST_CONSENTS):
        labels |= {f"{code}{number}": wording.gettext(label) for code, label in OF_CONSENT.items()}
    problems = beside(refusal.problems, labels, wording) if refusal else {}
    return await show(
        visitor, desk, f"starting/{name}.html", 422 if refusal else 200, draft=draft_id, typed=typed, step=name, steps=STEPS,
        labels=labels, problems=problems, likely=found.likely[0] if found else [], identity=FIELDS, ways=get_args(WayOfReturn), wishes=WISHES,
        communes=found.communes if found else [], papers=read.papers_of(read.plan_of(desk, typed)), most=MOST_CONSENTS,
        agencies=found.agencies if found else [], **facts,
    )  # fmt: skip


async def _read(visitor: Visitor, draft_id: str, name: str) -> Response:
    async with visitor.desk() as desk:
        draft = await own_draft(desk.session, desk.actor, draft_id, "start")
        return await step(visitor, desk, draft_id, typed_in(desk.office, draft), name)
