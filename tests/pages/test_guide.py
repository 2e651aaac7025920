"""The guides and the plan's drawing: found without asking anybody."""

import httpx
import pytest

from tests.build.pages import text
from tests.pages.conftest import Visit


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_every_role_has_a_guide_in_plain_words(visit: Visit, language: str) -> None:
    """Anybody may read any role's page; no code of ours stands on it."""
    officer = await visit("school-one.officer")
    officer.cookies.set("homeward-language", language)
    for role in ("officer", "coordinator", "supervisor", "administrator"):
        page = await officer.get(f"/guide/{role}")
        assert page.is_success
        assert "guide:" not in page.text
        assert f"{role}-1" not in text(page.text)


async def test_the_guide_that_opens_is_ones_own(visit: Visit) -> None:
    """An officer of a school reads what officers do; a role there is not is nowhere."""
    officer = await visit("school-one.officer")
    assert "Hướng dẫn cho cán bộ thụ lý" in (await officer.get("/guide")).text
    assert httpx.codes.NOT_FOUND == (await officer.get("/guide/king")).status_code


async def test_the_plan_says_where_a_journey_is(visit: Visit) -> None:
    """The stage is marked in the drawing and in words; a stage there is not marks nothing, whatever was asked."""
    officer = await visit("school-one.officer")
    marked = (await officer.get("/plan?here=needs")).text
    assert "Hồ sơ đang ở" in marked
    assert "đang ở đây" in marked
    plain = (await officer.get("/plan?here=<script>")).text
    assert "<svg" in plain
    assert "đang ở đây" not in plain
    assert "here=<script>" not in plain


@pytest.mark.parametrize(
    ("username", "own"),
    [("school-one.officer", False), ("medical-centre.head", False), ("district-police.officer", True), ("labour-division.coordinator", True)],
)  # fmt: skip
async def test_the_plan_on_the_wall_of_a_school_calls_nobody_a_victim(visit: Visit, username: str, own: bool) -> None:
    """The task of the police has its own name for police and lead alone; beside the plan's own title, others read the neutral one."""
    drawn = text((await (await visit(username)).get("/plan?here=identification")).text).replace(
        "Kế hoạch tiếp nhận, hỗ trợ nạn nhân bị mua bán năm 2024", ""
    )
    assert own == ("xác định nạn nhân" in drawn)
    assert own == ("nạn nhân" in drawn)
    assert own != ("Trả lời kết quả xác minh" in drawn)
