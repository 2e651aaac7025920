"""The administrator's rooms: offices, roles, officers, each act once, read back and undone where it can be; no case in sight."""

import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, update

from activities.casework.context import Office
from activities.casework.journeys import Report, report_person
from activities.store.engine import Sessions
from activities.store.organisations import Officer
from activities.store.tasks import Task
from tests.api.test_officers_day import opened, reported
from tests.build.officers import PASSWORD, actor, newcomer
from tests.build.pages import form, text
from tests.pages.conftest import Browse

__all__ = ("reported",)
ROOM = "/administration"
CHOSEN = "một mật khẩu đủ dài"
LAN = {"username": "lan.tran", "name": "Trần Thị Lan", "organisation": "medical-centre", "roles": "officer", "language": "vi", "mail": ""}  # fmt: skip


@pytest.fixture
async def keeper(browse: Browse) -> httpx.AsyncClient:
    """The administrator at a browser."""
    return await browse("administrator")


async def send(browser: httpx.AsyncClient, page: str, action: str, **typed: str) -> httpx.Response:
    """Fill in the form of a page and send it."""
    return await browser.post(action, data=form((await browser.get(page)).text, action) | typed)


async def test_an_office_is_entered_renamed_and_given_a_role(keeper: httpx.AsyncClient) -> None:
    """A second school can take children a few minutes after the decision, without a program being changed."""
    typed = {"code": "school-two", "name_vi": "Trường học mẫu số 2", "parent": "education-division"}
    made = await send(keeper, f"{ROOM}/organisations/new", f"{ROOM}/organisations", **typed)
    page = f"{ROOM}/organisations/school-two"
    assert f"{page}?said=organisation-entered" == made.headers["location"]
    await send(
        keeper, f"{page}/change", f"{page}/change", name_vi="Trường số hai", name_en="School two", parent="", mail=""
    )
    given = await send(
        keeper, f"{page}/roles/new", f"{page}/roles", **{"role": "school", "from": "05/03/2024", "to": ""}
    )
    assert f"{page}?said=role-given" == given.headers["location"], given.text
    read = text((await keeper.get(page)).text)
    assert all(each in read for each in ("School two", "from 05/03/2024", "Nobody sits here yet"))
    end = re.findall(rf'href="({page}/roles/[^"]+/end)"', (await keeper.get(page)).text)[0]
    assert "School – School two" in text((await keeper.get(end)).text)
    assert f"{page}?said=role-ended" == (await send(keeper, end, end, to="30/06/2024")).headers["location"]
    assert "to 30/06/2024" in text((await keeper.get(page)).text)


async def test_what_does_not_fit_is_told_beside_its_field_and_stays_typed(keeper: httpx.AsyncClient) -> None:
    """One slip does not cost the whole form."""
    typed = {"code": "School Two", "name_vi": "Trường học mẫu số 2"}
    answer = await send(keeper, f"{ROOM}/organisations/new", f"{ROOM}/organisations", **typed)
    assert (422, True, True) == (
        answer.status_code,
        'id="code-problem"' in answer.text,
        'value="School Two"' in answer.text,
    )
    taken = typed | {"code": "school-one"}
    answer = await send(keeper, f"{ROOM}/organisations/new", f"{ROOM}/organisations", **taken)
    assert (409, True) == (answer.status_code, 'role="alert"' in answer.text)


async def test_the_tree_shows_offices_that_could_not_answer(keeper: httpx.AsyncClient, sessions: Sessions) -> None:
    """An office with a role and nobody in it stands out before the first task is stranded there."""
    async with sessions.begin() as session:
        await session.execute(update(Officer).where(Officer.username.like("policy-bank.%")).values(active=False))
    assert "1 hold a role and have nobody who can answer" in text((await keeper.get(ROOM)).text)
    tree = (await keeper.get(f"{ROOM}/organisations")).text
    assert tree.index("/health-division") < tree.index("/medical-centre")
    assert 'class="depth-1"' in tree


async def test_an_officer_is_invited_by_a_link_that_works_once(keeper: httpx.AsyncClient, browse: Browse) -> None:
    """The link is shown once and kept nowhere; only its owner knows the password."""
    fields = form((await keeper.get(f"{ROOM}/officers/new")).text, f"{ROOM}/officers")
    shown = await keeper.post(f"{ROOM}/officers", data=fields | LAN)
    again = await keeper.post(f"{ROOM}/officers", data=fields | LAN)
    code = re.findall(r"/invitation#([\w-]+)<", shown.text)[0]
    assert (200, 200, False, True) == (
        shown.status_code,
        again.status_code,
        code in again.text,
        "shown before" in again.text,
    )
    guest = await browse("")
    typed = {"code": code, "new": CHOSEN, "again": CHOSEN}
    weak = await guest.post("/invitation", data=typed | {"new": "lan.tran.lan", "again": "lan.tran.lan"})
    assert (422, True) == (weak.status_code, "too easily guessed" in weak.text)
    assert "/sign-in?said=password-chosen" == (await guest.post("/invitation", data=typed)).headers["location"]
    twice = await guest.post("/invitation", data=typed)
    assert (422, True) == (twice.status_code, "This code is not good" in twice.text)
    assert 303 == (await guest.post("/sign-in", data={"username": "lan.tran", "password": CHOSEN})).status_code


