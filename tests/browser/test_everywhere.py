"""What holds on every page, whoever looks: no link that leads nowhere, nothing an assistive technology trips over, little weight."""

import pytest
from playwright.async_api import Browser, Response, expect

from deploy.local.supervisor import Stack
from tests.browser.axe import Looks, violations
from tests.browser.seats import IN, PASSWORD, PHONE, USER, WIDE, Seat
from tests.browser.stage import ROLES
from tests.browser.walking import Walk, walk

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.timeout(900)]
LOOKS: dict[str, Looks] = {
    "vi": {"light": PHONE, "dark": WIDE},
    "en": {"light": WIDE, "dark": PHONE},
}
CHOSEN = {"vi": ("Mật khẩu mới", "Nhập lại mật khẩu mới"), "en": ("New password", "New password once more")}
TASK = "/tasks/*"
AS_SEEN = {  # each role finds something else there: other parts, other acts
    "/work", "/journeys", "/journeys/*", "/journeys/*/timeline", "/board", "/board/rows", "/board/tasks/*", "/board/agencies/*", "/board/requests",
}  # fmt: skip
WALKS = dict[str, Walk]()
FIRST, LATER = 100_000, 20_000  # bytes over the wire


async def walked(stack: Stack, username: str) -> Walk:
    """The walk of this officer, taken once a test process."""
    if username not in WALKS:
        WALKS[username] = await walk(stack, username)
    return WALKS[username]


async def own_pages(stack: Stack, username: str) -> list[list[str]]:
    """Pages of each kind that no officer before this one meets: what they share is looked at once.

    What is another page for each role is looked at as each of them, and a task in each state.
    """
    before = ROLES[: ROLES.index(username)]
    shared = {kind for each in before for kind in (await walked(stack, each)).pages} - AS_SEEN
    own = (await walked(stack, username)).pages
    return [[each] for each in own.get(TASK, [])] + [
        paths for kind, paths in own.items() if kind not in {*shared, TASK}
    ]


@pytest.mark.parametrize("username", ROLES)
async def test_no_link_leads_nowhere(staged: Stack, username: str) -> None:
    """Whatever an officer can click exists, answers, and has a way on."""
    met = await walked(staged, username)
    assert ([], []) == (met.broken, met.dead_ends)
    assert len(met.pages) > 2
    for kind in ("/journeys/import/*", "/journeys/start/*/check", "/journeys/start/*/done/check_information"):
        assert (kind in met.pages) == (username == "labour-division.coordinator"), kind


@pytest.mark.parametrize("username", ROLES)
async def test_every_page_can_be_read_by_everybody(staged: Stack, browser: Browser, username: str) -> None:
    """Labels, contrast, order, names: no violation of WCAG 2.2 A or AA, in either language, light and dark."""
    pages, found = await own_pages(staged, username), list[str]()
    for number, language in enumerate(LOOKS):
        seat = await Seat.taken(browser, staged, username, language=language)
        for paths in pages:
            path = paths[number % len(paths)]  # the second language looks at another page of the kind
            await seat.page.goto(path)
            found += [f"{language} {each}" for each in await violations(seat.page, LOOKS[language])]
        await seat.leave()
    assert [] == found


@pytest.mark.parametrize("language", LOOKS)
async def test_pages_of_nobody_can_be_read_too(stack: Stack, browser: Browser, language: str) -> None:
    """The sign-in and the invitation, also when they are refused, and the page for an address that leads nowhere."""
    context = await browser.new_context(base_url=stack.api_url, locale="vi-VN" if language == "vi" else "en-GB")
    page, found = await context.new_page(), list[str]()
    for path in ("/sign-in", "/nowhere", "/invitation#a-code-of-nobody"):
        await page.goto(path)
        found += await violations(page, LOOKS[language])
    for label in CHOSEN[language]:
        await page.get_by_label(label, exact=True).fill("bốn con trâu trên đồi")
    await page.get_by_role("main").get_by_role("button").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    found += await violations(page, LOOKS[language])
    await page.goto("/sign-in")
    await page.get_by_label(USER[language]).fill("nobody")
    await page.get_by_label(PASSWORD[language]).fill("nothing like it")
    await page.get_by_role("button", name=IN[language]).click()
    await expect(page.get_by_role("alert")).to_be_visible()
    found += await violations(page, LOOKS[language])
    await context.close()
    assert [] == found


@pytest.mark.parametrize("username", ROLES)
async def test_pages_are_light(staged: Stack, browser: Browser, username: str) -> None:
    """A commune's slow line carries the first page in 100 KB and each further one in 20 KB."""
    seat = await Seat.taken(browser, staged, username)
    heavy = dict[str, int]()
    first = await _weight(seat, "/sign-in", fresh=True) + await _weight(seat, "/")
    for path, *_ in await own_pages(staged, username):
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

    await seat.page.goto("about:blank")  # what the page before still waits for is not this one's
    seat.page.on("response", keep)
    if fresh:
        session = await seat.context.new_cdp_session(seat.page)
        await session.send("Network.clearBrowserCache")
    await seat.page.goto(path, wait_until="load")
    await seat.page.evaluate("document.fonts.ready.then(() => null)")
    seat.page.remove_listener("response", keep)
    sizes = [await each.request.sizes() for each in got if "/live" not in each.url]
    return sum(each["responseBodySize"] + each["responseHeadersSize"] for each in sizes)
