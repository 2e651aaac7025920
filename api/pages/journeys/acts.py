"""What the coordinator records on a journey: wishes, a danger, a consent, one more round, the person, opening it again."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from activities.casework.consents import record_consent, still_ahead
from activities.casework.dangers import raise_danger
from activities.casework.errors import ConflictError, InvalidError, StaleError
from activities.casework.permits import demand, of_journey
from activities.casework.persons import write_person
from activities.casework.reopening import FROM, reopen
from activities.casework.rounds import ask_again
from activities.casework.wishes import CHOICE_FLAGS, CHOICES, record_wish
from activities.plan.access import Verb
from activities.plan.branches import opened_at
from activities.plan.model import IDENTITY
from api.deps import Desk, revision_in
from api.errors import AnsweredError
from api.pages.forms.reading import last_moment_of
from api.pages.forms.short import needed, together
from api.pages.journeys.one import page, person_of
from api.pages.show import show, to
from api.pages.spoken import spoken
from api.pages.visitor import Posted, Visitor, Visits
from api.reads import journeys
from api.reads.journey import belongings, detail, whole_of

router = APIRouter(prefix="/journeys/{journey_id}", include_in_schema=False)
READ_BACK = ("withdraw", "refuse_service")  # wishes that close tasks are read back first
MOST = 500


@router.post("/wishes")
async def wish(journey_id: str, visitor: Visits, form: Posted) -> Response:
    """Record what the person wants; what closes tasks is read back before it is done."""
    what, value = _text(form, "wish"), _text(form, "value")
    if what in READ_BACK and not form.get("sure"):
        async with visitor.desk() as desk:
            whole = await detail(desk, journey_id)
            closing = [each for each in whole["tasks"] if each["state"] in ("open", "paused", "returned")]
            if what == "refuse_service":
                closing = [each for each in closing if each["kind"] == value]
            return await show(
                visitor,
                desk,
                "coordinator/sure.html",
                journey=whole,
                wish=what,
                value=value,
                closing=closing,
                key=_key(form),
            )
    flags = [name for name in CHOICE_FLAGS if form.get(name)]

    async def work(desk: Desk) -> dict[str, Any]:
        together(choice=needed(what != "choice" or value in CHOICES, "choice-unknown"))
        row = await record_wish(desk.session, desk.office, desk.actor, journey_id, what, value, flags)
        return {"id": row.id}

    return await _done(visitor, form, journey_id, "wishes", "wish-recorded", work)


@router.post("/dangers")
async def danger(journey_id: str, visitor: Visits, form: Posted) -> Response:
    """Raise a danger: protection opens at once, so it is read back first; who changes their mind keeps what was typed."""
    note, step = _text(form, "note", 4000), form.get("step")
    if step != "send":
        async with visitor.desk() as desk:
            if step == "edit":
                return await page(visitor, desk, journey_id, note=note)
            return await _alarm(visitor, desk, journey_id, note, _key(form))

    async def work(desk: Desk) -> dict[str, Any]:
        row = await raise_danger(desk.session, desk.office, desk.actor, journey_id, note)
        return {"id": row.id}

    return await _done(visitor, form, journey_id, "dangers", "danger-raised", work)


async def _alarm(visitor: Visitor, desk: Desk, journey_id: str, note: str, key: str) -> Response:
    """What a danger would open, for whoever may raise one."""
    journey = await journeys.one(desk, journey_id)
    demand(desk.actor, Verb.RAISE_DANGER, await of_journey(desk.session, journey))
    plan = await desk.office.shelf.ensure(desk.session, journey.plan_hash)
    whole = await whole_of(desk, journey, await belongings(desk, journey))
    return await show(
        visitor, desk, "coordinator/sure.html", journey=whole, wish="danger", value=note,
        closing=[], opens=[kind.label for kind in opened_at("danger", plan)], key=key,
    )  # fmt: skip


@router.post("/consents")
async def consent(journey_id: str, visitor: Visits, form: Posted) -> Response:
    """Record what the person agreed to, and with whom it may be shared."""

    async def work(desk: Desk) -> dict[str, Any]:
        until = last_moment_of(_text(form, "until"))
        together(
            purpose=needed(_text(form, "purpose"), "missing"),
            until=lambda: (
                still_ahead(desk.office, until) if until else needed(not _text(form, "until"), "date_parsing")()
            ),
        )
        row = await record_consent(
            desk.session, desk.office, desk.actor, journey_id, _text(form, "purpose"),
            [str(each) for each in form.getlist("recipients")], until, spoken(_text(form, "language")) or "vi",
        )  # fmt: skip
        return {"id": row.id}

    return await _done(visitor, form, journey_id, "consents", "consent-recorded", work)


@router.post("/again")
async def again(journey_id: str, visitor: Visits, form: Posted) -> Response:
    """Ask a repeatable task once more."""

    async def work(desk: Desk) -> dict[str, Any]:
        kind = _text(form, "kind")
        return {"kind": kind, "round": await ask_again(desk.session, desk.office, desk.actor, journey_id, kind)}

    return await _done(visitor, form, journey_id, "tasks", "asked-again", work)


@router.post("/reopen")
async def open_again(journey_id: str, visitor: Visits, form: Posted) -> Response:
    """Open a closed journey again from a stage on."""

    async def work(desk: Desk) -> dict[str, Any]:
        stage, reason = _text(form, "stage"), _text(form, "reason")
        together(
            stage=needed(stage in FROM, "stage-not-reopenable"),
            reason=needed(reason, "reason-missing"),
        )
        row = await reopen(desk.session, desk.office, desk.actor, journey_id, reason, stage)
        return {"id": row.id}

    return await _done(visitor, form, journey_id, "reopen", "reopened", work)


@router.post("/person")
async def write(journey_id: str, visitor: Visits, form: Posted) -> Response:
    """Write down who the person is; an empty field is left as it was. What is refused stays beside what stands now."""
    fields = {name: text for name in IDENTITY if (text := _text(form, name))}
    revision = revision_in(_text(form, "revision") or "0")
    try:
        async with visitor.desk() as desk:
            await write_person(desk.session, desk.office, desk.actor, journey_id, revision or None, fields)
    except (ConflictError, StaleError, InvalidError) as refusal:
        async with visitor.desk() as desk:
            person, revision = await person_of(desk, journey_id)  # as another may have written it meanwhile
            return await page(
                visitor, desk, journey_id, refusal=refusal, person=person, person_revision=revision, sent={"person": fields}
            )  # fmt: skip
    return to(f"/journeys/{journey_id}", "person-written")


async def _done(
    visitor: Visitor,
    form: FormData,
    journey_id: str,
    route: str,
    said: str,
    work: Callable[[Desk], Awaitable[dict[str, Any]]],
) -> Response:
    """Do it once; a refusal is told on the journey's page, where what was typed stays."""
    body = {name: form.getlist(name) for name in form if name not in ("csrf", "key")}
    try:
        async with visitor.desk() as desk:
            await desk.once(_key(form), f"{route}/{journey_id}", body, 201, lambda: work(desk))
    except AnsweredError:
        pass
    except (ConflictError, StaleError, InvalidError) as refusal:
        async with visitor.desk() as desk:
            note = _text(form, "note", 4000)
            return await page(visitor, desk, journey_id, refusal=refusal, note=note, sent={route: body})
    return to(f"/journeys/{journey_id}", said)


def _text(form: FormData, name: str, most: int = MOST) -> str:
    return str(form.get(name, ""))[:most].strip()


def _key(form: FormData) -> str:
    return _text(form, "key") or str(uuid4())
