"""A story told at a window: each step is named by the words of the pages, in either language, and counted."""

import re
from collections import Counter
from dataclasses import dataclass, field

from playwright.async_api import Locator, Page, expect

from api.words import in_language
from tests.browser.axe import violations
from tests.browser.seats import until_there
from tests.build import account

SIGNED_IN = {"pages": 2, "clicks": 1, "fields": 2}  # what the sign-in takes of everybody


@dataclass
class Teller:
    """Who acts at the page. `tally`: pages loaded, clicks made and fields filled in since the sign-in page."""

    page: Page
    language: str
    script: bool = True
    tally: Counter[str] = field(default_factory=lambda: Counter(SIGNED_IN))

    @classmethod
    async def at(cls, page: Page, language: str, front: str, *, script: bool = True) -> "Teller":
        """Once the room this officer begins in is there; `front`: its heading."""
        told = cls(page, language, script)
        account.story(front, told.tally)
        await expect(page.get_by_role("heading", level=1, name=told.word(front))).to_be_visible()
        page.on("domcontentloaded", lambda _: told.tally.update(pages=1))
        return told

    def word(self, message: str, **named: object) -> str:
        """A message of the catalogue, or a code as `room:code`, in the language of the window."""
        text = in_language(self.language, message)
        for name, value in named.items():
            text = text.replace(f"%({name})s", str(value))
        return text

    def pattern(self, message: str, **named: object) -> re.Pattern[str]:
        """The same where any value may stand in a gap that is not named."""
        return re.compile(re.sub(r"%\\\(\w+\\\)s", ".+", re.escape(self.word(message, **named))))

    async def press(self, name: str, within: Locator | None = None, **named: object) -> None:
        """A button, and the page it leads to."""
        await self._go((within or self.page).get_by_role("button", name=self.word(name, **named), exact=True))

    async def follow(self, name: str, within: Locator | None = None) -> None:
        """A link, and the page it leads to."""
        await self._go((within or self.page).get_by_role("link", name=self.word(name), exact=True))

    async def open(self, link: Locator) -> None:
        """A link found by its row, and the page it leads to."""
        await self._go(link)

    async def unfold(self, name: str) -> None:
        """What stands folded under this title."""
        self.tally.update(clicks=1)
        await self.page.get_by_role("main").get_by_text(self.word(name), exact=True).first.click()

    async def tick(self, name: str, within: Locator | None = None) -> None:
        """One answer of several, or a box."""
        self.tally.update(fields=1)
        place = within or self.page
        radio, box = (place.get_by_role(role, name=self.word(name), exact=True) for role in ("radio", "checkbox"))
        await radio.or_(box).check()

    async def choose_row(self, task: str, reference: str) -> None:
        """The box before a row of many."""
        self.tally.update(fields=1)
        words = self.word("Choose: %(task)s, %(reference)s, %(name)s", task=task, reference=reference, name="")
        await self.page.get_by_role("checkbox", name=words).check()

    async def write(self, name: str, text: str) -> None:
        """A line or a box of text."""
        self.tally.update(fields=1)
        await self.page.get_by_role("textbox", name=self._begins(name)).locator("visible=true").fill(text)

    async def choose(self, name: str, option: str) -> None:
        """One entry of a list, by a part of its words."""
        self.tally.update(fields=1)
        offered = self.page.get_by_role("combobox", name=self._begins(name)).locator("visible=true")
        words = await offered.get_by_role("option").filter(has_text=self.word(option)).first.text_content()
        await offered.select_option(label=words)

    async def sees(self, text: str, **named: object) -> None:
        """These words stand on the page; a gap in a message that is not named may be filled in any way."""
        await expect(self.page.get_by_role("main").get_by_text(self.pattern(text, **named)).first).to_be_visible()

    async def can_be_read(self) -> None:
        """A page that no link leads to has nothing an assistive technology trips over, in either scheme."""
        if self.script and (size := self.page.viewport_size):
            at = {"width": size["width"], "height": size["height"]}
            assert not (found := await violations(self.page, {"dark": at, "light": at})), found

    async def hears(self, said: str) -> None:
        """What the act before is told to have done."""
        await expect(self.page.get_by_role("status").filter(has_text=self.word(f"said:{said}"))).to_be_visible()

    async def waits_for(self, place: Locator) -> None:
        """What other desks and the engine do meanwhile: looked for again and again, which is no step of the story."""
        before = self.tally["pages"]
        await until_there(self.page, place)
        self.tally["pages"] = before

    def row(self, *texts: str) -> Locator:
        """The innermost entry of a list with all these words."""
        found = self.page.get_by_role("main").get_by_role("listitem")
        for text in texts:
            found = found.filter(has_text=text)
        return found.last

    def _begins(self, name: str) -> re.Pattern[str]:
        return re.compile(f"^{re.escape(self.word(name))}")

    async def _go(self, way: Locator) -> None:
        self.tally.update(clicks=1)
        async with self.page.expect_navigation():
            await way.click()
