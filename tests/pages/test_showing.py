"""Who the person is: shown to whose task needs it, or said in words that nobody wrote it down; the way back is a page."""

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.routing import APIRoute

from activities.casework.context import Office
from activities.casework.persons import write_person
from activities.settings import Settings
from activities.store.engine import Sessions
from api.app import create_app
from api.pages.show import here
from api.pages.site import routes
from tests.build.officers import actor
from tests.build.pages import Page, filled
from tests.pages.conftest import Visit
from tests.pages.standing import COORDINATOR, DOCTOR, Opens, opens, reported

__all__ = ["opens", "reported"]


async def test_a_doctor_is_shown_the_name_for_a_minute_and_goes_on_from_the_task(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office, reported: str
) -> None:
    """Changing the language then leads to the task again, not to an address that only takes forms."""
    task, doctor = await opens("examine_health"), await visit(DOCTOR)
    async with sessions.begin() as session:
        who = await actor(session, COORDINATOR)
        await write_person(session, office, who, reported, None, {"full_name": "Nguyễn Thị Thử", "phone": "0900000000"})
    at = f"/tasks/{task}/show-person"
    shown = await doctor.post(at, data=filled((await doctor.get(f"/tasks/{task}")).text, at))
    said = Page(shown.text).text
    assert ("Nguyễn Thị Thử" in said, "0900000000" in said) == (True, False)
    assert f"/tasks/{task}" == filled(shown.text, "/language")["next"]
    assert f'<noscript><meta http-equiv="refresh" content="60; url=/tasks/{task}"></noscript>' in shown.text


async def test_where_nobody_wrote_down_who_it_is_the_page_says_so(visit: Visit, opens: Opens) -> None:
    """A report asks no name: the doctor reads whom to ask, not that there is nothing at this address."""
    task, doctor = await opens("examine_health"), await visit(DOCTOR)
    at = f"/tasks/{task}/show-person"
    shown = await doctor.post(at, data=filled((await doctor.get(f"/tasks/{task}")).text, at))
    assert httpx.codes.OK == shown.status_code
    assert "Chưa ghi thông tin nào. Cán bộ điều phối ghi thông tin này" in Page(shown.text).text


@pytest.mark.parametrize("act", ["show-person", "show-dangers"])
async def test_who_confirms_funds_is_shown_nobody(visit: Visit, opens: Opens, act: str) -> None:
    """Finance does not know whose funds they are: asked all the same, there is nothing at this address."""
    task, finance = await opens("confirm_funds"), await visit("finance-division.officer")
    page = (await finance.get(f"/tasks/{task}")).text
    sent = await finance.post(f"/tasks/{task}/{act}", data={"csrf": filled(page, f"/tasks/{task}/check")["csrf"]})
    assert httpx.codes.NOT_FOUND == sent.status_code


async def test_a_head_says_why_they_need_to_know(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office, reported: str
) -> None:
    """The field is beside the button; without a reason nothing is shown."""
    task, head = await opens("examine_health"), await visit("medical-centre.head")
    async with sessions.begin() as session:
        await write_person(
            session, office, await actor(session, COORDINATOR), reported, None, {"full_name": "Lê Thị Thử"}
        )
    at = f"/tasks/{task}/show-person"
    form = filled((await head.get(f"/tasks/{task}")).text, at, reason=" ")
    assert "Lê Thị Thử" not in (await head.post(at, data=form)).text
    assert "Lê Thị Thử" in (await head.post(at, data=form | {"reason": "kiểm tra hồ sơ"})).text


@pytest.fixture
def site(settings: Settings, office: Office, sessions: Sessions) -> FastAPI:
    """The application."""
    return create_app(settings, office, sessions)


def test_every_page_drawn_for_a_form_has_a_page_to_go_back_to(site: FastAPI) -> None:
    """Of no form does a change of language, or an unlocked screen, lead to an address that is no page."""
    asked = list(routes("POST"))
    assert len(asked) > 60
    homes = {route.path: here(_sent(site, route)) for route in asked}
    assert [] == [path for path, home in homes.items() if home not in {"/", *site.state.readable}]
    assert (
        "/tasks/{task_id}" == homes["/tasks/{task_id}/attachments/{attachment_id}/strike"]
    )  # not the file, whose reading is logged
    assert ("/journeys", "/journeys/{journey_id}") == (
        homes["/journeys/search"],
        homes["/journeys/{journey_id}/wishes"],
    )


def _sent(site: FastAPI, route: APIRoute) -> Request:
    about = {"type": "http", "method": "POST", "query_string": b"", "headers": []}
    return Request(about | {"path": route.path, "app": site, "route": route})
