"""An officer before a browser: a window of a size, a language, with script or without; faults of the page fail the story."""

import asyncio
import time
from dataclasses import dataclass, field

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page

from activities.security.sign_in_file import read_sign_ins
from deploy.local.supervisor import Stack

PHONE, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
USER = {"vi": "Tên đăng nhập", "en": "User name"}
PASSWORD = {"vi": "Mật khẩu", "en": "Password"}
IN = {"vi": "Đăng nhập", "en": "Sign in"}


@dataclass
class Seat:
    """One window of one officer."""

    context: BrowserContext
    page: Page
    faults: list[str] = field(default_factory=list)

    @classmethod
    async def taken(
        cls, browser: Browser, stack: Stack, username: str, *, size: dict[str, int] = PHONE, language: str = "vi",
        script: bool = True, dark: bool = False,
    ) -> "Seat":  # fmt: skip
        """Signed in, at the room this officer begins in."""
        context = await browser.new_context(
            base_url=stack.api_url, viewport={"width": size["width"], "height": size["height"]}, java_script_enabled=script,
            locale="vi-VN" if language == "vi" else "en-GB", color_scheme="dark" if dark else "light",
        )  # fmt: skip
        await context.add_cookies([{"name": "homeward-language", "value": language, "url": stack.api_url}])
        seat = cls(context, await context.new_page())
        seat.page.on("pageerror", lambda error: seat.faults.append(str(error)))
        seat.page.on("console", seat.hear)
        await seat.page.goto("/sign-in")
        await seat.page.get_by_label(USER[language]).fill(username)
        await seat.page.get_by_label(PASSWORD[language]).fill(read_sign_ins(stack.sign_ins)[username])
        await seat.page.get_by_role("button", name=IN[language]).click()
        return seat

    def hear(self, said: ConsoleMessage) -> None:
        """A page that complains to its console is at fault; a refusal's status or a live line that broke off is no fault."""
        refused = "the server responded with a status of 4" in said.text
        if said.type == "error" and not refused and not said.location["url"].endswith("/live"):
            self.faults.append(said.text)

    async def leave(self) -> None:
        """Close the window; nothing on it may have been at fault."""
        await self.context.close()
        assert not self.faults, self.faults


async def until_there(page: Page, place: Locator, seconds: float = 30) -> None:
    """Load the page again, as a person without live updates does, until the place is there."""
    until = time.monotonic() + seconds
    while not await place.count():
        assert time.monotonic() < until, f"not there: {place}"
        await asyncio.sleep(0.3)
        await page.reload()
