"""What holds on every page, whoever looks: no link that leads nowhere, nothing an assistive technology trips over, little weight."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Response

from deploy.local.supervisor import Stack
from tests.browser.seats import PHONE, WIDE, Seat
from tests.browser.stage import ROLES
from tests.browser.walking import Walk, walk

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.timeout(900)]
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
LOOKS = (("vi", False, PHONE), ("en", True, WIDE))
WALKS = dict[str, Walk]()
FIRST, LATER = 100_000, 20_000  # bytes over the wire


async def walked(stack: Stack, username: str) -> Walk:
    """The walk of this officer, taken once a test process."""
    if username not in WALKS:
        WALKS[username] = await walk(stack, username)
    return WALKS[username]


async def own_pages(stack: Stack, username: str) -> list[str]:
    """A page of each kind that no officer before this one meets: what they share is looked at once."""
    before = ROLES[: ROLES.index(username)]
    shared = {kind for each in before for kind in (await walked(stack, each)).pages}
    return [path for kind, path in (await walked(stack, username)).pages.items() if kind not in shared]


@pytest.mark.parametrize("username", ROLES)
async def test_no_link_leads_nowhere(staged: Stack, username: str) -> None:
    """Whatever an officer can click exists, answers, and has a way on."""
    met = await walked(staged, username)
    assert ([], []) == (met.broken, met.dead_ends)
    assert len(met.pages) > 2


@pytest.mark.parametrize("username", ROLES)
async def test_every_page_can_be_read_by_everybody(staged: Stack, browser: Browser, username: str) -> None:
    """Labels, contrast, order, names: no violation of WCAG 2.2 A or AA, in either language, light and dark."""
    pages, found = await own_pages(staged, username), list[str]()
    for language, dark, size in LOOKS:
        seat = await Seat.taken(browser, staged, username, size=size, language=language, dark=dark)
        for path in pages:
            await seat.page.goto(path)
            for each in (await Axe().run(seat.page, options=AXE)).response["violations"]:
                found.append(
                    f"{path} {language} {'dark' if dark else 'light'}: {each['id']} {each['nodes'][0]['html'][:120]}"
                )
            if await seat.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{path} {language} {size['width']}: wider than the window")
        await seat.leave()
    assert [] == found


@pytest.mark.parametrize("username", ROLES)
async def test_pages_are_light(staged: Stack, browser: Browser, username: str) -> None:
    """A commune's slow line carries the first page in 100 KB and each further one in 20 KB."""
    seat = await Seat.taken(browser, staged, username)
    heavy = dict[str, int]()
    first = await _weight(seat, "/sign-in", fresh=True) + await _weight(seat, "/")
    for path in await own_pages(staged, username):
        if (weight := await _weight(seat, path)) > LATER:
            heavy[path] = weight
    await seat.leave()
    assert first <= FIRST
    assert {} == heavy


async def _weight(seat: Seat, path: str, *, fresh: bool = False) -> int:
    """Bytes a page brings over the wire; what the browser has kept weighs nothing."""
    got = list[Response]()

    def keep(answer: Response) -> None:
        got.append(answer)

    seat.page.on("response", keep)
    if fresh:
        session = await seat.context.new_cdp_session(seat.page)
        await session.send("Network.clearBrowserCache")
    await seat.page.goto(path, wait_until="load")
    seat.page.remove_listener("response", keep)
    sizes = [await each.request.sizes() for each in got if "/live" not in each.url]
    return sum(each["responseBodySize"] + each["responseHeadersSize"] for each in sizes)
