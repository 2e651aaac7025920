"""What style, script and fonts promise: nothing moves for who cannot bear it, nothing stale is served, every letter has its shape."""

import shutil
import unicodedata
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Literal

import httpx
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import BrowserContext, Page

from api.pages import assets
from tests.pages.conftest import Visit
from tests.pages.window import address, sits, window

__all__ = ["address", "window"]
NOT_FOUND = 404
VOWELS, TONES = "aăâeêioôơuưy", ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
VIETNAMESE = "".join(
    letter
    for vowel, tone in product(VOWELS, TONES)
    for letter in (unicodedata.normalize("NFC", vowel + tone), unicodedata.normalize("NFC", vowel.upper() + tone))
)
LETTERS = VIETNAMESE + "đĐ" + "bcdghklmnpqrstvxBCDGHKLMNPQRSTVXfjwzFJWZ0123456789"


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the files that are served, to change; what is kept of them in memory is let go before and after."""
    shutil.copytree(Path(assets.__file__).parents[1] / "static", tmp_path / "static")
    _forget()
    with monkeypatch.context() as patch:
        patch.setattr(assets, "files", lambda _: tmp_path)
        yield tmp_path / "static"
    _forget()


def _forget() -> None:
    assets.address.cache_clear()
    assets._content.cache_clear()
    assets._packed.cache_clear()


@pytest.mark.parametrize("name", ["homeward.css", "homeward.js", "vendor/be-vietnam-pro-latin-400.woff2"])
async def test_a_changed_file_has_another_address_and_the_old_one_never_serves_it(
    visit: Visit, edited: Path, name: str
) -> None:
    """Browsers keep them for good: an address is one content, and a style sheet changes with the fonts it names."""
    seat = await visit("medical-centre.officer")
    sheet, before = assets.address("homeward.css"), assets.address(name)
    kept = await seat.get(before)
    assert "immutable" in kept.headers["cache-control"]
    with (edited / name).open("ab") as file:
        file.write(b"\n/**/")  # not a space: those are left out of what is served
    _forget()
    after = assets.address(name)
    assert before != after
    assert NOT_FOUND == (await seat.get(before)).status_code
    fresh = await seat.get(after)
    assert kept.content != fresh.content
    assert httpx.codes.OK == fresh.status_code
    assert (name != "homeward.js") == (sheet != assets.address("homeward.css"))
    assert after in (page := (await seat.get("/work")).text) or (name.startswith("vendor") and assets.address("homeward.css") in page)  # fmt: skip


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"), ("identity", ""), ("", "")],
)
async def test_a_style_sheet_comes_in_the_tightest_packing_a_browser_takes(
    visit: Visit, accepted: str, sent: str
) -> None:
    """What is read is the same; a cache between keeps them apart; a font, which is packed, goes as it is."""
    seat = await visit("medical-centre.officer")
    sheet = assets.address("homeward.css")
    answer = await seat.get(sheet, headers={"Accept-Encoding": accepted})
    plain = await seat.get(sheet, headers={"Accept-Encoding": "identity"})
    assert (sent, plain.content) == (answer.headers.get("content-encoding", ""), answer.content)
    assert not sent or "Accept-Encoding" == answer.headers["vary"]
    font = await seat.get(
        assets.address("vendor/be-vietnam-pro-latin-400.woff2"), headers={"Accept-Encoding": accepted}
    )
    assert "content-encoding" not in font.headers


async def test_every_letter_of_vietnamese_comes_from_our_font(window: BrowserContext) -> None:
    """All vowels with all tones, small and great, in both weights: the browser says which font each glyph came from."""
    assert 12 * 6 * 2 == len(set(VIETNAMESE))
    page = await window.new_page()
    await page.goto("/sign-in")
    for weight in ("400", "600"):
        assert {("Be Vietnam Pro", True): len(LETTERS)} == await fonts(page, LETTERS, weight)
    assert ("Be Vietnam Pro", True) not in await fonts(page, "Жあ", "400"), "the browser's word means nothing"


async def fonts(page: Page, text: str, weight: str) -> dict[tuple[str, bool], int]:
    """Glyphs by the font they are drawn from and whether the page brought it."""
    await page.evaluate(
        "async ([text, weight]) => { const p = document.createElement('p'); p.id = 'letters'; p.textContent = text;"
        " p.style.fontWeight = weight; document.querySelector('#letters')?.remove(); document.body.append(p);"
        " await document.fonts.load(`${weight} 16px 'Be Vietnam Pro'`, text); await document.fonts.ready; }",
        [text, weight],
    )
    session = await page.context.new_cdp_session(page)
    await session.send("DOM.enable")
    await session.send("CSS.enable")
    root = (await session.send("DOM.getDocument"))["root"]["nodeId"]
    node = (await session.send("DOM.querySelector", {"nodeId": root, "selector": "#letters"}))["nodeId"]
    used = (await session.send("CSS.getPlatformFontsForNode", {"nodeId": node}))["fonts"]
    await session.detach()
    found = dict[tuple[str, bool], int]()
    for each in used:
        key = (each["familyName"].removesuffix(" SemiBold"), each["isCustomFont"])
        found[key] = found.get(key, 0) + int(each["glyphCount"])
    return found


async def test_nothing_moves_for_who_asks_for_less_motion(window: BrowserContext) -> None:
    """Buttons, links and fields change at once; without that wish they glide, so the rule is what stops them."""
    page = await window.new_page()
    await page.goto("/sign-in")
    measure = (
        "[...document.querySelectorAll('a, button, input')].map(each => getComputedStyle(each).transitionDuration)"
    )
    await page.emulate_media(reduced_motion="no-preference")
    assert any(each != "0s" for each in await page.evaluate(measure))
    await page.emulate_media(reduced_motion="reduce")
    assert {"0s"} == set(await page.evaluate(measure))
    style = "(({animationName, scrollBehavior}) => [animationName, scrollBehavior])(getComputedStyle(document.documentElement))"
    assert ["none", "auto"] == await page.evaluate(style)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_what_is_pointed_at_can_be_read(window: BrowserContext, scheme: Literal["light", "dark"]) -> None:
    """A button changes its colour under the pointer: its letters stand out from that one as well."""
    page, looked = await sits(window, "labour-division.coordinator", "/account"), 0
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    for path in ("/account", "/work", "/journeys", "/journeys/start", "/absences"):
        await page.goto(path)
        await page.evaluate(AXE_SCRIPT)
        for each in await page.locator("button, .act").all():
            if await each.is_visible():
                await each.hover()
                found = await each.evaluate("it => axe.run(it, {runOnly: ['color-contrast']})")
                assert [] == found["violations"], (path, await each.inner_text())
                looked += 1
    assert looked > 4
