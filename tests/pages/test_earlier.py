"""On the page of a task stands what earlier agencies decided, as far as the task needs it."""

import httpx
from sqlalchemy import update

from activities.casework.context import Office
from activities.store.engine import Sessions
from activities.store.tasks import Task
from tests.build.outcomes import VALID
from tests.build.pages import Page
from tests.pages.conftest import Visit
from tests.pages.standing import LABOUR, Opens, answer, opens, reported

__all__ = ["opens", "reported"]
EDUCATION, SCHOOL = "education-division.officer", "school-one.officer"


async def test_the_division_reads_which_class_the_child_has_finished_and_the_school_below_it_does_not(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """No needs, no family; who is handed a part reads its part. What was corrected since is read as it stands now."""
    await answer(sessions, office, needs := await opens("assess_needs"), LABOUR, VALID["assess_needs"])
    task, division = await opens("enrol_in_school"), await visit(EDUCATION)
    said = Page((await division.get(f"/tasks/{task}")).text).text
    assert "Những gì đã quyết định trước" in said
    assert "Trình độ học vấn Tiểu học" in said
    assert "Hoàn cảnh gia đình" not in said
    async with sessions.begin() as session:
        corrected = VALID["assess_needs"] | {"education": "lower_secondary"}
        await session.execute(update(Task).where(Task.id == needs).values(outcome=corrected))
    page = await division.get(f"/tasks/{task}")
    assert "Trình độ học vấn Trung học cơ sở" in Page(page.text).text
    read = await division.get(f"/api/v1/tasks/{task}", headers=bearer(division))
    assert [{"education": "lower_secondary"}] == [each["outcome"] for each in read.json()["earlier"]]
    tag = {"If-Match": read.headers["ETag"], "Idempotency-Key": "down"}
    down = {"organisation": "school-one", "reason": "học sinh của trường"}
    given = await division.post(f"/api/v1/tasks/{task}/delegate", json=down, headers=tag | bearer(division))
    assert httpx.codes.OK == given.status_code, given.text
    school = await visit(SCHOOL)
    page = await school.get(f"/tasks/{task}")
    assert httpx.codes.OK == page.status_code
    assert "Trình độ học vấn" not in Page(page.text).text
    assert [] == (await school.get(f"/api/v1/tasks/{task}", headers=bearer(school))).json()["earlier"]


def bearer(browser: httpx.AsyncClient) -> dict[str, str]:
    """The same person at the programs' door."""
    return {"Authorization": f"Bearer {browser.cookies['homeward']}"}
