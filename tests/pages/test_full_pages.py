"""Pages as full as they get: a commune's slow line carries each in 20 KB, whatever it lists."""

import httpx
import pytest

from activities.casework.context import Office
from activities.store.engine import Sessions
from tests.pages.conftest import Visit
from tests.pages.standing import COORDINATOR, DOCTOR
from tests.pages.test_live_lists import examinations

LATER = 20_000  # bytes over the wire, once style, script and fonts are there
MANY = 60  # more than a page of any list holds
FULL = {
    DOCTOR: ("/work", "/notices"),
    COORDINATOR: ("/journeys", "/board", "/board/rows", "/work?box=done"),
    "district.supervisor": ("/board", "/board/rows", "/board/agencies/medical-centre", "/journeys", "/board/escalations"),
}  # fmt: skip


@pytest.mark.timeout(300)
async def test_no_page_is_heavier_for_being_full(visit: Visit, sessions: Sessions, office: Office) -> None:
    """Fifty rows, each with its own reference and addresses, pressed together as a browser asks for it."""
    await examinations(sessions, office, MANY)
    heavy, rows = dict[str, int](), 0
    for username, paths in FULL.items():
        seat = await visit(username)
        for path in paths:
            async with seat.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
                page = (await answer.aread()).decode()
            assert (httpx.codes.OK, "gzip") == (answer.status_code, answer.headers["content-encoding"]), path
            rows = max(rows, page.count('class="what"'), page.count('name="shown"'))
            if answer.num_bytes_downloaded > LATER:
                heavy[path] = answer.num_bytes_downloaded
    assert rows >= 50
    assert {} == heavy
