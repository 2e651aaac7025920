"""A correction goes its whole way through pages: asked, seen with what it does, decided by two people, read by whoever asked."""

import asyncio

import httpx
from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.locks import lock_task
from activities.casework.tasks import submit
from activities.domain.states import TaskState
from activities.store.corrections import Correction
from activities.store.engine import Sessions
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.build.outcomes import BRANCHES, VALID
from tests.build.pages import Page, filled, go, press, send
from tests.build.papers import paper_for
from tests.pages.conftest import Visit
from tests.pages.standing import COORDINATOR, DOCTOR, LABOUR, Opens, answer, opens, reported

__all__ = ["opens", "reported"]
POLICE, ABOVE, COMMUNE = "district-police.officer", "district-police.head", "commune-tri-an.officer"
IDENTIFIED = {"result": "identified", "grounds": "person", "purpose": "labour"}


async def refused(opens: Opens, sessions: Sessions, office: Office) -> str:
    """A story that went the wrong way: police answered "not identified"."""
    for kind, who in (("check_information", LABOUR), ("check_records", POLICE), ("request_identification", LABOUR)):
        await answer(sessions, office, await opens(kind), who, VALID[kind])
    wrong = await opens("identify_victim")
    await answer(sessions, office, wrong, POLICE, BRANCHES["identify_victim"]["not_identified"])
    return wrong


async def asks(who: httpx.AsyncClient, task: str, **typed: str) -> str:
    """Correct a task from its page up to the end: where the page leads then."""
    path = f"/tasks/{task}"
    seen = await send(who, path, f"{path}/correct", **typed)
    sent = await who.post(f"{path}/correct", data=filled(seen.text, f"{path}/correct", step="send"))
    return Page(sent.text).text


async def told(who: httpx.AsyncClient) -> tuple[str, str]:
    """Where the bell and the task it names lead to, and where the list of what is to be decided leads to."""
    page = await go(who, "/notices")
    assert "Có đề nghị đính chính" in page.text
    tasks = dict.fromkeys(each for each in page.links if each.startswith(("/tasks/", "/board/tasks/")))
    led = [each for task in tasks for each in (await go(who, task)).links if each.startswith("/board/corrections/")]
    listed = [each for each in (await go(who, "/board/requests")).links if each.startswith("/board/corrections/")]
    return led[0], listed[0]


