"""A journey is found by the agency or the place, as somebody in a hurry types them."""

import pytest
from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.persons import write_person
from activities.store.engine import Sessions
from activities.store.organisations import Organisation
from api.sorting import unmarked
from tests.build.officers import actor
from tests.build.pages import Page, send
from tests.pages.conftest import Visit
from tests.pages.standing import COORDINATOR, Opens, opens, reported

__all__ = ["opens", "reported"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Trị An", "tri an"),
        ("THỊ TRẤN  Vĩnh An", "thi tran vinh an"),
        ("Đồng Nai", "dong nai"),
        ("Tri\u0323 An", "tri an"),
    ],
)
def test_tones_marks_and_capitals_are_looked_past(typed: str, meant: str) -> None:
    """Also where a telephone sends a letter and its tone as two."""
    assert meant == unmarked(typed)


async def test_journeys_are_found_by_an_agency_with_open_tasks_and_by_the_commune(
    visit: Visit, opens: Opens, sessions: Sessions
) -> None:
    """Part of a name is enough, in either language; the sheet and the programs' door find the same rows."""
    await opens("examine_health")
    async with sessions() as session:
        centre = (await session.scalars(select(Organisation).where(Organisation.code == "medical-centre"))).one()
    seat = await visit(COORDINATOR)
    bearer = {"Authorization": f"Bearer {seat.cookies['homeward']}"}
    for place, rows in (
        (unmarked(centre.name_vi), 1), (centre.name_vi.upper(), 1), (centre.name_en[:9], 1), ("tri an", 1), ("TRỊ AN", 1),
        ("vinh an", 0), ("100%", 0), ("_", 0),
    ):  # fmt: skip
        page = await seat.get("/journeys", params={"place": place})
        assert rows == page.text.count('class="what"'), place
        found = await seat.get("/api/v1/journeys", params={"place": place}, headers=bearer)
        assert rows == len(found.json()["items"]), place


async def test_a_sheet_is_offered_of_the_rows_that_are_seen(visit: Visit, reported: str) -> None:
    """Of a search by name there is none: the name stands in no address, and all journeys are not what was found."""
    seat = await visit(COORDINATOR)
    assert "/journeys.xlsx?state=open" in Page((await seat.get("/journeys?state=open")).text).links
    found = await send(seat, "/journeys", "/journeys/search", identity="Nguyễn Thị Thử")
    assert [] == [each for each in Page(found.text).links if "xlsx" in each]
    assert reported


async def test_who_watches_one_agency_learns_nothing_of_others_by_asking_for_them(visit: Visit, opens: Opens) -> None:
    """The head of the health centre finds what is there by its name, and by nobody else's."""
    await opens("examine_health")
    await opens("check_records")
    seat = await visit("medical-centre.head")
    found = [
        (await seat.get("/journeys", params={"place": each})).text.count('class="what"')
        for each in ("y te", "cong an", "tri an")
    ]
    assert [1, 0, 0] == found


async def test_a_telephone_is_found_however_it_is_written(
    visit: Visit, sessions: Sessions, office: Office, reported: str
) -> None:
    """With the country's number or without, with spaces or points: it is one telephone."""
    async with sessions.begin() as session:
        who = await actor(session, COORDINATOR)
        await write_person(session, office, who, reported, None, {"phone": "+84 900 000 123"})
    coordinator = await visit(COORDINATOR)
    for written, rows in (("0900000123", 1), ("0900.000.123", 1), ("+84 900000123", 1), ("0900000124", 0)):
        found = await send(coordinator, "/journeys", "/journeys/search", identity=written)
        assert rows == found.text.count('class="what"'), written


async def test_a_search_that_finds_nobody_says_what_to_do(visit: Visit, reported: str) -> None:
    """Before a second journey is opened for one person, the spelling is looked at once more."""
    coordinator = await visit(COORDINATOR)
    nobody = await send(coordinator, "/journeys", "/journeys/search", identity="Không Ai Cả")
    assert "Hãy kiểm tra lại cách viết" in Page(nobody.text).text
