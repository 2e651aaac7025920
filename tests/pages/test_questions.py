"""Every page asks little of the database, whoever opens it."""

from urllib.parse import urljoin

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.casework.context import Office
from activities.store.engine import Sessions
from tests.api.test_board import _made
from tests.browser.walking import kind_of
from tests.build.pages import Page
from tests.build.statements import statements
from tests.pages.conftest import Visit

ROLES = (
    "commune-tri-an.officer", "medical-centre.officer", "labour-division.coordinator", "district-police.officer",
    "labour-division.head", "district.supervisor", "administrator",
)  # fmt: skip


MOST, OUT = 4, ("/locked", "/api", "/static")


@pytest.mark.parametrize("username", ROLES)
async def test_a_page_asks_four_questions_at_most(
    visit: Visit, sessions: Sessions, office: Office, engine: AsyncEngine, username: str
) -> None:
    """Who is asking among them, however much a page shows (decision 0019)."""
    await _made(sessions, office, 5)
    browser, waiting, seen = await visit(username), ["/guide"], dict[str, int]()
    while waiting:
        path = waiting.pop(0)
        if path == "/" or kind_of(path) in seen or not path.startswith("/") or path.startswith(OUT):
            continue
        answer = await browser.get(path)
        if "html" in answer.headers["content-type"]:
            waiting += [urljoin(path, each).partition("#")[0] for each in Page(answer.text).links]
        with statements(engine) as asked:
            await browser.get(path)
        seen[kind_of(path)] = len(asked)
    assert {} == {kind: n for kind, n in seen.items() if n > MOST}
    assert len(seen) > 5
