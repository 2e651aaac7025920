"""Pages that no link leads to, because they are drawn in answer to a form: whoever cannot see them can use them."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Route

from activities.casework.context import Office
from activities.settings import Settings
from activities.store.engine import Sessions
from api.pages.show import environment
from tests.browser.axe import violations
from tests.browser.test_everywhere import LOOKS
from tests.build.shapes import Drawn
from tests.pages.conftest import Browse, Visit
from tests.pages.reaching import every_page
from tests.pages.standing import Opens, opens, reported
from tests.pages.test_templates import sign_ins
from tests.pages.window import address, window

__all__ = ["address", "opens", "reported", "sign_ins", "window"]


@pytest.mark.timeout(600)
async def test_what_is_drawn_in_answer_to_a_form_can_be_read_by_everybody(
    visit: Visit, browse: Browse, opens: Opens, sessions: Sessions, office: Office, settings: Settings, reported: str,
    sign_ins: Path, window: BrowserContext, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """What is read back, previewed, refused, done: no violation of WCAG 2.2 A or AA, in either language, light and dark."""
    drawn, found = Drawn(), list[str]()
    with monkeypatch.context() as kept:
        kept.setattr("api.pages.show.environment", drawn.environment)
        await every_page(visit, browse, opens, sessions, office, settings, reported, sign_ins)
    pages: dict[str, dict[str, Any]] = {name: facts for name, facts in drawn.met if not facts.get("reads")}
    assert {
        "officer/check.html",
        "officer/sure.html",
        "supervisor/bulk.html",
        "everyone/typed.html",
        "problem.html",
    } <= set(pages)
    page, now = await window.new_page(), {"body": ""}

    async def answer(route: Route) -> None:
        await route.fulfill(body=now["body"], content_type="text/html; charset=utf-8")

    await page.route("**/drawn", answer)
    for language, (name, facts) in product(LOOKS, pages.items()):
        now["body"] = environment(language).get_template(name).render(**facts)
        await page.goto("/drawn")
        found += [f"{name} {language} {each}" for each in await violations(page, LOOKS[language])]
    assert [] == found
