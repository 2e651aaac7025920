"""`homeward screenshots`: the pictures the README shows, of a rehearsal's synthetic people."""

import asyncio
import os
import shutil
from pathlib import Path
from typing import Annotated, Any

import typer

from activities.security.sign_in_file import read_sign_ins
from deploy.local.errors import StackError
from deploy.local.supervisor import Stack
from deploy.rehearsal.rehearsal import ANCHOR, Script, emptied, rehearsing

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PLAYED = 28.0  # real seconds of the rehearsal before the pictures: a week, so that journeys stand at all stages
PHONE, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
PICTURES = (  # name, who looks, where, at what size
    ("my-work", "labour-division.officer", "/work", PHONE),
    ("report", "commune-tri-an.officer", "/report", PHONE),
    ("journeys", "labour-division.coordinator", "/journeys", WIDE),
    ("stalled-steps", "district.supervisor", "/board", WIDE),
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("screenshots")(screenshots)


def screenshots(
    to: Annotated[Path, typer.Option(help="Folder the pictures are written to.")] = Path("deploy/docs/pictures"),
    data: Annotated[Path, typer.Option(help="Folder of the rehearsal; an earlier one in it is thrown away.")] = Path(
        ".homeward-rehearsal"
    ),
) -> None:
    """Play a short rehearsal and photograph its pages, in Vietnamese. Needs the packages of the tests and Chromium."""
    asyncio.run(_take(to, data, _browser()))
    typer.echo(f"pictures written to {to}")


def _browser() -> str:
    found = os.environ.get("HOMEWARD_TEST_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        raise StackError(
            "chromium-missing", "install Chromium (Debian: apt install chromium) or set HOMEWARD_TEST_CHROMIUM"
        )
    return found


async def _take(to: Path, data: Path, browser: str) -> None:
    try:
        from playwright.async_api import async_playwright  # noqa: PLC0415 - only the packages of the tests hold it, and `homeward --help` reads this module without them
    except ImportError as error:
        raise StackError(
            "packages-missing", "Playwright is not here: run deploy/test once, which installs it"
        ) from error
    script = Script(journeys=12, longest=PLAYED)
    stack = Stack(emptied(data), scale=script.scale, anchor=ANCHOR, seed="officers", say=typer.echo)
    async with stack, rehearsing(script, stack) as rehearsal, async_playwright() as playwright:
        await rehearsal.run(lambda _, __: None)
        opened = await playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        await asyncio.to_thread(to.mkdir, parents=True, exist_ok=True)
        for name, username, path, size in PICTURES:
            await _photograph(opened, stack, to / f"{name}.png", username, path, size)
        await opened.close()


async def _photograph(browser: Any, stack: Stack, file: Path, username: str, path: str, size: dict[str, int]) -> None:
    password = read_sign_ins(stack.sign_ins)[username]
    context = await browser.new_context(base_url=stack.api_url, viewport=size, locale="vi-VN")
    page = await context.new_page()
    await page.goto("/sign-in")
    await page.get_by_label("Tên đăng nhập").fill(username)
    await page.get_by_label("Mật khẩu").fill(password)
    await page.get_by_role("button", name="Đăng nhập").click()
    answer = await page.goto(path)
    if not answer.ok or not page.url.endswith(path):  # a refusal, or the sign-in again, would stand in the README
        raise StackError("picture-without-page", f"{username} does not find {path}: {answer.status} at {page.url}")
    await page.screenshot(path=file)
    await context.close()
