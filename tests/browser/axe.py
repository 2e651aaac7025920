"""What an assistive technology, or a thumb, would trip over on a page that stands there, in the light and the dark scheme."""

from collections.abc import Mapping
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page, ViewportSize

from tests.build import account

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
UNFOLD = """document.querySelectorAll("details:not([open])").forEach(each => { each.open = true; each.dataset.unfolded = "" })"""
FOLD = """document.querySelectorAll("[data-unfolded]").forEach(each => { each.open = false; delete each.dataset.unfolded })"""
NARROW: ViewportSize = {"width": 320, "height": 256}  # what is left of 1280 x 1024 at 400 %: WCAG 1.4.10
TELEPHONE: ViewportSize = {"width": 360, "height": 740}
LEAST = 24  # CSS pixels a target measures each way: WCAG 2.5.8, which exempts links within a sentence
SMALL = """least => {
  const inline = node => getComputedStyle(node).display === "inline";
  const block = node => { do node = node.parentElement; while (inline(node)); return node; };
  const sentence = link => {
    const walk = document.createTreeWalker(block(link), NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const at = walk.currentNode, own = at.parentElement.closest("a, button, summary, .count, .unseen");
      if (!own && /\\p{L}{2}/u.test(at.data) && block(at) === block(link)) return true;
    }
    return false;
  };
  return [...document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden])")].flatMap(each => {
    const { width, height } = each.getBoundingClientRect();
    const there = each.checkVisibility({ visibilityProperty: true }) && !each.matches(".skip, .away, svg *");
    if (!there || Math.min(width, height) > least - 0.5 || each.matches("a") && sentence(each)) return [];
    return [`${Math.round(width)} x ${Math.round(height)}: ${each.outerHTML.slice(0, 110)}`];
  });
}"""
Scheme = Literal["light", "dark"]
Looks = Mapping[Scheme, Mapping[str, int]]


async def violations(page: Page, looks: Looks) -> list[str]:
    """What is wrong with it in each scheme and its size of the window, also in what is folded away; the page stays as it was."""
    found, broken = list[str](), 0
    await page.evaluate(AXE_SCRIPT)
    await page.evaluate(UNFOLD)
    for scheme, size in looks.items():
        await page.set_viewport_size({"width": size["width"], "height": size["height"]})
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour half way to another
        for each in (await page.evaluate("options => axe.run(options)", AXE))["violations"]:
            broken += 1
            found.append(f"{page.url} {scheme}: {each['id']} {each['nodes'][0]['html'][:120]}")
        found += await _wider(page)
    await page.set_viewport_size(NARROW)
    found += await _wider(page)
    found += await small(page)
    await page.evaluate(FOLD)
    account.read(len(looks), broken)
    return found


async def small(page: Page) -> list[str]:
    """Buttons, fields and links that stand alone, and are smaller on a telephone than a thumb needs."""
    await page.set_viewport_size(TELEPHONE)
    return [f"{page.url} {each}" for each in await page.evaluate(SMALL, LEAST)]


async def _wider(page: Page) -> list[str]:
    if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        return [f"{page.url} {await page.evaluate('innerWidth')}: wider than the window"]
    return []
