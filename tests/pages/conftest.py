"""A browser without script: it keeps its cookie and follows where it is sent."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from activities.casework.context import Office
from activities.settings import Settings
from activities.store.engine import Sessions
from api.app import create_app
from tests.api.conftest import sign_in
from tests.build.officers import PASSWORD

__all__ = ["sign_in"]
Browse = Callable[[str], Awaitable[httpx.AsyncClient]]
Visit = Callable[[str], Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def visit(settings: Settings, office: Office, sessions: Sessions) -> AsyncIterator[Visit]:
    """Sit down as an officer; Vietnamese unless the language is chosen."""
    app, seats = httpx.ASGITransport(create_app(settings, office, sessions)), list[httpx.AsyncClient]()

    async def down(username: str) -> httpx.AsyncClient:
        seat = httpx.AsyncClient(transport=app, base_url="http://homeward.test", follow_redirects=True)
        seats.append(seat)
        answer = await seat.post("/sign-in", data={"username": username, "password": PASSWORD}, follow_redirects=False)
        assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
        return seat

    yield down
    for seat in seats:
        await seat.aclose()


@pytest.fixture
async def browse(settings: Settings, office: Office, sessions: Sessions) -> AsyncIterator[Browse]:
    """A browser of its own for this officer, signed in; one nobody sits at for an empty name."""
    app, browsers = httpx.ASGITransport(create_app(settings, office, sessions)), list[httpx.AsyncClient]()

    async def opened(username: str) -> httpx.AsyncClient:
        browser = httpx.AsyncClient(transport=app, base_url="http://homeward.test", headers={"Accept-Language": "en"})
        browsers.append(browser)
        if username:
            answer = await browser.post("/sign-in", data={"username": username, "password": PASSWORD})
            assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
            browser.cookies.set("homeward-language", "en")
        return browser

    yield opened
    for browser in browsers:
        await browser.aclose()
