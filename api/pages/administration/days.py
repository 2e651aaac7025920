"""Holidays and swap days by year; what adding or taking away one does to running tasks is shown before it is done."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Path, Query, Response
from starlette.datastructures import FormData

from activities.casework.calendar_days import DayAsk, Moved, add_day, demand_day, remove_day
from activities.casework.context import Office
from activities.casework.errors import ConflictError, FieldProblem, InvalidError
from activities.casework.permits import demand
from activities.plan.access import Verb
from api.deps import Desk
from api.errors import status_of
from api.pages.administration.sheet import Sheet, ask, carry_out, checked, draw, given_of, misfits, typed
from api.pages.forms.drawn import Control
from api.pages.forms.reading import beside
from api.pages.show import show, to
from api.pages.visitor import Posted, Visitor, Visits, in_language_of
from api.pages.wording import Wording
from api.reads.calendar import days_of
from api.rest.calendar import DayBody
from api.words import marked

ROOM = "/administration/days"
TEXTS = ("kind", "name_vi", "name_en", "source")
SOURCE_HELP = marked("The decision that announces it; empty where it is your own office's choice.")
INSTEAD_HELP = marked("Only for a Saturday or Sunday that is worked: the weekday that is free for it.")
UNNAMED = "–"  # stands for a name that is missing while the rest is looked over
router = APIRouter(prefix=ROOM, include_in_schema=False)


@router.get("")
async def year(visitor: Visits, year: Annotated[int, Query(ge=0, le=2200)] = 0) -> Response:
    """The days of one year."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.ADMINISTER)
        found = days_of(desk, year or desk.office.today().year)
        return await show(visitor, desk, "administration/days.html", days=found, today=desk.office.today(), refused="")


