"""Lists stand where somebody looks for a name: officers by name, kinds of task as the plan goes on."""

import httpx
import pytest
from sqlalchemy import select, update

from activities.casework.context import Office
from activities.domain.ids import new_id
from activities.store.engine import Sessions
from activities.store.organisations import Officer, Organisation
from api.deps import Desk
from api.reads.flow import flow
from api.sorting import by_name
from tests.build.officers import actor, newcomer
from tests.build.pages import Page, go
from tests.casework.correcting import done
from tests.casework.times import opened_kind
from tests.pages.conftest import Visit

ROOM = "/administration/officers"
NAMES = ("Toanh", "Toán", "Toan", "Đào An", "Dung", "Ẩn", "Ăn", "An")


async def _listed(who: httpx.AsyncClient) -> list[str]:
    """The usernames of all pages, as they come."""
    found, path = list[str](), f"{ROOM}?search="
    while path:
        page = await go(who, path)
        found += [
            each.rsplit("/", 1)[1] for each in page.links if each.startswith(f"{ROOM}/") and not each.endswith("/new")
        ]
        path = next((each for each in page.links if "cursor=" in each), "")
    return found


async def test_officers_are_listed_by_name_page_after_page(
    visit: Visit, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is left out or shown twice between two pages, whatever they are called; those of one name stand by username."""
    monkeypatch.setattr("api.pages.administration.officers.PER_PAGE", 3)
    async with sessions.begin() as session:
        usernames = list(await session.scalars(select(Officer.username).order_by(Officer.username)))
        for username, name in zip(usernames, (*NAMES, *NAMES), strict=False):
            await session.execute(update(Officer).where(Officer.username == username).values(name=name))
    async with sessions() as session:
        pairs = sorted(
            (row.username, row.name) for row in await session.execute(select(Officer.username, Officer.name))
        )
    listed = await _listed(await visit("administrator"))
    assert [username for username, _ in by_name(pairs, lambda pair: pair[1])] == listed


async def test_nobody_goes_on_from_an_officer_of_another_district(visit: Visit, sessions: Sessions) -> None:
    """Where a stranger's name stands in the alphabet is told as little as that there is one."""
    facts = {"id": new_id("organisation"), "code": "elsewhere", "name_vi": "Huyện khác", "name_en": "Elsewhere"}
    async with sessions.begin() as session:
        session.add(Organisation(**facts, territory="elsewhere"))
    await newcomer(sessions, "an.elsewhere", "elsewhere")
    keeper = await visit("administrator")
    for username in ("an.elsewhere", "nobody.known"):
        page = await go(keeper, f"{ROOM}?cursor={username}")
        assert [] == [each for each in page.links if each.startswith(f"{ROOM}/") and not each.endswith("/new")]


async def test_agencies_of_one_share_stand_by_name_in_the_flow(sessions: Sessions, office: Office) -> None:
    """Đ after D, not after all other letters."""
    named = {"medical-centre": "Đội A", "labour-division": "Em B", "commune-tri-an": "Dung C"}
    await done(sessions, office, "examine_health", "medical-centre.officer")
    await done(sessions, office, "meet_essential_needs", "labour-division.officer")
    async with sessions.begin() as session:
        for code, name in named.items():
            await session.execute(update(Organisation).where(Organisation.code == code).values(name_vi=name))
    async with sessions() as session:
        found = await flow(Desk(session, office, await actor(session, "district.supervisor"), Officer()), "vi")
    assert ["Dung C", "Đội A", "Em B"] == [each["of"] for each in found["agencies"]]


async def test_kinds_of_task_stand_on_the_board_as_in_the_plan(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """The reception before the care, and the care before the follow-up, whatever their codes begin with."""
    kinds = ("follow_up", "examine_health", "check_information", "assess_needs", "meet_essential_needs")
    for kind in kinds:
        await opened_kind(sessions, office, kind)
    page: Page = await go(await visit("district.supervisor"), "/board")
    order = [each.code for each in office.shelf.current[0].kinds if each.code in kinds]
    met = list(
        dict.fromkeys(link.rpartition("&kind=")[2] for link in page.links if "&kind=" in link and "state=open" in link)
    )
    assert order == met
    assert sorted(order) != order
