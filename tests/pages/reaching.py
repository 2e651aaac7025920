"""A day on which every page of the site is opened once: what stands on it, and who looks."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx

from activities.casework.context import Office
from activities.casework.corrections import Corrected, correct
from activities.casework.requests import Asked, ask
from activities.casework.tasks import claim, give_back
from activities.settings import Settings
from activities.store.engine import Sessions
from api.app import create_app
from tests.build.officers import actor, newcomer
from tests.build.outcomes import VALID
from tests.build.pages import filled, send
from tests.casework.test_races import opened
from tests.pages.conftest import Browse, Visit
from tests.pages.rows import Day, every_row
from tests.pages.standing import COORDINATOR, DOCTOR, LABOUR, Opens, answer, opening
from tests.pages.test_importing import SOUND, looked
from workflows.foresight import foresee

ADMINISTRATION = (
    "", "/log", "/days", "/days/new", "/officers", f"/officers/{DOCTOR}", "/organisations", "/organisations/medical-centre", "/plans",
    "/plans/wording",
)  # fmt: skip
OFFICER = ("/work", "/report", "/account", "/contacts", "/notices", "/guide", "/practice", "/plan", "/locked")
BOARD = (
    "", "/rows", "/again", "/requests", "/escalations", "/flow", "/agencies/medical-centre", "/tasks/{task}", "/tasks/{task}/reassign",
)  # fmt: skip
JOURNEYS = ("", "/start", "/import", "/{journey}", "/{journey}/timeline", "/{journey}/comments", "/{journey}/receipt")
REQUEST = re.compile(r'href="(/board/requests/request[^"]+)"')
CORRECTION = re.compile(r'href="(/board/corrections/correction[^"]+)"')
PLAN = re.compile(r'href="(/administration/plans/(?!wording)[^"/]+)"')
STEPS = ("person", "came", "wishes", "done", "done/check_information", "check")


async def every_page(
    visit: Visit,
    browse: Browse,
    opens: Opens,
    sessions: Sessions,
    office: Office,
    settings: Settings,
    journey: str,
    sign_ins: Path,
) -> None:
    """Open all of them; a page that is not there fails the day."""
    task = await opens("examine_health")
    await _set(sessions, office, opens, task)
    where = {"task": task, "journey": journey}
    doctor, coordinator, above = [await visit(name) for name in (DOCTOR, COORDINATOR, "district.supervisor")]
    keeper, head, guest = await visit("administrator"), await visit("medical-centre.head"), await browse("")
    for path in ("/sign-in", "/invitation"):
        await look(guest, path)
    assert 404 == (await guest.get("/nowhere")).status_code
    await _parts(settings, office, sessions, sign_ins)
    await _officer(doctor, task, await visit(LABOUR), await opens("assess_needs"))
    await _absent(doctor, head, office)
    for path in ADMINISTRATION:
        await look(keeper, f"/administration{path}")
    await _keeper(keeper, office)
    for path in JOURNEYS:
        await look(coordinator, f"/journeys{path}".format(**where))
    await _coordinator(visit, coordinator, journey)
    for path in BOARD:
        await look(above, f"/board{path}".format(**where))
    await _supervisor(above, head, task)
    other = (await opened(sessions, office)).journey
    await every_row(Day(visit, opening(sessions, office, other), sessions, office, other, look))


async def look(who: httpx.AsyncClient, path: str) -> str:
    """A page that is there."""
    answer = await who.get(path)
    assert httpx.codes.OK == answer.status_code, (path, answer.status_code, answer.text)
    return answer.text


async def _set(sessions: Sessions, office: Office, opens: Opens, task: str) -> None:
    """A task held, with a request; one answered; one returned; one whose correction waits."""
    chosen = await opens("record_choice")
    await answer(sessions, office, chosen, LABOUR, VALID["record_choice"])
    done, returned, asked = [await opens(kind) for kind in ("inform_of_rights", "check_records", "counsel_person")]
    await newcomer(sessions, "medical-centre.second", "medical-centre")
    await answer(sessions, office, done, "justice-division.officer", VALID["inform_of_rights"])
    async with sessions.begin() as session:
        doctor, police = await actor(session, DOCTOR), await actor(session, "district-police.officer")
        await claim(session, office, doctor, task, 1)
        asks = Corrected(outcome={"choice": "centre"}, reason="nghe nhầm")
        await correct(session, office, await actor(session, LABOUR), chosen, asks, foresee)
        await ask(session, office, doctor, asked, 1, Asked(kind="extend", reason="máy hỏng", budget="P3WD"))
        await give_back(session, office, police, returned, 1, "missing_facts", "chưa có giấy")


async def _parts(settings: Settings, office: Office, sessions: Sessions, sign_ins: Path) -> None:
    given = settings.model_copy(update={"api": settings.api.model_copy(update={"parts": sign_ins})})
    app = create_app(given, replace(office, clock=replace(office.clock, scale=3600)), sessions)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://homeward.test") as browser:
        await look(browser, "/parts")


async def _officer(doctor: httpx.AsyncClient, task: str, labour: httpx.AsyncClient, other: str) -> None:
    """What an officer reads back before it is done, and what they see after it."""
    for path in OFFICER:
        await look(doctor, path)
    at = f"/tasks/{task}"
    await look(doctor, at)
    await send(doctor, at, f"{at}/danger", note="có người lạ theo dõi")
    seen = await send(doctor, at, f"{at}/check", next_visit="12/06/2024")
    await doctor.post(f"{at}/outcome", data=filled(seen.text, f"{at}/outcome", step="send"))
    await send(doctor, at, f"{at}/correct", onward_referral="yes", correction_reason="đánh dấu thiếu")
    await send(labour, f"/tasks/{other}", f"/tasks/{other}/check")
    await send(doctor, "/report", "/report", commune="tri-an", way_of_return="self_returned")
    await look(doctor, "/absences")


async def _absent(doctor: httpx.AsyncClient, head: httpx.AsyncClient, office: Office) -> None:
    day = f"{office.today() + timedelta(days=3):%d/%m/%Y}"
    seen = await send(doctor, "/absences", "/absences", since=day, until=day)
    await doctor.post("/absences", data=filled(seen.text, "/absences"))
    for path in ("/absences", "/handover", f"/handover/{DOCTOR}"):
        await look(head, path)
    words = ["Lý do: đi học", "Ghi chú: đã bàn giao"]
    await doctor.post("/typed", data=filled(await look(doctor, "/account"), "/lock", words=words))
    await send(doctor, "/account", "/lock")


async def _keeper(keeper: httpx.AsyncClient, office: Office) -> None:
    at = "/administration"
    versions = PLAN.findall(await look(keeper, f"{at}/plans"))
    await look(keeper, versions[0])
    day = f"{office.today() + timedelta(days=8):%d/%m/%Y}"
    typed = {"day": day, "kind": "holiday", "name_vi": "Nghỉ thêm", "name_en": "Extra day off"}
    await send(keeper, f"{at}/days/new", f"{at}/days/check", **typed)
    lan = {"username": "lan.tran", "name": "Trần Thị Lan", "organisation": "medical-centre", "roles": "officer"}
    await send(keeper, f"{at}/officers/new", f"{at}/officers", **lan)


async def _coordinator(visit: Visit, coordinator: httpx.AsyncClient, journey: str) -> None:
    await coordinator.post(
        f"/journeys/{journey}/wishes",
        data=filled(await look(coordinator, f"/journeys/{journey}"), f"/journeys/{journey}/wishes", wish="withdraw"),
    )
    await look(coordinator, CORRECTION.findall(await look(coordinator, "/board/requests"))[0])
    first = await send(coordinator, "/journeys/start", "/journeys/start")
    start = first.url.path.removesuffix("/person")
    for step in STEPS:
        await look(coordinator, f"{start}/{step}")
    await look(coordinator, "/journeys/start")
    await looked(visit, SOUND)


async def _supervisor(above: httpx.AsyncClient, head: httpx.AsyncClient, task: str) -> None:
    await look(head, REQUEST.findall(await look(head, "/board/requests"))[0])
    await send(above, "/board/rows", "/board/bulk", all="yes", act="remind")
    await look(above, f"/board/tasks/{task}")