@router.get("/new")
async def new(visitor: Visits) -> Response:
    """The empty form."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.ADMINISTER)
        sheet = await _adding(desk, Wording(in_language_of(visitor, desk).language))
        return await draw(visitor, desk, sheet, {"kind": "holiday"})


@router.post("/check")
async def check(visitor: Visits, form: Posted) -> Response:
    """What it would do: carried out and taken back in one breath, so that the numbers are those of the act itself; or the form again."""
    given = _given(form)
    if form.get("step") == "edit":
        async with visitor.desk() as desk:
            demand(desk.actor, Verb.ADMINISTER)
            sheet = await _adding(desk, Wording(in_language_of(visitor, desk).language))
            return await draw(visitor, desk, sheet, given)
    try:
        async with visitor.desk(alone=True) as desk:
            wanted = _ask(desk.office, given)
            moved = await _tried(desk, wanted)
            return await show(
                visitor, desk, "administration/day_check.html", given=given, day=wanted, moved=moved, key=str(uuid4())
            )
    except InvalidError as refusal:
        async with visitor.desk() as desk:
            sheet = await _adding(desk, Wording(in_language_of(visitor, desk).language))
            return await draw(visitor, desk, sheet, given, refusal)


@router.post("")
async def add(visitor: Visits, form: Posted) -> Response:
    """Add it; each office whose dates move is told."""
    given = _given(form)

    async def work(desk: Desk) -> dict[str, Any]:
        row, moved = await add_day(desk.session, desk.office, desk.actor, _ask(desk.office, given))
        return {"year": row.day.year} | asdict(moved)

    done = await carry_out(visitor, form, "days", _adding, given, work)
    return done if isinstance(done, Response) else to(f"{ROOM}?year={done['year']}", "day-added")


@router.get("/{day}/remove")
async def remove_form(day: Annotated[date, Path()], visitor: Visits) -> Response:
    """What taking it away would do, or why it cannot be taken away."""
    try:
        async with visitor.desk(alone=True) as desk:
            nested = await desk.session.begin_nested()
            moved = await remove_day(desk.session, desk.office, desk.actor, day)
            await nested.rollback()
    except (ConflictError, InvalidError) as refusal:
        return await _kept(visitor, day, refusal)
    async with visitor.desk() as desk:
        return await draw(visitor, desk, _removing(Wording(in_language_of(visitor, desk).language), day, moved), {})


@router.post("/{day}/remove")
async def remove(day: Annotated[date, Path()], visitor: Visits, _form: Posted) -> Response:
    """Take an added day away again."""
    try:
        async with visitor.desk(alone=True) as desk:
            await remove_day(desk.session, desk.office, desk.actor, day)
    except (ConflictError, InvalidError) as refusal:
        return await _kept(visitor, day, refusal)
    return to(f"{ROOM}?year={day.year}", "day-removed")


async def _kept(visitor: Visitor, day: date, refusal: ConflictError | InvalidError) -> Response:
    """The list of that year, and in words why the day stays in it."""
    async with visitor.desk() as desk:
        wording = Wording(in_language_of(visitor, desk).language)
        about = {"day": wording.day(day)}
        slips = beside(refusal.problems, about, wording) if isinstance(refusal, InvalidError) else {}
        return await show(
            visitor, desk, "administration/days.html", status_of(refusal), days=days_of(desk, day.year), today=desk.office.today(),
            refused=f"{wording.day(day)}: {slips.get('day') or wording.gettext(refusal.code)}",
        )  # fmt: skip


async def _tried(desk: Desk, wanted: DayAsk) -> Moved:
    nested = await desk.session.begin_nested()
    _, moved = await add_day(desk.session, desk.office, desk.actor, wanted)
    await nested.rollback()
    return moved


def _given(form: FormData) -> dict[str, Any]:
    days = tuple(Control(name, "date", "", "", required=False) for name in ("day", "instead_of"))
    return given_of(form, TEXTS) | typed(days, form)


def _ask(office: Office, given: dict[str, Any]) -> DayAsk:
    """The day as the JSON interface takes it; InvalidError with all that is missing or wrong."""
    swapped = (given["kind"] == "swap") == bool(given["instead_of"])
    body = {
        "day": given["day"], "kind": given["kind"] if swapped else "holiday", "source": given["source"], "local": not given["source"],
        "name": {"vi": given["name_vi"] or UNNAMED, "en": given["name_en"] or UNNAMED},
        "instead_of": (given["instead_of"] or None) if swapped else None,
    }  # fmt: skip
    slips = [FieldProblem((name,), "missing", "is missing") for name in ("name_vi", "name_en") if not given[name]]
    if not swapped:
        slips.append(FieldProblem(("instead_of",), "unfit-instead_of", "goes with a swap day"))
    unread = misfits(DayBody, body)
    if not unread and swapped:
        slips += _out_of_place(office, _day_of(body))
    checked(DayBody, body, slips)
    return _day_of(body)


def _day_of(body: dict[str, Any]) -> DayAsk:
    sound = DayBody.model_validate(body)
    return DayAsk(name_vi=sound.name.vi, name_en=sound.name.en, **sound.model_dump(exclude={"name", "local"}))


def _out_of_place(office: Office, wanted: DayAsk) -> tuple[FieldProblem, ...]:
    try:
        demand_day(office, wanted)
    except InvalidError as refusal:
        return refusal.problems
    return ()


async def _adding(_desk: Desk, wording: Wording) -> Sheet:
    kinds = [(code, wording.said(code, "day")) for code in ("holiday", "swap")]
    fields = (
        ask(wording, "day", marked("Day"), "date", required=True),
        ask(wording, "kind", marked("What kind of day"), "one", options=kinds, required=True),
        ask(wording, "name_vi", marked("Name in Vietnamese"), required=True),
        ask(wording, "name_en", marked("Name in English"), required=True),
        ask(wording, "source", marked("Announced by"), help_=SOURCE_HELP),
        ask(wording, "instead_of", marked("Worked for"), "date", INSTEAD_HELP),
    )
    title, look = wording.gettext(marked("Add a day")), wording.gettext(marked("See what it does"))
    return Sheet(title, f"{ROOM}/check", fields, look, (ROOM, wording.gettext(marked("Holidays and swap days"))))


def _removing(wording: Wording, day: date, moved: Moved) -> Sheet:
    told = wording.gettext(marked("%(moved)s running tasks get another date, %(kept)s keep theirs because the new one would have passed.")) % asdict(moved)  # fmt: skip
    title = wording.gettext(marked("Take the day away"))
    back = (f"{ROOM}?year={day.year}", wording.gettext(marked("Holidays and swap days")))
    return Sheet(f"{title}: {wording.day(day)}", f"{ROOM}/{day}/remove", (), title, back, (told,))
