"""What happened is told whole: who, why, to whom, until when; a due date as it was set then, and an act once."""

import re
from datetime import timedelta

from activities.casework.context import Office
from activities.casework.decisions import Decide, decide
from activities.casework.requests import Asked
from activities.casework.requests import ask as ask_for
from activities.domain.states import DecisionKind
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.tasks import Task
from api.pages.wording import Wording
from tests.build.officers import actor
from tests.build.pages import text
from tests.casework.times import opened_kind
from tests.pages.conftest import Visit

WORDS = Wording("vi")


async def _decides(
    sessions: Sessions, office: Office, task: str, kind: DecisionKind, reason: str, **given: object
) -> None:
    async with sessions.begin() as session:
        row, above = await session.get_one(Task, task), await actor(session, "district.supervisor")
        ask = Decide.model_validate({"kind": kind, "reason": reason} | given)
        await decide(session, office, above, task, row.revision, ask)


async def _lines(visit: Visit, journey: str, about: str = "", of: str = "") -> list[str]:
    """The entries of a journey as its coordinator reads them, newest first; `of` one task alone."""
    page = (await (await visit("labour-division.coordinator")).get(f"/journeys/{journey}/timeline?about={about}")).text
    return [text(each) for each in re.findall(r'<li id="e\d+">.*?</li>', page, re.DOTALL) if of in each]


async def test_more_time_and_another_agency_are_told_with_their_reasons(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """Of a date that moved, each entry has the date it set; of a task that went on, the agency it went to."""
    ask = await opened_kind(sessions, office, "examine_health")
    async with sessions() as session:
        first = (await session.get_one(Task, ask.task)).due_at
    await _decides(sessions, office, ask.task, DecisionKind.EXTEND, "chờ phiên dịch", budget="P2D")
    await _decides(
        sessions, office, ask.task, DecisionKind.REASSIGN, "trung tâm đang sửa", organisation="health-division"
    )
    async with sessions() as session:
        then = (await session.get_one(Task, ask.task)).due_at
    moved, more, *_, opened = await _lines(visit, ask.journey, "task", ask.task)
    assert "trung tâm đang sửa" in moved
    assert "đến Phòng Y tế huyện Vĩnh Cửu" in moved
    assert "chờ phiên dịch" in more
    assert "đến Phòng" not in more
    assert first != then
    assert "đến Trung tâm Y tế huyện Vĩnh Cửu" in opened
    assert "lần" not in opened
    again = await opened_kind(sessions, office, "examine_health", ask.journey, 2)
    assert "lần 2" in (await _lines(visit, ask.journey, "task", again.task))[0]
    assert [f"hạn {WORDS.moment(first)}" in opened, f"hạn {WORDS.moment(then)}" in opened] == [True, False]
    assert f"hạn {WORDS.moment(then)}" in more


async def test_a_pause_is_one_entry_with_its_end(visit: Visit, sessions: Sessions, office: Office) -> None:
    """The decision and what it did are the same act of the same officer."""
    ask = await opened_kind(sessions, office, "examine_health")
    until = office.now() + timedelta(days=3)
    await _decides(sessions, office, ask.task, DecisionKind.PAUSE, "đang nằm viện", until=until)
    lines = [each for each in await _lines(visit, ask.journey, "task") if "đang nằm viện" in each]
    assert 1 == len(lines)
    assert f"đến {WORDS.moment(until)}" in lines[0]


async def test_a_request_says_what_for_and_an_answer_when_it_happened(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """The day of the fact stands beside the moment it was written down."""
    ask = await opened_kind(sessions, office, "examine_health")
    async with sessions.begin() as session:
        doctor, row = await actor(session, "medical-centre.officer"), await session.get_one(Task, ask.task)
        wanted = Asked(kind="extend", reason="thiếu bác sĩ", budget="P2D")
        await ask_for(session, office, doctor, ask.task, row.revision, wanted)
        came = (await session.get_one(Journey, ask.journey)).happened_at
    [asked] = await _lines(visit, ask.journey, "request")
    assert WORDS.said("extend", "request") in asked
    begun = (await _lines(visit, ask.journey))[-1]
    assert f"sự việc diễn ra {WORDS.moment(came)}" in begun


async def test_dangers_consents_comments_and_files_have_a_filter_each(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """Everything that can happen falls under one of the filters, and each has its words."""
    ask = await opened_kind(sessions, office, "examine_health")
    browser = await visit("labour-division.coordinator")
    for about in ("danger", "consent", "comment", "file", "notices"):
        page = text((await browser.get(f"/journeys/{ask.journey}/timeline?about={about}")).text)
        assert WORDS.gettext("Nothing of this kind happened.") in page
        assert f"about:{about}" not in page
