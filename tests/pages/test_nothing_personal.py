"""Who somebody is stands in a page for whoever was shown it, and nowhere a page leaves traces: address, title, link, notice, name of a file."""

import re
from urllib.parse import unquote_plus

import httpx
import pytest

from activities.casework.context import Office
from activities.store.engine import Sessions
from tests.build.files import pdf
from tests.build.pages import Page, filled, form, send
from tests.pages.conftest import Visit
from tests.pages.standing import COORDINATOR, DOCTOR, Opens, opens, reported
from tests.pages.test_importing import SOUND, looked
from tests.pages.test_starting import send as step
from tests.pages.test_task_files import attach, links

__all__ = ["opens", "reported"]
NAME, NUMBER, PHONE = "Nguyễn Thị Xuyến", "075201000777", "0900000123"
TELLING = ("Xuyến", NUMBER, PHONE)
TITLE = re.compile(r"(?s)<title>(.*?)</title>")


class Traces:
    """What the browsers of a story leave in their history, their logs and their folders."""

    def __init__(self) -> None:
        self.left, self.shown = list[str](), 0

    async def note(self, answer: httpx.Response) -> None:
        """Of one answer: where it came from, where it leads, what it is called."""
        await answer.aread()
        self.left += [
            str(answer.request.url),
            *(answer.headers.get(each, "") for each in ("location", "content-disposition")),
        ]
        if "html" in answer.headers.get("content-type", ""):
            page = Page(answer.text)
            self.left += [*TITLE.findall(answer.text), *page.links, *page.forms]
            self.shown += "Xuyến" in answer.text

    def of(self, seat: httpx.AsyncClient) -> httpx.AsyncClient:
        """Follow this browser from now on."""
        seat.event_hooks["response"].append(self.note)
        return seat


@pytest.fixture
async def traces(visit: Visit, opens: Opens, sessions: Sessions, office: Office, reported: str) -> Traces:
    """The coordinator writes somebody down, shows, looks for and meets them again; the doctor is shown them and attaches their paper."""
    traces, at = Traces(), f"/journeys/{reported}"
    coordinator, doctor = traces.of(await visit(COORDINATOR)), traces.of(await visit(DOCTOR))
    shown = await send(coordinator, at, f"{at}/show-person")
    person = {"full_name": NAME, "id_number": NUMBER, "phone": PHONE}
    await coordinator.post(f"{at}/person", data=filled(shown.text, f"{at}/person", **person))
    await coordinator.post(f"{at}/person", data=filled(shown.text, f"{at}/person", **person))  # a stale form
    await send(coordinator, at, f"{at}/show-person")
    for each in person.values():
        await send(coordinator, "/journeys", "/journeys/search", identity=each)
    await _again(coordinator)
    task = await opens("examine_health")
    await send(doctor, f"/tasks/{task}", f"/tasks/{task}/show-person")
    given = await attach(doctor, task, (f"{NAME}.pdf", pdf()))
    await doctor.get(links(given.text, task)[0])
    await send(doctor, f"/tasks/{task}", f"/tasks/{task}/comment", text=f"{NAME} đã đến", to=["coordinator"])
    for path in (
        at,
        f"{at}/timeline",
        f"{at}/timeline.xlsx",
        f"{at}/receipt",
        "/notices",
        "/journeys",
        "/journeys.xlsx",
        "/work",
        "/board/rows",
    ):
        await coordinator.get(path)
    sheet, _ = await looked(visit, SOUND | {"full_name": NAME, "id_number": NUMBER})
    await traces.of(sheet).get("/journeys/start")
    return traces


async def _again(coordinator: httpx.AsyncClient) -> None:
    """They are about to be started once more: pointed out as known, kept as a draft."""
    page = (await coordinator.get("/journeys/start")).text
    first = await coordinator.post("/journeys/start", data=form(page, "/journeys/start"))
    at = first.url.path.removesuffix("/person")
    met = await step(coordinator, f"{at}/person", {"full_name": NAME, "phone": PHONE})
    assert "có thể đã có hồ sơ" in Page(met.text).text
    await step(coordinator, f"{at}/person", {"full_name": NAME}, "later")


async def test_no_address_title_link_or_file_name_tells_who_it_is(traces: Traces) -> None:
    """What a browser keeps of its visits, and a proxy of its requests, names nobody, whatever was typed, shown or searched for."""
    assert traces.shown >= 4, "the name stands on pages: there is something to keep out of the rest"
    assert len(set(traces.left)) > 60
    assert [] == sorted({each for each in traces.left if any(word in unquote_plus(each) for word in TELLING)})


async def test_who_may_be_known_already_is_pointed_out_by_reference_and_day_alone(
    visit: Visit, traces: Traces, reported: str
) -> None:
    """Before a second journey is opened: nothing of what the first one holds, neither its papers nor its telephone nor its stage."""
    coordinator = await visit(COORDINATOR)
    page = (await coordinator.get("/journeys/start")).text
    first = await coordinator.post("/journeys/start", data=form(page, "/journeys/start"))
    met = await step(coordinator, first.url.path, {"full_name": NAME.upper()})
    hint = Page(met.text.partition('class="hint soon" role="status"')[2].partition("</div>")[0])
    assert f"/journeys/{reported}" in hint.links
    assert re.search(r"HW-[\w-]+", hint.text)
    for word in (NUMBER, PHONE, "Xuyến", "Trị An", "Tiếp nhận"):
        assert word not in hint.text, hint.text
    assert (NUMBER in met.text, PHONE in met.text) == (False, False)