async def test_a_correction_that_turns_the_way_is_decided_on_pages_by_two(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """Police had refused somebody by mistake: coordinator and head of the police each see what changes, and the letter of refusal is taken back."""
    wrong = await refused(opens, sessions, office)
    letter, police = await opens("explain_result"), await visit(POLICE)
    assert "chờ cán bộ điều phối" in await asks(police, wrong, **IDENTIFIED, correction_reason="ghi nhầm người")
    assert [] == [each for each in (await go(police, f"/tasks/{wrong}")).links if each.startswith("/board/")]
    coordinator, above = await visit(COORDINATOR), await visit(ABOVE)
    path, listed = await told(coordinator)
    assert path == listed
    page = await go(coordinator, path)
    for words in ("ghi nhầm người", "Nội dung đã ghi nhận", "Nội dung đúng cần ghi nhận", "Thông báo kết quả"):
        assert words in page.text, (words, page.text)
    relied = page.text.partition("Đã dựa vào kết quả cũ và sẽ được báo: ")[2]
    assert relied.startswith("Phòng Lao động"), page.text
    silent = await press(coordinator, page, path, reason="")
    assert "Quyết định" in Page(silent.text).text
    assert httpx.codes.UNPROCESSABLE_ENTITY == silent.status_code
    agreed = await press(coordinator, page, path, grant="yes")
    assert "said=correction-agreed" in agreed.headers["location"]
    assert path not in (await go(coordinator, "/board/requests")).links
    path, listed = await told(above)
    done = await press(above, await go(above, path), path, grant="yes")
    assert "said=correction-applied" in done.headers["location"]
    async with sessions() as session:
        right, gone = await session.get_one(Task, wrong), await session.get_one(Task, letter)
    assert ("identified", TaskState.WITHDRAWN) == (right.code, gone.state)
    assert "đã có hiệu lực" in (await go(police, f"/tasks/{wrong}")).text


async def test_an_objection_is_refused_with_a_reason_the_agency_reads(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """The coordinator entered the health station's paper; its objection waits, a refusal needs a reason, and the doctor reads it."""
    task, doctor, coordinator = await opens("examine_health"), await visit(DOCTOR), await visit(COORDINATOR)
    async with sessions.begin() as session:
        by = await actor(session, COORDINATOR)
        paper = await paper_for(session, office, by, task)
        await submit(session, office, by, task, 1, VALID["examine_health"], office.now(), paper)
    await asks(doctor, task, onward_referral="yes", correction_reason="văn bản ghi khác")
    path, _ = await told(coordinator)
    page = await go(coordinator, path)
    assert "không đồng ý với nội dung đã ghi nhận thay" in page.text
    empty = await press(coordinator, page, path, grant="no")
    assert "reason-problem" in empty.text
    said = await press(coordinator, page, path, grant="no", reason="bản gốc ghi đúng như vậy")
    assert "said=correction-refused" in said.headers["location"]
    assert "bản gốc ghi đúng như vậy" in (await go(doctor, f"/tasks/{task}")).text
    assert "không còn chờ" in (await go(coordinator, path)).text


async def test_an_effect_that_changed_meanwhile_is_shown_anew(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """Nobody agrees to something else than what stood on their page: the page comes back with what is true now."""
    wrong = await refused(opens, sessions, office)
    police, coordinator = await visit(POLICE), await visit(COORDINATOR)
    await asks(police, wrong, **IDENTIFIED, correction_reason="ghi nhầm")
    path, _ = await told(coordinator)
    page = await go(coordinator, path)
    await opens("explain_result")
    stale = await press(coordinator, page, path, grant="yes", reason="đúng")
    again = Page(stale.text)
    assert "hãy xem lại rồi quyết định" in again.text
    assert "đúng" == again.filled(path)["reason"]
    assert 303 == (await press(coordinator, again, path, grant="yes")).status_code


async def test_who_agreed_to_less_is_asked_again_on_the_same_page(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """The letter of refusal opened after the coordinator had agreed: the head's word alone does nothing, and both pages say why."""
    wrong = await refused(opens, sessions, office)
    police, coordinator, above = await visit(POLICE), await visit(COORDINATOR), await visit(ABOVE)
    await asks(police, wrong, **IDENTIFIED, correction_reason="ghi nhầm")
    path, _ = await told(coordinator)
    await press(coordinator, await go(coordinator, path), path, grant="yes")
    await opens("explain_result")
    page = await go(above, path)
    assert "Đã đồng ý chưa có ai Đã đồng ý trước khi hệ quả thay đổi" in page.text, page.text
    half = await press(above, page, path, grant="yes")
    assert "said=correction-asked-again" in half.headers["location"]
    assert "được đề nghị quyết định lại" in (await go(above, half.headers["location"])).text
    assert "hãy xem lại và quyết định lại" in (await go(coordinator, "/notices")).text
    assert path in (await go(coordinator, "/board/requests")).links
    done = await press(coordinator, await go(coordinator, path), path, grant="yes")
    assert "said=correction-applied" in done.headers["location"]


async def test_what_the_person_may_no_longer_have_is_shown_before_it_is_sent(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """The commune had ticked the poor-household paper: what no longer opens stands on the page, and two people decide."""
    commune, task = await visit(COMMUNE), await opens("confirm_application")
    await answer(sessions, office, task, COMMUNE, VALID["confirm_application"] | {"poor_household": True})
    path = f"/tasks/{task}"
    typed = {"result": "confirmed", "poor_household": "no", "correction_reason": "nhầm hộ"}
    seen = Page((await send(commune, path, f"{path}/correct", **typed)).text).text
    assert "không còn thuộc diện" in seen, seen
    assert "cán bộ điều phối" in seen.lower(), seen


async def test_who_asked_or_has_no_part_in_it_finds_no_form(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """An officer of Labour who asked sees that it waits; another agency does not learn that it is there."""
    task, labour, doctor = await opens("record_choice"), await visit(LABOUR), await visit(DOCTOR)
    await answer(sessions, office, task, LABOUR, VALID["record_choice"])
    await asks(labour, task, choice="centre", correction_reason="nghe nhầm")
    async with sessions() as session:
        made = await session.scalar(select(Correction.id))
    page = await go(labour, f"/board/corrections/{made}")
    assert "người khác phải quyết định" in page.text
    assert f"/board/corrections/{made}" not in page.forms
    assert httpx.codes.NOT_FOUND == (await doctor.get(f"/board/corrections/{made}")).status_code


async def test_whoever_looks_at_a_correction_waits_for_nobody(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """While somebody acts on the journey, the effect can be read: only a decision takes the rows for itself."""
    wrong, police = await refused(opens, sessions, office), await visit(POLICE)
    await asks(police, wrong, **IDENTIFIED, correction_reason="ghi nhầm người")
    coordinator = await visit(COORDINATOR)
    path, _ = await told(coordinator)
    async with sessions.begin() as session, asyncio.timeout(20):
        await lock_task(session, wrong)
        assert "ghi nhầm người" in (await go(coordinator, path)).text


async def test_who_relied_on_an_answer_is_named_to_those_who_may_know_of_their_tasks(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """The lead reads that its own division and the health station worked on; the police who ask are not told who else has the person."""
    wrong, police, coordinator = await refused(opens, sessions, office), await visit(POLICE), await visit(COORDINATOR)
    await opens("examine_health")
    await asks(police, wrong, **IDENTIFIED, correction_reason="ghi nhầm người")
    path, _ = await told(coordinator)
    assert "Trung tâm Y tế" in (await go(coordinator, path)).text
    assert "Trung tâm Y tế" not in (await go(police, path)).text
