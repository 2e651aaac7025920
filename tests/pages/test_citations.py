"""Who reads English is told where a rule comes from in English; numbers are the law's own, and no citation is half in one language."""

import re

import pytest

from activities.casework.context import Office
from activities.plan.calendar import LOCAL
from activities.plan.checks import sourced
from activities.plan.load import load_plan, shipped
from activities.store.engine import Sessions
from api.citations import cited
from tests.build.pages import text
from tests.casework.times import opened_kind
from tests.pages.conftest import Browse

VIETNAMESE = re.compile(
    r"\b(?:Luật|Bộ luật|Nghị định|Thông tư|Thông báo|Điều|khoản|Kế hoạch|mục|Văn phòng|Thủ tướng|văn bản)\b"
)
NAMES = {"Vĩnh", "Cửu"}


def citations(office: Office) -> list[str]:
    """Everything the shipped plans and the calendar cite."""
    plans = [load_plan(shipped(code)) for code in ("plan-2024", "plan-2025")]
    days = [*office.calendar.holidays.values(), *office.calendar.swap_days.values()]
    found = {source.cites for plan in plans for source in sourced(plan).values()}
    return sorted((found | {each.source for each in days}) - {"", LOCAL})


async def test_every_citation_there_is_has_an_english_form(office: Office) -> None:
    """Each number stays as it is and where it is; each word but a name is English; in Vietnamese nothing changes."""
    known = citations(office)
    assert len(known) > 25
    for each in known:
        english, numbers = cited(each, "en"), re.compile(r"\S*\d[^\s,;]*")
        assert each == cited(each, "vi")
        assert sorted(numbers.findall(each)) == sorted(numbers.findall(english)), english
        foreign = [word for word in numbers.sub("", english).split() if not word.strip(",;()").isascii()]
        assert {word.strip(",;()") for word in foreign} <= NAMES, english


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Luật 66/2011/QH12, Điều 33-36", "Law 66/2011/QH12, Articles 33-36"),
        ("điểm a khoản 1 Điều 37 Luật 53/2024/QH15", "point a clause 1 Article 37 Law 53/2024/QH15"),
        ("Quyết định 12/2024/QĐ-UBND của tỉnh", "Quyết định 12/2024/QĐ-UBND của tỉnh"),
        ("Luật pháp chung", "Luật pháp chung"),
        ("lawyers said so", "lawyers said so"),
        ("", ""),
    ],
)
def test_what_is_not_known_word_for_word_stays_as_it_was_written(given: str, shown: str) -> None:
    """An administrator's own source with words of its own is not put half into English."""
    assert shown == cited(given, "en")


@pytest.mark.parametrize(
    ("username", "paths"),
    [
        ("administrator", ("/administration/days?year=2024", "/administration/plans/plan-2024", "/plan")),
        ("district.supervisor", ("/board/rows", "{task}", "{task}/extend", "{task}/waive", "/board/escalations")),
        ("labour-division.officer", ("/work", "/tasks/{id}")),
    ],
)
async def test_no_english_page_cites_in_vietnamese(
    browse: Browse, sessions: Sessions, office: Office, username: str, paths: tuple[str, ...]
) -> None:
    """Lists, a task with "why this date", what the law forbids, holidays, the rules and their drawing."""
    task = (await opened_kind(sessions, office, "check_information")).task
    browser = await browse(username)
    for path in paths:
        answer = await browser.get(path.format(task=f"/board/tasks/{task}", id=task))
        assert 200 == answer.status_code, path
        assert [] == VIETNAMESE.findall(text(answer.text)), path
        assert path == "/board/escalations" or re.search(r"\b(?:Law|Labour Code|section)\b", text(answer.text)), path
