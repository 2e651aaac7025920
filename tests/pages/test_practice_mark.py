"""A practice cannot be taken for the real thing: every page says so, in its stripes and in the tab's name."""

from dataclasses import replace

import httpx
import pytest

from activities.casework.context import Office
from activities.settings import Settings
from activities.store.engine import Sessions
from api.app import create_app
from tests.build.officers import PASSWORD

MARKS = ("<title>TẬP DƯỢT – ", 'class="practice"')


@pytest.mark.parametrize(("scale", "marked"), [(3600, True), (1, False)])
async def test_every_page_of_a_practice_is_marked_and_no_other(
    settings: Settings, office: Office, sessions: Sessions, scale: int, marked: bool
) -> None:
    """Sign-in, a room, a locked screen and a refusal: nobody types a real person into it by mistake, nor a made-up one here."""
    fast = replace(office, clock=replace(office.clock, scale=scale))
    app = httpx.ASGITransport(create_app(settings, fast, sessions))
    async with httpx.AsyncClient(transport=app, base_url="http://homeward.test") as browser:
        pages = [(await browser.get("/sign-in")).text]
        await browser.post("/sign-in", data={"username": "school-one.officer", "password": PASSWORD})
        pages += [(await browser.get(path)).text for path in ("/guide", "/nowhere", "/locked")]
    for page in pages:
        assert [marked] * 2 == [mark in page for mark in MARKS], page[:600]


@pytest.mark.parametrize("address", ["", "http://practice.test:8090"])
async def test_every_real_page_leads_to_the_practice(
    settings: Settings, office: Office, sessions: Sessions, address: str
) -> None:
    """In words first, then beside the real work, carrying nothing of it along; where there is none, the page says who can start it."""
    given = settings.model_copy(update={"api": settings.api.model_copy(update={"practice_url": address})})
    app = httpx.ASGITransport(create_app(given, office, sessions))
    async with httpx.AsyncClient(transport=app, base_url="http://homeward.test") as browser:
        await browser.post("/sign-in", data={"username": "school-one.officer", "password": PASSWORD})
        assert 'href="/practice"' in (await browser.get("/guide")).text
        page = (await browser.get("/practice")).text
    assert bool(address) == (f'href="{address}" target="_blank" rel="noopener noreferrer"' in page)
    assert "homeward practice" in page


async def test_no_practice_leads_to_another(settings: Settings, office: Office, sessions: Sessions) -> None:
    """Whoever practises is there already."""
    fast = replace(office, clock=replace(office.clock, scale=3600))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app(settings, fast, sessions)), base_url="http://homeward.test"
    ) as browser:
        await browser.post("/sign-in", data={"username": "school-one.officer", "password": PASSWORD})
        assert 'href="/practice"' not in (await browser.get("/guide")).text
