"""Every page asks little of the database, whoever opens it."""

from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.casework.context import Office
from activities.settings import Settings
from activities.store.engine import Sessions
from tests.api.test_board import _made
from tests.browser.walking import kind_of
from tests.build.pages import Page
from tests.build.statements import statements
from tests.pages.conftest import Browse, Visit
from tests.pages.reaching import every_page
from tests.pages.standing import Opens, opens, reported
from tests.pages.test_templates import sign_ins

__all__ = ["opens", "reported", "sign_ins"]
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


@pytest.mark.timeout(600)
async def test_no_page_of_a_day_full_of_everything_asks_more(
    visit: Visit, browse: Browse, opens: Opens, sessions: Sessions, office: Office, settings: Settings, reported: str,
    sign_ins: Path, engine: AsyncEngine,
) -> None:  # fmt: skip
    """Requests, corrections, drafts, sheets of people, absences, files, comments: each kind of page once more, and counted."""
    opened = dict[tuple[str, str], tuple[httpx.AsyncClient, str]]()

    async def down(username: str) -> httpx.AsyncClient:
        seat = await visit(username)

        async def note(answer: httpx.Response) -> None:
            if answer.request.method == "GET" and answer.status_code == httpx.codes.OK:
                path = answer.request.url.raw_path.decode()
                opened.setdefault((username, kind_of(path)), (seat, path))

        seat.event_hooks["response"].append(note)
        return seat

    await every_page(down, browse, opens, sessions, office, settings, reported, sign_ins)
    seen = dict[str, int]()
    for (_, kind), (seat, path) in list(opened.items()):
        with statements(engine) as asked:
            there = (await seat.get(path)).status_code == httpx.codes.OK
        seen[kind] = max(seen.get(kind, 0), len(asked) if there and not path.startswith(OUT) else 0)
    assert {} == {kind: n for kind, n in seen.items() if n > MOST}
    assert len(seen) > 60
