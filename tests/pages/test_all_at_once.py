"""A short form that does not fit tells all of it at once: each slip beside its field, and in the summary that takes the focus."""

import re

import httpx
import pytest

from activities.casework.context import Office
from activities.plan.checks import unknown_rules
from activities.plan.load import load_plan, shipped
from activities.store.engine import Sessions
from tests.build.officers import PASSWORD
from tests.build.pages import form
from tests.casework.times import opened_kind
from tests.pages.conftest import Browse

ABOVE, ROOM = "district.supervisor", "/administration"


def told(answer: httpx.Response) -> list[str]:
    """The fields the summary leads to; each has its words beside it, and the summary takes the focus."""
    summary = re.search(r'<div class="problem" role="alert" tabindex="-1" data-focus id="problems">.*?</div>', answer.text, re.DOTALL)  # fmt: skip
    assert summary, answer.text
    fields = re.findall(r'<a href="#(\w+)">', summary[0])
    for each in fields:
        assert f'id="{each}-problem"' in answer.text, each
        assert re.search(rf'id="{each}"', answer.text), each
        assert re.search(rf'aria-describedby="[^"]*{each}-problem', answer.text), each
    assert len(fields) == summary[0].count("<li>"), summary[0]
    return fields


async def send(browser: httpx.AsyncClient, page: str, action: str, **typed: str) -> httpx.Response:
    """Fill in the form of a page and send it."""
    return await browser.post(action, data=form((await browser.get(page)).text, action) | typed)


@pytest.mark.parametrize(
    ("act", "given", "fields"),
    [
        ("remind", {"look_again": "mai"}, ["reason", "look_again"]),
        ("remind", {"reason": "other", "look_again": "01/01/2020"}, ["note", "look_again"]),
        ("record", {"look_again": "31/02/2024"}, ["whom", "look_again"]),
        ("extend", {}, ["reason", "count"]),
        ("extend", {"reason": "other", "count": "99", "unit": "m"}, ["note", "count"]),
        ("pause", {}, ["reason", "until"]),
        ("pause", {"reason": "other", "until": "01/01/2020"}, ["note", "until"]),
        ("reassign", {}, ["reason", "organisation"]),
    ],
)
async def test_a_supervisors_act(
    browse: Browse, sessions: Sessions, office: Office, act: str, given: dict[str, str], fields: list[str]
) -> None:
    """For one task and, with the same words, for rows that were chosen."""
    task = (await opened_kind(sessions, office, "examine_health")).task
    browser, path = await browse(ABOVE), f"/board/tasks/{task}/{act}"
    answer = await send(browser, path, path, step="preview", **given)
    assert (422, fields) == (answer.status_code, told(answer))
    if act != "record":
        rows = form((await browser.get("/board/rows")).text, "/board/bulk") | {"task": task, "act": act}
        many = await browser.post("/board/bulk", data=rows | {"step": "preview", "unit": "wd"} | given)
        assert (422, fields) == (many.status_code, told(many))


async def test_chosen_rows_of_which_some_may_not_be_touched(browse: Browse, sessions: Sessions, office: Office) -> None:
    """What is missing in the form is told before what is in the way of one row, whichever row stands first."""
    tasks = [(await opened_kind(sessions, office, kind)).task for kind in ("check_information", "examine_health")]
    browser = await browse(ABOVE)
    rows = form((await browser.get("/board/rows")).text, "/board/bulk") | {"task": tasks, "act": "extend"}
    many = await browser.post("/board/bulk", data=rows | {"step": "preview", "unit": "wd"})
    assert (422, ["reason", "count"]) == (many.status_code, told(many))


OFFICER = {"organisation": "medical-centre", "roles": "officer", "language": "vi"}
DAY = {"day": "09/03/2024", "kind": "holiday", "name_vi": "", "name_en": "", "source": "", "instead_of": ""}


