"""The list of all journeys, page by page: no row twice, none missing, and the same rows as its sheet."""

import re
from io import BytesIO

import httpx
import pytest
from openpyxl import load_workbook

from activities.casework.context import Office
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from api.pages.journeys import listed
from tests.build.pages import go
from tests.casework.test_races import opened
from tests.pages.conftest import Visit

ROW = re.compile(r'class="what" href="/journeys/([\w-]+)"[^>]*>\s*(HW-[\w-]+)')
MANY = 2 * listed.PER_PAGE + 7  # two whole pages and a part of a third
WATCHERS = ("labour-division.coordinator", "district.supervisor")


async def _open(sessions: Sessions, office: Office, number: int) -> list[str]:
    """So many journeys, four of them opened at one instant each."""
    found = [(await opened(sessions, office)).journey for _ in range(number)]
    async with sessions.begin() as session:
        rows = [await session.get_one(Journey, each) for each in found]
        for at, row in enumerate(rows):
            row.opened_at = rows[at - at % 4].opened_at
    return found


async def _read(who: httpx.AsyncClient, path: str, meanwhile: list[str] | None = None) -> list[str]:
    """References of all pages, as a person reads them who goes on to the next; `meanwhile`: addresses of the pages met."""
    found, on = list[str](), path
    while on:
        if meanwhile is not None:
            meanwhile.append(on)
        html = (await who.get(on)).text
        found += [reference for _, reference in ROW.findall(html)]
        on = next((each for each in (await go(who, on)).links if "cursor=" in each), "")
    return found


async def _sheet(who: httpx.AsyncClient, query: str = "") -> list[str]:
    """References of the same list as a sheet."""
    rows = load_workbook(BytesIO((await who.get(f"/journeys.xlsx{query}")).content)).worksheets[0]
    return [str(row[0]) for row in rows.iter_rows(values_only=True) if str(row[0]).startswith("HW-")]


@pytest.mark.parametrize("username", WATCHERS)
async def test_every_journey_stands_once_on_the_pages_and_in_the_sheet(
    visit: Visit, sessions: Sessions, office: Office, username: str
) -> None:
    """Also where several began at one instant, on either side of the end of a page."""
    await _open(sessions, office, MANY)
    who, met = await visit(username), list[str]()
    found = await _read(who, "/journeys", met)
    assert (MANY, MANY, 3) == (len(found), len(set(found)), len(met))
    assert found == await _sheet(who)


async def test_what_begins_while_somebody_reads_moves_no_row(visit: Visit, sessions: Sessions, office: Office) -> None:
    """The next page goes on where the last one ended, whatever came on top meanwhile; filters go with it."""
    await _open(sessions, office, MANY)
    who = await visit(WATCHERS[0])
    before = await _sheet(who)
    page = await go(who, "/journeys?commune=tri-an&state=open")
    first = [reference for _, reference in ROW.findall((await who.get("/journeys?commune=tri-an&state=open")).text)]
    await _open(sessions, office, 3)
    onward = next(each for each in page.links if "cursor=" in each)
    assert "commune=tri-an" in onward
    assert "state=open" in onward
    assert before == first + await _read(who, onward)
    assert len(before) + 3 == len(await _sheet(who))
