"""People who stand in a coordinator's sheet: told cell by cell, opened once, and nobody's name on the way."""

import asyncio
import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import httpx
import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from activities.store.beginnings import JourneyDraft
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.persons import Person
from tests.build.pages import form, text
from tests.pages.conftest import Visit

AT = "/journeys/import"
SOUND = {
    "row_key": "Sổ 2023/01", "happened_day": "01/03/2024", "commune": "Trị An", "way_of_return": "Tự trở về", "child": "x",
    "wish": "home", "full_name": "Nguyễn Thị Thử Bảng", "id_number": "075201000111",
}  # fmt: skip


def filled(empty: bytes, *people: dict[str, str]) -> bytes:
    """The template with people written into it by the codes of its columns."""
    book = load_workbook(BytesIO(empty))
    page = book.worksheets[0]
    at = {str(cell.value): number for number, cell in enumerate(page[2], 1)}
    for number, person in enumerate(people, 3):
        for code, words in person.items():
            page.cell(number, at[code], words)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


async def sent(seat: httpx.AsyncClient, data: bytes) -> httpx.Response:
    """Upload a sheet."""
    return await seat.post(AT, data=form((await seat.get(AT)).text, AT), files={"sheet": ("so.xlsx", data)})


async def looked(visit: Visit, *people: dict[str, str]) -> tuple[httpx.AsyncClient, httpx.Response]:
    """A coordinator before the preview of a sheet."""
    seat = await visit("labour-division.coordinator")
    return seat, await sent(seat, filled((await seat.get(f"{AT}/template.xlsx")).content, *people))


def chosen(page: httpx.Response) -> dict[str, str | list[str]]:
    """The rows the page has chosen, as its form sends them."""
    rows = re.findall(r'name="row" value="(\d+)" checked', page.text)
    return {**form(page.text, f"{page.url.path}/open"), "row": rows}


async def journeys(sessions: Sessions) -> int:
    """How many are open."""
    async with sessions() as session:
        return await session.scalar(select(func.count()).select_from(Journey)) or 0


async def test_a_row_becomes_a_journey_once_however_often_it_is_sent(visit: Visit, sessions: Sessions) -> None:
    """Confirmed twice at one instant, uploaded anew next week: one journey, and its reference beside the row."""
    seat, page = await looked(visit, SOUND)
    assert 0 == await journeys(sessions)
    assert "Nguyễn Thị Thử Bảng" not in page.text
    assert "/" not in page.url.path.removeprefix(f"{AT}/")
    opened = await asyncio.gather(*(seat.post(f"{page.url.path}/open", data=chosen(page)) for _ in range(2)))
    async with sessions() as session:
        journey = (await session.scalars(select(Journey))).one()
        assert (True, "home", "tri-an") == (journey.child, journey.wish, journey.reception_commune)
        assert {"full_name", "id_number"} == set((await session.get_one(Person, journey.id)).sealed)
    assert all(journey.reference in each.text for each in opened)
    _, again = await looked(visit, SOUND | {"full_name": "Nguyễn Thị Sửa"})
    assert journey.reference in again.text
    assert 'name="row"' not in again.text
    assert "Nguyễn Thị" not in again.text


async def test_what_does_not_fit_is_told_by_its_cell_and_holds_up_no_other_row(
    visit: Visit, sessions: Sessions
) -> None:
    """The commune nobody knows, the day that is none, the key used twice; the sound row is opened."""
    wrong = {
        "row_key": "Sổ 2023/02",
        "happened_day": "31/02/2024",
        "commune": "Xa Lạ",
        "way_of_return": "bay",
        "child": "chắc",
    }
    twin = SOUND | {"happened_day": "02/03/2099"}
    seat, page = await looked(visit, SOUND, wrong, twin, {"row_key": "Sổ 2023/04"})
    said = text(page.text)
    for cell in ("Ô B4", "Ô D4", "Ô F4", "Ô G4", "Ô A5", "Ô B5", "Ô B6", "Ô D6", "Ô F6"):
        assert cell in said, said
    assert "Trùng với dòng 3." in said
    told = re.findall(r"Ô ([A-Z]+\d+) \(", said)
    assert sorted(told, key=lambda cell: (int(re.sub(r"\D", "", cell)), re.sub(r"\d", "", cell))) == told
    assert "4 dòng : 1 có thể mở hồ sơ, 3 chưa phù hợp" in said.replace("dòng:", "dòng :")
    assert ["3"] == chosen(page)["row"]
    await seat.post(f"{page.url.path}/open", data={**chosen(page), "row": ["3", "4", "5", "6", "99"]})
    assert 1 == await journeys(sessions)