@pytest.mark.parametrize(
    ("page", "action", "given", "fields"),
    [
        ("organisations/new", "organisations", {}, ["code", "name_vi"]),
        ("organisations/new", "organisations", {"code": "school-one", "mail": "nowhere"}, ["code", "name_vi", "mail"]),
        ("officers/new", "officers", OFFICER | {"mail": "x"}, ["username", "name", "mail"]),
        ("officers/new", "officers", OFFICER | {"username": "administrator", "district": "yes"}, ["username", "name", "district"]),
        ("organisations/school-one/roles/new", "organisations/school-one/roles", {"role": "school", "from": "x", "to": "y"}, ["from", "to"]),
        ("days/new", "days/check", DAY | {"day": ""}, ["day", "name_vi", "name_en"]),
        ("days/new", "days/check", DAY, ["day", "name_vi", "name_en"]),
        ("days/new", "days/check", DAY | {"kind": "swap", "name_vi": "x"}, ["name_en", "instead_of"]),
        ("days/new", "days/check", DAY | {"kind": "", "day": "mai", "name_vi": "x", "name_en": "x"}, ["day", "kind"]),
    ],
)  # fmt: skip
async def test_a_form_of_the_administrators(
    browse: Browse, page: str, action: str, given: dict[str, str], fields: list[str]
) -> None:
    """Empty, unreadable, taken, and what does not go together."""
    answer = await send(await browse("administrator"), f"{ROOM}/{page}", f"{ROOM}/{action}", **given)
    assert (422, fields) == (answer.status_code, told(answer))


async def test_a_rule_that_is_set(browse: Browse) -> None:
    """The article and the length."""
    plan = load_plan(shipped("plan-2024"))
    clock = next(each for each in unknown_rules(plan) if each.endswith(".clock"))
    here = f"{ROOM}/plans/{plan.hash}/set?path={clock}"
    keeper = await browse("administrator")
    answer = await send(keeper, here, here, cites="", budget="năm ngày")
    assert (422, ["cites", "budget"]) == (answer.status_code, told(answer))
    alone = await send(keeper, here, here, cites="Thông tư 35/2013/TT-BLĐTBXH", budget="năm ngày")
    assert ["budget"] == told(alone)


async def test_a_name_that_is_taken_is_told_beside_its_field(browse: Browse) -> None:
    """With everything else right it is a conflict, and still leads to the field."""
    keeper = await browse("administrator")
    typed = {"code": "school-one", "name_vi": "Trường"}
    office = await send(keeper, f"{ROOM}/organisations/new", f"{ROOM}/organisations", **typed)
    assert (409, ["code"]) == (office.status_code, told(office))
    typed = OFFICER | {"username": "administrator", "name": "Lan"}
    who = await send(keeper, f"{ROOM}/officers/new", f"{ROOM}/officers", **typed)
    assert (409, ["username"]) == (who.status_code, told(who))


async def test_another_password(browse: Browse) -> None:
    """The old one wrong, the new one weak, the second writing another: one turn instead of three; nothing is changed."""
    browser = await browse("labour-division.officer")
    wrong = {"old": "not this one", "new": "short", "again": "shorter"}
    assert ["old", "new", "again"] == told(await send(browser, "/account", "/account/password", **wrong))
    half = {"old": PASSWORD, "new": "một mật khẩu đủ dài", "again": "một mật khẩu khác hẳn"}
    assert ["again"] == told(await send(browser, "/account", "/account/password", **half))
    guest = await browse("")
    known = {"username": "labour-division.officer", "password": PASSWORD}
    assert 303 == (await guest.post("/sign-in", data=known)).status_code


async def test_an_invitation(browse: Browse) -> None:
    """A slip in the code is told together with a password that does not do."""
    guest = await browse("")
    wrong = await guest.post("/invitation", data={"code": "nothing", "new": "short", "again": "other"})
    assert (422, ["code", "new", "again"]) == (wrong.status_code, told(wrong))
    alone = await guest.post(
        "/invitation", data={"code": "x", "new": "một mật khẩu đủ dài", "again": "một mật khẩu đủ dài"}
    )
    assert ["code"] == told(alone)


async def test_handing_over_without_a_reason(browse: Browse, sessions: Sessions, office: Office) -> None:
    """The one thing that is missing stands beside its field as well."""
    await opened_kind(sessions, office, "examine_health")
    here = "/handover/medical-centre.officer"
    assert ["reason"] == told(await send(await browse("medical-centre.head"), here, here, to="", reason=" "))
