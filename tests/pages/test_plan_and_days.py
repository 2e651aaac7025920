"""Days and rules: what an act does is shown before it; every rule says where it comes from."""

import re

import httpx
import pytest
from sqlalchemy import func, select

from activities.casework.context import Office
from activities.store.calendar import CalendarDay
from activities.store.engine import Sessions
from activities.store.journal import JournalEntry
from activities.store.tasks import Task
from tests.api.test_officers_day import opened, reported
from tests.build.pages import form, text
from tests.pages.conftest import Browse
from tests.pages.test_administration import send

__all__ = ("reported",)
ROOM = "/administration"


@pytest.fixture
async def keeper(browse: Browse) -> httpx.AsyncClient:
    """The administrator at a browser."""
    return await browse("administrator")


async def test_the_effect_of_a_day_is_shown_and_nothing_is_done_yet(
    keeper: httpx.AsyncClient, sessions: Sessions, office: Office, reported: str
) -> None:
    """The administrator reads how many dates move before anybody's date moves; the act then does just that."""
    task = await opened(sessions, office, reported, "request_identification")
    async with sessions() as session:
        due = (await session.get_one(Task, task)).due_at
    day = office.calendar.day_of(due)
    typed = {"day": f"{day:%d/%m/%Y}", "kind": "holiday", "name_vi": "Nghỉ thêm", "name_en": "Extra day off"}
    shown = await send(keeper, f"{ROOM}/days/new", f"{ROOM}/days/check", **typed)
    assert "Running tasks that get another date: 1" in text(shown.text), shown.text
    async with sessions() as session:
        assert due == (await session.get_one(Task, task)).due_at
        assert 0 == await session.scalar(select(func.count()).select_from(CalendarDay))
        moved = select(func.count()).select_from(JournalEntry).where(JournalEntry.event == "task-due-recomputed")
        assert 0 == await session.scalar(moved)
    done = await keeper.post(f"{ROOM}/days", data=form(shown.text, f"{ROOM}/days"))
    assert f"{ROOM}/days?year={day.year}&said=day-added" == done.headers["location"]
    async with sessions() as session:
        assert due < (await session.get_one(Task, task)).due_at
    away = f"{ROOM}/days/{day}/remove"
    assert "1 running tasks get another date" in text((await keeper.get(away)).text)
    assert 303 == (await send(keeper, away, away)).status_code
    async with sessions() as session:
        assert due == (await session.get_one(Task, task)).due_at


async def test_what_was_typed_can_be_changed_after_its_effect_was_seen(keeper: httpx.AsyncClient) -> None:
    """A slip that is seen in the readback costs no second form."""
    typed = {"day": "11/03/2024", "kind": "holiday", "name_vi": "Nghỉ them", "name_en": "Extra day"}
    shown = await send(keeper, f"{ROOM}/days/new", f"{ROOM}/days/check", **typed)
    fields = form(shown.text, f"{ROOM}/days")
    again = await keeper.post(f"{ROOM}/days/check", data=fields | {"step": "edit"})
    assert 200 == again.status_code
    assert all(f'value="{each}"' in again.text for each in ("11/03/2024", "Nghỉ them", "Extra day"))
    assert "What it does" not in text(again.text)


async def test_a_day_that_cannot_be_taken_away_says_why(keeper: httpx.AsyncClient) -> None:
    """While a Saturday is worked for it, and while it is of the shipped list: in words, above the list it stays in."""
    holiday = {"day": "12/03/2024", "kind": "holiday", "name_vi": "Nghỉ", "name_en": "Off"}
    swap = {"day": "16/03/2024", "kind": "swap", "name_vi": "Bù", "name_en": "Worked", "instead_of": "12/03/2024"}
    for typed in (holiday, swap):
        shown = await send(keeper, f"{ROOM}/days/new", f"{ROOM}/days/check", **typed)
        await keeper.post(f"{ROOM}/days", data=form(shown.text, f"{ROOM}/days"))
    taken = form((await keeper.get(f"{ROOM}/days/2024-03-16/remove")).text, f"{ROOM}/days/2024-03-16/remove")
    for answer in (
        await keeper.get(f"{ROOM}/days/2024-03-12/remove"),
        await keeper.post(f"{ROOM}/days/2024-03-12/remove", data=taken),
    ):
        told = "12/03/2024: Another day is worked in its place: take that one away first."
        assert (422, True) == (answer.status_code, told in text(answer.text))
        assert f'href="{ROOM}/days/2024-03-16/remove"' in answer.text
    shipped = await keeper.get(f"{ROOM}/days/2024-04-18/remove")
    assert (409, True) == (shipped.status_code, "This day is of the shipped list" in text(shipped.text))
    assert "12/03/2024" in text((await keeper.get(f"{ROOM}/log")).text)