async def test_somebody_known_is_pointed_out_and_not_chosen(visit: Visit, sessions: Sessions) -> None:
    """The same name under another entry: shown with the reference, opened only where the coordinator says so."""
    seat, page = await looked(visit, SOUND)
    await seat.post(f"{page.url.path}/open", data=chosen(page))
    seat, page = await looked(visit, SOUND | {"row_key": "Sổ 2024/77"})
    assert "có thể đã có hồ sơ" in text(page.text)
    assert [] == chosen(page)["row"]
    await seat.post(f"{page.url.path}/open", data={**chosen(page), "row": ["3"]})
    assert 2 == await journeys(sessions)


async def test_what_was_read_lies_sealed_and_goes_with_its_opening(visit: Visit, sessions: Sessions) -> None:
    """The row of the draft tells nothing; once opened, the draft has no name any more; thrown away, it is gone."""
    seat, page = await looked(visit, SOUND)
    async with sessions() as session:
        before = (await session.scalars(select(JourneyDraft.sealed))).one()
        assert b"Nguy" not in before
    await seat.post(f"{page.url.path}/open", data=chosen(page))
    async with sessions() as session:
        assert len((await session.scalars(select(JourneyDraft.sealed))).one()) < len(before)
    other = await visit("commune-tri-an.officer")
    assert httpx.codes.FORBIDDEN == (await other.get(page.url.path)).status_code
    await seat.post(f"{page.url.path}/discard", data=form(page.text, f"{page.url.path}/discard"))
    assert httpx.codes.NOT_FOUND == (await seat.get(page.url.path)).status_code


async def test_what_is_no_sheet_or_a_bomb_is_refused_in_words(visit: Visit) -> None:
    """A picture, an older workbook, a sheet without codes, one that unpacks to hundreds of megabytes, one too many rows."""
    seat = await visit("labour-division.coordinator")
    bare, bomb = BytesIO(), BytesIO()
    Workbook().save(bare)
    with ZipFile(bomb, "w", ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", b" " * 40_000_000)
    empty = (await seat.get(f"{AT}/template.xlsx")).content
    many = filled(empty, *({"row_key": f"Sổ {number}"} for number in range(201)))
    for data, said in (
        (b"\xff\xd8\xff\xe0", "không phải bảng tính"), (b"\xd0\xcf\x11\xe0 old", "kiểu cũ hoặc có mật khẩu"), (b"PK\x03\x04", "Không đọc được"),
        (bare.getvalue(), "mã của các cột bắt buộc"), (bomb.getvalue(), "quá nhiều"), (many, "quá nhiều dòng"),
        (b"PK" + bytes(900_000), "lớn hơn 900 kB"), (b"", "Hãy chọn tệp"),
    ):  # fmt: skip
        answer = await sent(seat, data)
        assert httpx.codes.UNPROCESSABLE_ENTITY == answer.status_code
        assert said in text(answer.text)


@pytest.mark.parametrize("commune", ["xã TRỊ AN", "xa Tri An"])
async def test_dates_numbers_and_words_are_read_as_they_were_meant(visit: Visit, commune: str) -> None:
    """A program's own date, a number without its zero, the name of a commune with what kind of place it is, without its marks."""
    row = SOUND | {
        "commune": commune,
        "way_of_return": "Came back alone",
        "child": "không",
        "happened_hour": "7h30",
    }
    seat = await visit("labour-division.coordinator")
    book = load_workbook(BytesIO(filled((await seat.get(f"{AT}/template.xlsx")).content, row)))
    page = book.worksheets[0]
    page["B3"].number_format = "dd/mm/yyyy"
    page["B3"] = 45352  # 1 March 2024 as programs count days
    kept = BytesIO()
    book.save(kept)
    answer = text((await sent(seat, kept.getvalue())).text)
    assert "7h30 01/03/2024" in answer
    assert "UBND xã Trị An" in answer
