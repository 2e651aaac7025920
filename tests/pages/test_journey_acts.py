"""What the coordinator records on the page of a journey: what is refused is told beside its field and stays; what stands is read anew."""

import httpx
from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.tasks import give_back
from activities.domain.states import JourneyState, TaskState
from activities.plan.calendar import TIME_ZONE
from activities.store.engine import Sessions
from activities.store.journeys import Consent, Journey
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.build.pages import Page, filled, go, press, send
from tests.pages.conftest import Visit
from tests.pages.standing import COORDINATOR, DOCTOR, LABOUR, Opens, answer, opens, reported

__all__ = ["opens", "reported"]
REFUSED = httpx.codes.UNPROCESSABLE_ENTITY


async def test_a_consent_whose_end_cannot_be_read_is_not_kept_for_ever(
    visit: Visit, sessions: Sessions, reported: str
) -> None:
    """There is no 31 February: nothing is recorded, the field says so, and what was typed is still there."""
    coordinator, at = await visit(COORDINATOR), f"/journeys/{reported}"
    typed = {"purpose": "học nghề", "until": "31/02/2025", "recipients": ["labour-division"], "language": "tày"}
    refused = await press(coordinator, await go(coordinator, at), f"{at}/consents", **typed)
    assert REFUSED == refused.status_code
    assert 'aria-describedby="consents-until-problem" aria-invalid="true"' in refused.text
    assert typed | {"recipients": "labour-division"} == {
        name: value for name, value in filled(refused.text, f"{at}/consents").items() if name in typed
    }
    assert (
        REFUSED == (await press(coordinator, Page(refused.text), f"{at}/consents", purpose=" ", until="")).status_code
    )
    over = await press(coordinator, Page(refused.text), f"{at}/consents", until="03/03/2024")
    assert (REFUSED, True) == (over.status_code, "Ngày này đã qua" in Page(over.text).text)
    kept = await press(coordinator, Page(refused.text), f"{at}/consents", until="28/02/2025")
    assert "consent-recorded" in kept.headers["location"]
    async with sessions() as session:
        made = (await session.scalars(select(Consent))).one()
    assert (made.purpose, made.recipients, made.until is None) == ("học nghề", ["labour-division"], False)
    told = (await go(coordinator, at)).text
    for words in ("đến 28/02/2025", "được biết: Phòng Lao động", "giải thích bằng tày"):
        assert words in told, told


async def test_a_stale_identity_form_shows_what_the_first_wrote_beside_what_the_second_typed(
    visit: Visit, reported: str
) -> None:
    """Two coordinators at once: the second reads the first's name, keeps their own, and can decide between them."""
    coordinator, at = await visit(COORDINATOR), f"/journeys/{reported}"
    shown = Page((await send(coordinator, at, f"{at}/show-person")).text)
    await press(coordinator, shown, f"{at}/person", full_name="Nguyễn Thị Thử")
    again = Page((await send(coordinator, at, f"{at}/show-person")).text)
    await press(coordinator, again, f"{at}/person", full_name="Nguyễn Thị Thứ")
    stale = await press(coordinator, again, f"{at}/person", full_name="Nguyễn Thị Thu")
    assert httpx.codes.PRECONDITION_FAILED == stale.status_code
    assert "Nguyễn Thị Thứ" in Page(stale.text).text
    assert "Nguyễn Thị Thu" == filled(stale.text, f"{at}/person")["full_name"]
    sent = await press(coordinator, Page(stale.text), f"{at}/person")
    assert "person-written" in sent.headers["location"]
    assert "Nguyễn Thị Thu" in Page((await send(coordinator, at, f"{at}/show-person")).text).text


async def test_a_closed_journey_is_opened_again_with_a_reason(
    visit: Visit, sessions: Sessions, office: Office, reported: str
) -> None:
    """Without a reason it stays closed, and the stage that was chosen stays chosen; with one it goes on from there."""
    coordinator, at = await visit(COORDINATOR), f"/journeys/{reported}"
    async with sessions.begin() as session:
        journey = await session.get_one(Journey, reported)
        journey.state, journey.closed_at, journey.closing_reason = JourneyState.CLOSED, office.now(), "settled"
    page = await go(coordinator, at)
    assert f"{at}/wishes" not in page.forms
    refused = await press(coordinator, page, f"{at}/reopen", stage="care", reason="")
    assert REFUSED == refused.status_code
    assert "care" == filled(refused.text, f"{at}/reopen")["stage"]
    opened = await press(coordinator, Page(refused.text), f"{at}/reopen", reason="quay lại xin hỗ trợ")
    assert "said=reopened" in opened.headers["location"]
    async with sessions() as session:
        row = await session.get_one(Journey, reported)
    assert (JourneyState.OPEN, "care", 1) == (row.state, row.stage, row.reopened)
    assert "quay lại xin hỗ trợ" in (await go(coordinator, f"{at}/timeline")).text


