"""Whoever practises takes a part with one click; where people are real, nobody is let in like that."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from activities.casework.context import Office
from activities.settings import Settings, SettingsError, load_settings
from activities.store.engine import Sessions
from api.app import create_app
from tests.build.officers import PASSWORD
from tests.build.pages import form

DOCTOR, NURSE = "medical-centre.officer", "commune-tri-an.officer"
TAKEN, FRONT = "/parts/taken", "/parts"


@pytest.fixture
async def practice(
    settings: Settings, office: Office, sessions: Sessions, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """A browser before a practice where two have a part, and nobody sits."""
    sign_ins = tmp_path / "sign-ins.txt"
    sign_ins.write_text("".join(f"{name}\t{PASSWORD}\n" for name in (DOCTOR, NURSE)))
    given = settings.model_copy(update={"api": settings.api.model_copy(update={"parts": sign_ins})})
    app = create_app(given, replace(office, clock=replace(office.clock, scale=3600)), sessions)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://homeward.test") as browser:
        yield browser


async def played(browser: httpx.AsyncClient) -> list[str]:
    """Who is played by people."""
    found: list[str] = (await browser.get(TAKEN)).json()["usernames"]
    return found


async def test_a_part_is_taken_with_one_click_and_given_back(practice: httpx.AsyncClient) -> None:
    """No file is looked for: the first page offers the parts, the work of the part comes next, another is taken as easily."""
    assert FRONT == (await practice.get("/")).headers["location"]
    page = await practice.get(FRONT)
    assert [True, True, False] == [f'value="{name}"' in page.text for name in (DOCTOR, NURSE, "administrator")]
    assert [] == await played(practice)
    assert "/" == (await practice.post(FRONT, data={"username": DOCTOR})).headers["location"]
    assert "/work" == (await practice.get("/")).headers["location"]
    assert [DOCTOR] == await played(practice)
    await practice.post(FRONT, data={"username": NURSE})
    assert [NURSE] == await played(practice)
    work = (await practice.get("/work")).text
    assert 'href="/parts"' in work
    await practice.post("/sign-out", data=form(work, "/sign-out"))
    assert [] == await played(practice)


async def test_nobody_but_those_with_a_part_can_be_played(practice: httpx.AsyncClient) -> None:
    """A name that is not on the page opens nothing."""
    assert 404 == (await practice.post(FRONT, data={"username": "administrator"})).status_code
    assert "homeward" not in practice.cookies


async def test_where_people_are_real_there_is_no_such_door(
    settings: Settings, office: Office, sessions: Sessions
) -> None:
    """The addresses do not exist, the front page asks for a password, and the setting that makes them is refused at life's pace."""
    app = create_app(settings, office, sessions)
    assert not [path for route in app.routes if (path := getattr(route, "path", "")).startswith(FRONT)]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://homeward.test") as browser:
        assert [404, 404] == [(await browser.get(path)).status_code for path in (FRONT, TAKEN)]
        assert 404 == (await browser.post(FRONT, data={"username": DOCTOR})).status_code
        assert "/sign-in" == (await browser.get("/")).headers["location"]
    environ = {
        "HOMEWARD_DATABASE__URL": "postgresql+asyncpg://h/h",
        "HOMEWARD_KEYS__FILE": "k.json",
        "HOMEWARD_API__PARTS": "s.txt",
    }
    assert load_settings(environ | {"HOMEWARD_CLOCK_SCALE": "3600"}).api.parts == Path("s.txt")
    for scale in ({}, {"HOMEWARD_CLOCK_SCALE": "1"}):
        with pytest.raises(SettingsError, match="HOMEWARD_API__PARTS"):
            load_settings(environ | scale)