async def test_officers_are_found_with_or_without_accents(keeper: httpx.AsyncClient) -> None:
    """The administrator types as fast as the telephone call goes."""
    await send(keeper, f"{ROOM}/officers/new", f"{ROOM}/officers", **LAN)
    for typed in ("Thị Lan", "thi lan", "lan.tr"):
        page = (await keeper.get(f"{ROOM}/officers", params={"search": typed})).text
        assert ["lan.tran"] == re.findall(rf'href="{ROOM}/officers/([a-z.]+)"', page.partition('class="rows"')[2]), (
            typed
        )
    assert "No officer fits this." in (await keeper.get(f"{ROOM}/officers?search=%25")).text


async def test_roles_that_do_not_go_together_are_refused_in_words(keeper: httpx.AsyncClient) -> None:
    """Nobody who enters officers reads cases on the side."""
    here = f"{ROOM}/officers/medical-centre.officer/change"
    typed = {"name": "x", "organisation": "medical-centre", "language": "vi", "mail": ""}
    fields = form((await keeper.get(here)).text, here) | typed
    answer = await keeper.post(here, data=fields | {"roles": ["administrator", "officer"]})
    assert (422, True) == (answer.status_code, "this role stands alone" in text(answer.text))


async def test_a_leavers_tasks_go_to_the_named_heir(
    keeper: httpx.AsyncClient, sessions: Sessions, office: Office, reported: str
) -> None:
    """Before the act the administrator reads how many; after it nobody's task is stranded, and the leaver is out."""
    await newcomer(sessions, "nurse.two", "medical-centre")
    task = await opened(sessions, office, reported, "examine_health")
    async with sessions.begin() as session:
        leaver = (await session.scalars(select(Officer).where(Officer.username == "medical-centre.officer"))).one()
        await session.execute(update(Task).where(Task.id == task).values(officer_id=leaver.id))
    here = f"{ROOM}/officers/medical-centre.officer"
    page = (await keeper.get(f"{here}/leave")).text
    assert "holds 1 tasks, 0 of them overdue" in text(page)
    done = await keeper.post(f"{here}/leave", data=form(page, f"{here}/leave") | {"heir": "nurse.two"})
    assert f"{here}?said=officer-deactivated" == done.headers["location"], done.text
    async with sessions() as session:
        heir = (await session.scalars(select(Officer.id).where(Officer.username == "nurse.two"))).one()
        assert heir == (await session.get_one(Task, task)).officer_id
    back = form((await keeper.get(here)).text, f"{here}/return")
    assert f"{here}?said=officer-activated" == (await keeper.post(f"{here}/return", data=back)).headers["location"]


async def test_an_administrator_sees_no_case(keeper: httpx.AsyncClient, sessions: Sessions, office: Office) -> None:
    """Whoever runs the accounts learns of nobody who came back, on no page, by no address."""
    async with sessions.begin() as session:
        report = Report(commune="tri-an", happened_at=office.now() - timedelta(hours=1), way_of_return="self_returned")
        journey = await report_person(session, office, await actor(session, "commune-tri-an.officer"), report)
    pages = ("/journeys", "/board", "/report", f"/journeys/{journey.id}", "/work", "/notices", ROOM, f"{ROOM}/log")
    for page in pages:
        answer = await keeper.get(page)
        assert journey.reference not in answer.text, page
    assert 404 == (await keeper.get(f"/journeys/{journey.id}")).status_code


@pytest.mark.parametrize("page", ["", "/organisations", "/officers", "/days", "/plans", "/plans/wording", "/log", "/officers/new"])  # fmt: skip
async def test_the_rooms_are_shut_to_everybody_else(browse: Browse, page: str) -> None:
    """A coordinator who guesses the address is told it is not theirs."""
    assert 403 == (await (await browse("labour-division.coordinator")).get(f"{ROOM}{page}")).status_code


async def test_every_act_stands_in_the_log_in_words(keeper: httpx.AsyncClient) -> None:
    """What was done to accounts can be read years later, by whom and when."""
    await send(keeper, f"{ROOM}/officers/new", f"{ROOM}/officers", **LAN)
    page = text((await keeper.get(f"{ROOM}/log")).text)
    assert "Officer invited lan.tran administrator" in page
    assert PASSWORD not in page
