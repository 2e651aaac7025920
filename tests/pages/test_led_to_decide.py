"""From the bell to the decision, and back to who asked: nobody is left before a page on which nothing can be done."""

import pytest

from activities.casework.context import Office
from activities.casework.request_decisions import Answer, decide_request
from activities.store.engine import Sessions
from tests.build.officers import actor
from tests.build.pages import go, press
from tests.pages.conftest import Visit
from tests.pages.standing import DOCTOR
from tests.pages.test_supervisor_views import asked

HEAD, COORDINATOR = "medical-centre.head", "labour-division.coordinator"


@pytest.mark.parametrize(
    ("who", "room", "wanted"),
    [
        (HEAD, "/board/tasks", {"kind": "extend", "reason": "máy hỏng", "budget": "P3WD"}),
        (COORDINATOR, "/tasks", {"kind": "facts", "reason": "nhóm máu?"}),
    ],
)
async def test_the_bell_leads_to_where_a_request_is_decided(
    visit: Visit, sessions: Sessions, office: Office, who: str, room: str, wanted: dict[str, str]
) -> None:
    """A head has no page of an officer, a coordinator works on one: either finds the request there, with what is asked, and decides."""
    task, path = await asked(sessions, office, **wanted)
    decider = await visit(who)
    bell = await go(decider, "/notices")
    assert f"{room}/{task}" in bell.links
    seen = next(
        each for each in bell.forms if each.endswith("/seen") and bell.filled(each).get("code") == "request-asked"
    )
    opened = await press(decider, bell, seen, task=task)
    assert f"{room}/{task}" == opened.headers["location"]
    there = await go(decider, f"{room}/{task}")
    assert path in there.links
    assert wanted["reason"] in there.text
    assert ("3 ngày làm việc" in there.text) == ("budget" in wanted)
    assert path not in (await go(await visit(DOCTOR), f"/tasks/{task}")).links


async def test_who_only_watches_goes_from_the_task_to_its_decisions(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """The page of the agency's form leads a head to the board, never to a list of own work that head has not."""
    task, _ = await asked(sessions, office, kind="extend", reason="máy hỏng", budget="P3WD")
    head, doctor = await go(await visit(HEAD), f"/tasks/{task}"), await go(await visit(DOCTOR), f"/tasks/{task}")
    assert (True, False) == tuple(f"/board/tasks/{task}" in each.links for each in (head, doctor))
    assert (False, True) == tuple("/work" in each.links for each in (head, doctor))


async def test_what_was_asked_and_why_it_was_refused_are_told_apart(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """The officer reads how much they asked for, until when it waits, and afterwards whose reason is whose."""
    task, path = await asked(sessions, office, kind="extend", reason="máy hỏng", budget="P3WD")
    doctor = await visit(DOCTOR)
    waits = (await go(doctor, f"/tasks/{task}")).text
    assert "Xin gia hạn: 3 ngày làm việc" in waits
    assert "chưa có quyết định thì chuyển huyện" in waits
    async with sessions.begin() as session:
        head = await actor(session, HEAD)
        await decide_request(session, office, head, path.rpartition("/")[2], Answer(grant=False, reason="còn máy khác"))
    told = (await go(doctor, f"/tasks/{task}")).text
    assert "Lý do đề nghị: máy hỏng. Lý do quyết định: còn máy khác" in told
    assert "chuyển huyện" not in told
