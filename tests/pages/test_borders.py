"""What holds at the edge of every page: cookies, policy, forged forms, and pages for what goes wrong."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from activities.casework.context import Office
from activities.settings import Settings
from activities.store.engine import Sessions, open_engine, open_sessions
from activities.store.outbox import Command
from api.app import create_app
from tests.api.conftest import SignIn
from tests.api.test_borders import reported
from tests.build.officers import PASSWORD
from tests.build.pages import form, text
from tests.pages.conftest import Visit

SITE = "http://homeward.test"
CREDENTIALS = {"username": "school-one.officer", "password": PASSWORD}


@pytest.mark.parametrize("public", ["https://homeward.example", "http://127.0.0.1:8080"])
async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    settings: Settings, office: Office, sessions: Sessions, public: str
) -> None:
    """Over https alone where the site has it; a browser of the district without https can still sign in."""
    given = settings.model_copy(update={"api": settings.api.model_copy(update={"public_url": public})})
    app = httpx.ASGITransport(create_app(given, office, sessions))
    async with httpx.AsyncClient(transport=app, base_url=SITE) as web:
        answer = await web.post("/sign-in", data=CREDENTIALS)
    flags = {each.strip().lower() for each in answer.headers["set-cookie"].split(";")}
    assert {"httponly", "samesite=lax", "path=/"} <= flags
    assert public.startswith("https") == ("secure" in flags)


async def test_no_page_is_kept_framed_or_scripted_by_others(visit: Visit) -> None:
    """Nothing of a person stays in a browser's cache; no script or style but our own files runs."""
    officer = await visit("school-one.officer")
    for path in ("/work", "/guide", "/plan", "/report", "/nowhere", "/sign-in"):
        answer = await officer.get(path)
        policy = answer.headers["content-security-policy"]
        assert "no-store" == answer.headers["cache-control"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert not any(each in answer.text for each in ("<style", " style=", "onclick=", "<script>"))


async def test_a_form_without_its_seal_or_with_anothers_is_refused(visit: Visit) -> None:
    """A page somewhere else cannot act in an officer's name, nor can one officer's page in another's."""
    officer, other = await visit("school-one.officer"), await visit("medical-centre.officer")
    theirs = form((await other.get("/guide")).text, "/sign-out")["csrf"]
    for seal in ({}, {"csrf": ""}, {"csrf": "é.é"}, {"csrf": theirs}):
        refused = await officer.post("/sign-out", data=seal)
        assert httpx.codes.FORBIDDEN == refused.status_code
    assert (await officer.get("/guide")).url.path == "/guide"


async def test_a_form_sent_from_another_site_is_refused_whatever_it_carries(visit: Visit) -> None:
    """The browser says where it comes from; even a right seal does not help."""
    officer = await visit("school-one.officer")
    fields = form((await officer.get("/guide")).text, "/sign-out")
    for site in ("cross-site", "same-site"):
        answer = await officer.post("/sign-out", data=fields, headers={"Sec-Fetch-Site": site})
        assert httpx.codes.FORBIDDEN == answer.status_code
    assert (await officer.get("/guide")).url.path == "/guide"


async def test_what_is_not_ones_own_and_what_is_not_there_look_the_same(
    visit: Visit, sign_in: SignIn, office: Office
) -> None:
    """Nobody learns from a refusal that a journey exists."""
    journey = await reported(sign_in, office)
    school = await visit("school-one.officer")
    foreign, missing = await school.get(f"/journeys/{journey}"), await school.get("/journeys/journey-none")
    assert (httpx.codes.NOT_FOUND, httpx.codes.NOT_FOUND) == (foreign.status_code, missing.status_code)
    assert text(foreign.text).replace(journey, "") == text(missing.text).replace("journey-none", "")


async def test_a_fault_gives_a_number_to_quote_and_nothing_else(
    settings: Settings, office: Office, sessions: Sessions
) -> None:
    """The number on the page is the one in the log."""
    app = create_app(settings, office, sessions)

    @app.get("/breaks")
    async def breaks() -> None:
        raise RuntimeError("Nguyễn Thị Thử")

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SITE) as web:
        answer = await web.get("/breaks")
    assert httpx.codes.INTERNAL_SERVER_ERROR == answer.status_code
    assert answer.headers["x-request-id"] in text(answer.text)
    assert "Nguyễn" not in answer.text
    assert "no-store" == answer.headers["cache-control"]


async def test_a_database_that_is_away_is_told_in_words(settings: Settings, office: Office) -> None:
    """An officer reads what to do, not a stack of lines."""
    engine = open_engine("postgresql+asyncpg://nobody:x@127.0.0.1:1/none")
    app = create_app(settings, office, open_sessions(engine))
    cookies = {"homeward": "a-token"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SITE, cookies=cookies) as web:
        answer = await web.get("/work", headers={"Accept-Language": "en"})
    await engine.dispose()
    assert httpx.codes.SERVICE_UNAVAILABLE == answer.status_code
    assert "Go back and try again in a minute" in text(answer.text)


async def test_a_banner_says_when_the_next_steps_wait(
    visit: Visit, sign_in: SignIn, office: Office, sessions: Sessions
) -> None:
    """What is recorded is kept: officers go on working while the engine is away, and know it."""
    journey, banner = await reported(sign_in, office), 'class="banner"'
    officer = await visit("school-one.officer")
    assert banner not in (await officer.get("/guide")).text
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    async with sessions.begin() as session:
        session.add(Command(journey_id=journey, command="look", created_at=long_ago, next_at=long_ago))
    for language, words in HELD_UP.items():
        officer.cookies.set("homeward-language", language)
        page = (await officer.get("/guide")).text
        assert words in text(page.partition(banner)[2]), language


HELD_UP = {
    "vi": "Điều bạn ghi đã được lưu. Việc tiếp theo sẽ mở khi hệ thống chuyển việc hoạt động trở lại.",
    "en": "What you record is kept. The next steps will open when the engine answers again.",
}


FORGED = [
    ("labour-division.coordinator", "/journeys/{}/person", {"revision": "x"}),
    ("labour-division.coordinator", "/journeys/{}/consents", {"purpose": "a\x00b", "recipients": "medical-centre"}),
    ("labour-division.coordinator", "/journeys/{}/again", {"kind": "examine_health", "key": "\x00"}),
    ("district.supervisor", "/board/bulk", {"act": "remind", "step": "do", "so_far": "x", "task": "x@\u00b2"}),
]


@pytest.mark.parametrize(("who", "action", "sent"), FORGED)
async def test_a_form_that_was_tampered_with_is_no_fault(
    visit: Visit, sign_in: SignIn, office: Office, who: str, action: str, sent: dict[str, str]
) -> None:
    """A broken browser, or somebody trying, gets a page that says so."""
    path = action.format(await reported(sign_in, office))
    officer = await visit(who)
    seal = form((await officer.get("/guide")).text, "/sign-out")["csrf"]
    answer = await officer.post(path, data=sent | {"csrf": seal})
    assert answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR
    assert "<h1" in answer.text


async def test_a_page_of_another_role_says_so_and_speaks_of_nothing_typed(visit: Visit) -> None:
    """Whoever opened an address typed nothing into it; they are shown the way to their own pages."""
    answer = await (await visit("medical-centre.officer")).get("/administration")
    told = text(answer.text)
    assert (403, True, False) == (answer.status_code, "Trang này dành cho vai trò khác." in told, "đã nhập" in told)
