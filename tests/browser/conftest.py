"""A stack of its own with every officer and a browser; who sits down at it signs in as a person does."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, async_playwright

from deploy.local.supervisor import Stack
from tests.browser.seats import Seat
from tests.browser.stage import set_stage

MONDAY = datetime(2024, 3, 4, 2, tzinfo=UTC)
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
Sit = Callable[..., Awaitable[Page]]


def chromium() -> str:
    """The system's browser: HOMEWARD_TEST_CHROMIUM, or the first of NAMES on PATH."""
    found = os.environ.get("HOMEWARD_TEST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        pytest.fail("chromium-missing: install Chromium (Debian: apt install chromium) or set HOMEWARD_TEST_CHROMIUM")
    return found


@pytest.fixture(scope="session")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """The whole stack at life's pace, from Monday 4 March 2024 on, without journeys."""
    async with Stack(Path(tmp_path_factory.mktemp("stack")), seed="officers", anchor=MONDAY) as running:
        yield running


@pytest.fixture(scope="session")
async def staged(stack: Stack) -> Stack:
    """The stack once journeys stand on it in several states."""
    await set_stage(stack)
    return stack


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser a test process."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        yield opened
        await opened.close()


@pytest.fixture
async def sit(stack: Stack, browser: Browser) -> AsyncIterator[Sit]:
    """Lets an officer sit down, by user name, at a window of some size, in a language, with script or without."""
    seats = list[Seat]()

    async def down(username: str, **how: Any) -> Page:
        seat = await Seat.taken(browser, stack, username, **how)
        seats.append(seat)
        return seat.page

    yield down
    for seat in seats:
        await seat.leave()


@pytest.fixture
async def desk(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    """The JSON interface of the same stack, for what a story needs before it begins."""
    async with httpx.AsyncClient(base_url=f"{stack.api_url}/api/v1", timeout=30) as client:
        yield client