async def test_a_day_that_does_not_fit_is_told_beside_its_field(keeper: httpx.AsyncClient) -> None:
    """A Saturday is no holiday, and a swap day says for which day it is worked."""
    typed = {"day": "09/03/2024", "kind": "holiday", "name_vi": "x", "name_en": "x"}
    saturday = await send(keeper, f"{ROOM}/days/new", f"{ROOM}/days/check", **typed)
    assert (422, True) == (saturday.status_code, "A Saturday or Sunday is free anyway." in saturday.text)
    swap = await send(keeper, f"{ROOM}/days/new", f"{ROOM}/days/check", **typed | {"kind": "swap"})
    assert "A swap day names the weekday" in swap.text


async def test_every_rule_of_a_plan_stands_with_its_source(keeper: httpx.AsyncClient) -> None:
    """A lawyer reads on one page what the law says, what is our own choice, and what nobody knows."""
    page = (await keeper.get(f"{ROOM}/plans/plan-2024")).text
    assert 302 == page.partition('aria-labelledby="rules"><table>')[2].count('<tr><th scope="row">')
    assert 3 == page.count("/set?path=")
    assert all(
        each in page for each in ("SOURCE UNKNOWN", "local", "<svg", "2024 plan of Vĩnh Cửu district, section IV.2")
    )
    assert " style=" not in page


async def test_an_unknown_rule_is_set_and_the_versions_compared(keeper: httpx.AsyncClient) -> None:
    """What was found out is in force for who comes from now on; the page says what changed, and only that."""
    page = (await keeper.get(f"{ROOM}/plans/plan-2024")).text
    here = re.findall(r'href="([^"]+/set\?path=kinds\.approve_support\.clock)"', page)[0]
    empty = await send(keeper, here, here, cites="", budget="")
    assert (422, True) == (empty.status_code, "Say which article says so." in empty.text)
    unread = await send(keeper, here, here, cites="Điều 1", budget="five days")
    assert "Write the length as PT4H" in unread.text
    done = await send(keeper, here, here, cites="Thông tư thử nghiệm, Điều 1", budget="P7WD")
    assert done.headers["location"].endswith("&said=rule-set"), done.text
    compared = (await keeper.get(done.headers["location"])).text
    changes = compared.partition('id="changed"')[2].partition("</table>")[0]
    assert 1 == changes.count('<tr><th scope="row">')
    assert all(each in changes for each in ("SOURCE UNKNOWN", "7 working days", "Thông tư thử nghiệm, Điều 1"))
    assert 404 == (await keeper.get(here)).status_code


async def test_words_nobody_has_confirmed_are_listed(keeper: httpx.AsyncClient) -> None:
    """A serving officer reads them in both languages before they go out."""
    page = text((await keeper.get(f"{ROOM}/plans/wording")).text)
    assert "receive_person Tiếp nhận ban đầu" in page


async def test_a_head_writes_how_their_office_is_reached(browse: Browse) -> None:
    """Whoever is stuck finds a number that is answered; another office's is not theirs to write."""
    head = await browse("medical-centre.head")
    page = (await head.get("/contacts")).text
    assert ["/contacts/medical-centre"] == re.findall(r'class="act" href="(/contacts/[^"]+)"', page)
    fields = form((await head.get("/contacts/medical-centre")).text, "/contacts/medical-centre")
    typed = {"phone": "0251 000 000", "hours": "7:30-17:00", "on_call": ["medical-centre.officer"]}
    wrong = await head.post("/contacts/medical-centre", data=fields | typed | {"phone": "ask Lan"})
    assert (422, True) == (wrong.status_code, 'value="ask Lan"' in wrong.text)
    done = await head.post("/contacts/medical-centre", data=fields | typed)
    assert "/contacts?said=contact-written" == done.headers["location"], done.text
    read = text((await (await browse("justice-division.officer")).get("/contacts")).text)
    assert "0251 000 000 7:30-17:00 medical-centre.officer (synthetic)" in read
    assert 404 == (await head.get("/contacts/justice-division")).status_code
