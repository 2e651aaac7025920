"""A danger somebody reported is read by those who act on it, and by nobody else; every reading is logged."""

import httpx
from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.dangers import raise_danger
from activities.store.engine import Sessions
from activities.store.journal import AccessEntry
from tests.build.officers import actor
from tests.build.pages import Page, send
from tests.pages.conftest import Visit
from tests.pages.standing import COORDINATOR, DOCTOR, Opens, opens, reported

__all__ = ["opens", "reported"]
NOTE = "có người lạ theo dõi\ntrước cổng bệnh viện"
SHOW = "Hiện nội dung đã báo"


async def seen_by_the_doctor(sessions: Sessions, office: Office, opens: Opens, journey: str) -> str:
    """The doctor reports what they saw; the commune's task to assess it."""
    await opens("examine_health")
    async with sessions.begin() as session:
        row = await raise_danger(session, office, await actor(session, DOCTOR), journey, NOTE)
    return await opens("assess_danger", row.round)


async def test_what_the_doctor_saw_reaches_the_commune_that_assesses_it_and_the_coordinator(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office, reported: str
) -> None:
    """The notice leads the coordinator there; each opens it knowingly, and it stands in the access log."""
    task = await seen_by_the_doctor(sessions, office, opens, reported)
    coordinator, commune = await visit(COORDINATOR), await visit("commune-tri-an.officer")
    assert f"/journeys/{reported}#dangers" in Page((await coordinator.get("/notices")).text).links
    for who, at in ((coordinator, f"/journeys/{reported}"), (commune, f"/tasks/{task}")):
        before = (await who.get(at)).text
        assert (SHOW in before, "theo dõi" in before) == (True, False)
        shown = (await send(who, at, f"{at}/show-dangers")).text
        assert f'<dd class="words">{NOTE}</dd>' in shown
        assert f'<noscript><meta http-equiv="refresh" content="60; url={at}"></noscript>' in shown
    async with sessions() as session:
        assert [["danger"]] * 2 == list(await session.scalars(select(AccessEntry.fields)))


async def test_a_danger_is_told_to_nobody_who_does_not_act_on_it(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office, reported: str
) -> None:
    """Not the doctor's page (they reported it), not who reads another task, not a supervisor; nor where its round has ended."""
    task = await seen_by_the_doctor(sessions, office, opens, reported)
    await opens("inform_of_rights")
    for username, refused in (
        (DOCTOR, httpx.codes.FORBIDDEN), ("district-police.officer", httpx.codes.NOT_FOUND),
        ("district.supervisor", httpx.codes.FORBIDDEN), ("school-one.officer", httpx.codes.NOT_FOUND),
    ):  # fmt: skip
        who = await visit(username)
        bearer = {"Authorization": f"Bearer {who.cookies['homeward']}"}
        answer = await who.get(f"/api/v1/journeys/{reported}/dangers", headers=bearer)
        assert (username, refused) == (username, answer.status_code)
    another = await opens("assess_danger", 1)
    page = await send(await visit("commune-tri-an.officer"), f"/tasks/{another}", f"/tasks/{another}/show-dangers")
    assert "Không có nội dung nào được ghi." in page.text
    assert task != another


async def test_a_program_of_the_lead_reads_it_too(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office, reported: str
) -> None:
    """The same right at the programs' door: when, which agency, and the words."""
    await seen_by_the_doctor(sessions, office, opens, reported)
    lead = await visit(COORDINATOR)
    bearer = {"Authorization": f"Bearer {lead.cookies['homeward']}"}
    [told] = (await lead.get(f"/api/v1/journeys/{reported}/dangers", headers=bearer)).json()["items"]
    assert (told["round"], told["by"]["code"], told["note"]) == (2, "medical-centre", NOTE)
