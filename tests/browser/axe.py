"""What an assistive technology would trip over on a page that stands there, in the light and the dark scheme."""

from collections.abc import Mapping
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
Scheme = Literal["light", "dark"]
Looks = Mapping[Scheme, Mapping[str, int]]


async def violations(page: Page, looks: Looks) -> list[str]:
    """What is wrong with it in each scheme and its size of the window; the page is not loaded again."""
    found = list[str]()
    await page.evaluate(AXE_SCRIPT)
    for scheme, size in looks.items():
        await page.set_viewport_size({"width": size["width"], "height": size["height"]})
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour half way to another
        for each in (await page.evaluate("options => axe.run(options)", AXE))["violations"]:
            found.append(f"{page.url} {scheme}: {each['id']} {each['nodes'][0]['html'][:120]}")
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{page.url} {size['width']}: wider than the window")
    return found
