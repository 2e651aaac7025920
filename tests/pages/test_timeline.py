"""Each entry of a timeline has an address of its own, which whoever may read the entry can keep and send on."""

import re

import pytest

from activities.casework.context import Office
from activities.casework.tasks import claim, release
from activities.store.engine import Sessions
from activities.store.tasks import Task
from api.pages.journeys import timeline
from tests.build.officers import actor
from tests.build.pages import go
from tests.pages.conftest import Visit
from tests.pages.standing import COORDINATOR, DOCTOR, Opens, opens, reported

__all__ = ["opens", "reported"]

OWN = re.compile(r'href="(/journeys/[\w-]+/timeline\?before=\d+#e\d+)"')
READERS = {  # and whether what the doctor does stands on their timeline
    COORDINATOR: True, "district.supervisor": True, DOCTOR: True, "labour-division.officer": False, "labour-division.head": False,
}  # fmt: skip


async def _to_and_fro(sessions: Sessions, office: Office, task: str, times: int) -> None:
    """The doctor takes the task on and lays it down, again and again: two entries each time."""
    for _ in range(times):
        for act in (claim, release):
            async with sessions.begin() as session:
                row = await session.get_one(Task, task)
                await act(session, office, await actor(session, DOCTOR), task, row.revision)


@pytest.mark.parametrize("username", READERS)
async def test_the_address_of_an_entry_leads_to_it_however_much_happens_later(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office, reported: str, username: str
) -> None:
    """What was sent to a colleague last week still shows the same entry, at the same place, to each who may read it."""
    task, reader = await opens("examine_health"), await visit(username)
    await opens("assess_needs")
    await _to_and_fro(sessions, office, task, 2)
    at = f"/journeys/{reported}/timeline"
    kept = OWN.findall((await reader.get(at)).text)
    assert kept
    await _to_and_fro(sessions, office, task, timeline.PER_PAGE // 2)
    still = set(kept) & set(OWN.findall((await reader.get(at)).text))
    assert still == (set() if READERS[username] else set(kept)), "whoever sees it all finds them on a later page by now"
    for address in kept:
        page, entry = (await reader.get(address)).text, address.partition("#")[2]
        first = re.findall(r'<li id="(e\d+)">', page)[0]
        assert (1, entry, address) == (page.count(f'id="{entry}"'), first, OWN.findall(page)[0])


async def test_from_an_entry_one_goes_on_to_what_happened_before_and_since(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office, reported: str
) -> None:
    """Every entry is met once, page by page from the newest; and the way back to the newest stands on each."""
    task, reader = await opens("examine_health"), await visit(COORDINATOR)
    await _to_and_fro(sessions, office, task, timeline.PER_PAGE)
    at, met = f"/journeys/{reported}/timeline", list[int]()
    path: str | None = at
    while path:
        page, html = await go(reader, path), (await reader.get(path)).text
        met += [int(each) for each in re.findall(r'<li id="e(\d+)">', html)]
        assert (f"{at}?about=" in page.links) is (path != at)
        path = next((each for each in page.links if "about=&before=" in each), None)
    assert list(range(max(met), 0, -1)) == met
    assert len(met) > 2 * timeline.PER_PAGE


async def test_an_entry_that_is_not_the_reader_s_shows_nothing_by_its_address(
    visit: Visit, opens: Opens, reported: str
) -> None:
    """A commune that asks for the address of another agency's entry reads its own entries alone."""
    task = await opens("examine_health")
    lead, commune = await visit(COORDINATOR), await visit("commune-tri-an.officer")
    all_ = OWN.findall((await lead.get(f"/journeys/{reported}/timeline")).text)
    own = OWN.findall((await commune.get(f"/journeys/{reported}/timeline")).text)
    assert set(own) < set(all_)
    for address in set(all_) - set(own):
        page = (await commune.get(address)).text
        assert f'id="{address.partition("#")[2]}"' not in page
        assert task not in page