async def test_a_journey_is_closed_by_its_last_task_with_a_reason(
    visit: Visit, opens: Opens, sessions: Sessions, reported: str
) -> None:
    """Until then the page says what is in the way; then it leads to the task whose form asks for the reason."""
    coordinator, at = await visit(COORDINATOR), f"/journeys/{reported}"
    assert "Chưa kết thúc được" in (await go(coordinator, at)).text
    task = await opens("close_journey")
    page = await go(coordinator, at)
    assert f"/tasks/{task}" in page.links
    path = f"/tasks/{task}"
    assert REFUSED == (await press(coordinator, await go(coordinator, path), f"{path}/check", reason="")).status_code
    seen = await press(coordinator, await go(coordinator, path), f"{path}/check", reason="settled")
    await press(coordinator, Page(seen.text), f"{path}/outcome", step="send")
    async with sessions() as session:
        assert {"reason": "settled"} == ((await session.get_one(Task, task)).outcome or {})


async def test_what_waits_on_the_person_and_the_last_day_to_apply_stand_on_the_page(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office, reported: str
) -> None:
    """Nobody decides for the person; and nobody lets the year in which they may apply go by unseen."""
    coordinator, at = await visit(COORDINATOR), f"/journeys/{reported}"
    wish = await opens("record_choice")
    assert "Đang chờ nguyện vọng" in (await go(coordinator, at)).text
    await answer(sessions, office, wish, LABOUR, VALID["record_choice"])
    assert "Đang chờ nguyện vọng" not in (await go(coordinator, at)).text
    async with sessions() as session:
        due = (await session.get_one(Task, await opens("confirm_application"))).due_at
    assert f"{due.astimezone(TIME_ZONE):%d/%m/%Y}" in (await go(coordinator, at)).text


async def test_what_comes_next_is_named_and_what_hangs_on_an_answer_is_said_to(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office, reported: str
) -> None:
    """The coordinator can tell the person what will come, and what only may; what has opened is no longer "to come"."""
    coordinator, at = await visit(COORDINATOR), f"/journeys/{reported}"
    before = (await go(coordinator, at)).text
    for words in (
        "Còn sẽ mở: Xác nhận nơi cư trú; Đánh giá nhu cầu, lập kế hoạch hỗ trợ", "Còn sẽ mở: Ghi nhận nguyện vọng",
        "Tùy kết quả và nguyện vọng: Đề nghị chuyển tuyến đến Trung tâm", "Còn sẽ mở: Thăm, nắm tình hình; Kết thúc hồ sơ",
    ):  # fmt: skip
        assert words in before, words
    await opens("assess_needs")
    after = (await go(coordinator, at)).text
    assert "Còn sẽ mở: Xác nhận nơi cư trú" in after
    assert "cư trú; Đánh giá" not in after
    assert "Còn sẽ mở" not in (await go(await visit("commune-tri-an.officer"), at)).text


async def test_a_task_that_came_back_is_answered_on_the_page_of_its_journey(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office, reported: str
) -> None:
    """The coordinator sees it, decides there and reads what came of it; a slip keeps what was typed."""
    task = await opens("examine_health")
    async with sessions.begin() as session:
        await give_back(
            session, office, await actor(session, DOCTOR), task, 1, "missing_facts", "thiếu giấy giới thiệu"
        )
    coordinator, at = await visit(COORDINATOR), f"/journeys/{reported}"
    page = await go(coordinator, at)
    assert "Khám, chữa bệnh" in page.text
    bare = await press(coordinator, page, f"/tasks/{task}/decide", kind="resend")
    assert REFUSED == bare.status_code
    sent = await press(coordinator, page, f"/tasks/{task}/decide", kind="resend", reason="đã gửi giấy")
    assert f"{at}?said=decide-done" == sent.headers["location"]
    async with sessions() as session:
        assert TaskState.OPEN == (await session.get_one(Task, task)).state


async def test_the_leads_own_task_is_answered_where_the_journey_stands(
    visit: Visit, opens: Opens, sessions: Sessions, reported: str
) -> None:
    """The coordinator opens its form on the page of the journey, reads it back, sends it, and is on the journey again."""
    task = await opens("record_choice")
    coordinator, at = await visit(COORDINATOR), f"/journeys/{reported}"
    link = next(each for each in (await go(coordinator, at)).links if "answer=" in each)
    assert f"{at}?answer={task}#here" == link
    read_back = await press(coordinator, await go(coordinator, link), f"/tasks/{task}/check", choice="home")
    assert httpx.codes.OK == read_back.status_code, Page(read_back.text).text
    sent = await press(coordinator, Page(read_back.text), f"/tasks/{task}/outcome", step="send")
    assert f"{at}?said=answer-sent" == sent.headers["location"]
    async with sessions() as session:
        assert TaskState.DONE == (await session.get_one(Task, task)).state
    assert [] == [each for each in (await go(coordinator, at)).links if "answer=" in each]
    assert f"/tasks/{task}/check" not in (await go(coordinator, link)).forms


async def test_a_task_of_another_agency_has_no_form_there(visit: Visit, opens: Opens, reported: str) -> None:
    """What the hospital answers, the coordinator follows."""
    task = await opens("examine_health")
    page = await go(await visit(COORDINATOR), f"/journeys/{reported}?answer={task}")
    assert f"/tasks/{task}/check" not in page.forms
    assert [] == [each for each in page.links if "answer=" in each]
