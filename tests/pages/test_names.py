"""An agency is called by its English name on an English page, and by its Vietnamese one everywhere else."""

from datetime import timedelta

import httpx
from sqlalchemy import select

from activities.casework.absences import record_absence
from activities.casework.context import Office
from activities.store.engine import Sessions
from activities.store.organisations import Organisation
from tests.build.officers import actor, newcomer
from tests.build.outcomes import VALID
from tests.pages.conftest import Browse
from tests.pages.standing import COORDINATOR, DOCTOR, Opens, answer, opens, reported

__all__ = ["opens", "reported"]
PAGES = {
    COORDINATOR: ("/journeys/{journey}", "/journeys/{journey}/timeline", "/tasks/{task}", "/work", "/contacts"),
    "district.supervisor": (
        "/board", "/board/rows", "/board/agencies/medical-centre", "/board/tasks/{task}", "/board/tasks/{task}/reassign",
        "/board/flow", "/board/escalations",
    ),
    "administrator": ("/absences",),
    DOCTOR: ("/tasks/{task}", "/tasks/{done}"),
}  # fmt: skip

UNNAMED = ("/work", "/board/escalations")  # nothing of another agency stands there in this story


async def test_an_english_page_names_agencies_in_english_and_a_vietnamese_one_in_vietnamese(
    browse: Browse, opens: Opens, sessions: Sessions, office: Office, reported: str
) -> None:
    """Whoever reads English can tell the agencies apart; nobody reads half a page in the other language."""
    task, done = await opens("examine_health"), await opens("meet_essential_needs")
    examined = await opens("counsel_person")
    await newcomer(sessions, "medical-centre.second", "medical-centre")
    async with sessions.begin() as session:
        names = {row.name_vi: row.name_en for row in await session.scalars(select(Organisation))}
        first = office.today() + timedelta(days=1)
        await record_absence(session, office, await actor(session, DOCTOR), "", first, first)
    await answer(sessions, office, done, COORDINATOR.replace("coordinator", "officer"), VALID["meet_essential_needs"])
    where = {"journey": reported, "task": task, "done": examined}
    for username, paths in PAGES.items():
        browser = await browse(username)
        for path in paths:
            page = await _page(browser, path.format(**where))
            met = {vi for vi in names if vi in page}
            assert set() == met, (username, path)
            assert any(en in page for en in names.values()) or path in UNNAMED, path
    browser = await browse(COORDINATOR)
    browser.cookies.set("homeward-language", "vi")
    page = await _page(browser, f"/journeys/{reported}")
    assert any(vi in page for vi in names)
    assert not any(en in page for en in names.values())
    bearer = {"Authorization": f"Bearer {browser.cookies['homeward']}", "Accept-Language": "en"}
    told = (await browser.get(f"/api/v1/tasks/{task}", headers=bearer)).json()["organisation"]
    assert (names[told["name"]], "medical-centre") == (told["name_en"], told["code"])


async def _page(browser: httpx.AsyncClient, path: str) -> str:
    answer = await browser.get(path)
    assert 200 == answer.status_code, (path, answer.text)
    return answer.text
