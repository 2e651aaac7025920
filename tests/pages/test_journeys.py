"""The coordinator's pages: find a journey, see where it is, record what the person wants, and who they are."""

import re
from io import BytesIO

import httpx
import pytest
from openpyxl import load_workbook

from api.pages.journeys import listed
from tests.build.pages import form, text
from tests.pages.conftest import Visit

REPORT = {
    "commune": "tri-an",
    "way_of_return": "self_returned",
    "happened_day": "04/03/2024",
    "happened_hour": "08:00",
    "child": "yes",
}

ALARM = "Báo nguy hiểm"


async def reported(visit: Visit) -> tuple[httpx.AsyncClient, str]:
    """A coordinator, and the address of a journey a commune has just opened."""
    commune = await visit("commune-tri-an.officer")
    sent = await commune.post("/report", data=REPORT | form((await commune.get("/report")).text, "/report"))
    assert "Hồ sơ đã mở" in sent.text, text(sent.text)
    return await visit("labour-division.coordinator"), f"/journeys/{sent.url.path.rsplit('/', 1)[1]}"


async def test_the_coordinator_sees_where_a_journey_is_and_what_may_be_recorded(visit: Visit) -> None:
    """Every stage of the plan stands there, the reception done, the rest to come."""
    coordinator, at = await reported(visit)
    page = (await coordinator.get(at)).text
    for stage in ("Tiếp nhận", "Xác minh, xác định", "Hòa nhập cộng đồng", "Theo dõi, kết thúc"):
        assert stage in page
    assert "Người được hỗ trợ xin dừng" in page


async def test_a_commune_sees_its_part_and_records_nothing_in_the_coordinators_place(visit: Visit) -> None:
    """The acts are the coordinator's: the page does not offer them, the server refuses them."""
    _, at = await reported(visit)
    commune = await visit("commune-tri-an.officer")
    page = await commune.get(at)
    assert page.is_success
    assert "Có thể ghi nhận" not in page.text
    wish = {"csrf": form(page.text, "/sign-out")["csrf"], "wish": "withdraw", "sure": "yes"}
    assert httpx.codes.FORBIDDEN == (await commune.post(f"{at}/wishes", data=wish)).status_code


async def test_a_wish_to_stop_is_read_back_before_it_closes_anything(visit: Visit) -> None:
    """The coordinator sees which tasks end, says yes, and the journey ends on the person's wish."""
    coordinator, at = await reported(visit)
    fields = form((await coordinator.get(at)).text, f"{at}/wishes") | {"wish": "withdraw"}
    asked = await coordinator.post(f"{at}/wishes", data=fields)
    assert "ghi nhận?" in text(asked.text)
    done = await coordinator.post(f"{at}/wishes", data=form(asked.text, f"{at}/wishes"))
    assert "Đã ghi nhận nguyện vọng." in text(done.text)
    assert "Đang dừng theo nguyện vọng" in text(done.text)
    assert "Không cần ai kết thúc hồ sơ: người được hỗ trợ đã xin dừng" in text(done.text)


async def test_who_the_person_is_is_written_sealed_and_found_by_the_exact_name_alone(visit: Visit) -> None:
    """The name stands on no page until it is asked for, in no address, and half of it finds nothing."""
    coordinator, at = await reported(visit)
    shown = await coordinator.post(
        f"{at}/show-person", data=form((await coordinator.get(at)).text, f"{at}/show-person")
    )
    fields = form(shown.text, f"{at}/person") | {"full_name": "Nguyễn Thị Thử", "id_number": "075 201 000 111"}
    written = await coordinator.post(f"{at}/person", data=fields)
    assert "Nguyễn Thị Thử" not in written.text
    for asked, found in (("nguyễn thị thử", True), ("075201000111", True), ("Nguyễn", False)):
        search = form((await coordinator.get("/journeys")).text, "/journeys/search") | {"identity": asked}
        answer = await coordinator.post("/journeys/search", data=search)
        assert found == (at in answer.text)
        assert "Nguyễn" not in answer.text


async def test_a_stale_identity_form_changes_nothing(visit: Visit) -> None:
    """Two coordinators at once: the second is told, and reads what the first wrote."""
    coordinator, at = await reported(visit)
    shown = await coordinator.post(
        f"{at}/show-person", data=form((await coordinator.get(at)).text, f"{at}/show-person")
    )
    fields = form(shown.text, f"{at}/person") | {"full_name": "Nguyễn Thị Thử"}
    assert (await coordinator.post(f"{at}/person", data=fields)).is_success
    second = await coordinator.post(f"{at}/person", data=fields)
    assert httpx.codes.PRECONDITION_FAILED == second.status_code


async def test_the_sheet_holds_the_filtered_rows_and_nobody_s_name(visit: Visit) -> None:
    """What leaves the house is what stood on the page."""
    await reported(visit)
    coordinator, _ = await reported(visit)
    for query, rows in (
        ("", 2),
        ("?commune=tri-an&child=yes", 2),
        ("?commune=vinh-an", 0),
        ("?place=tri+an", 2),
        ("?place=vinh+an", 0),
        ("?state=closed", 0),
        ("?state=nonsense", 0),
    ):
        answer = await coordinator.get(f"/journeys.xlsx{query}")
        sheet = load_workbook(BytesIO(answer.content)).active
        assert sheet is not None
        assert rows == sum(
            1 for row in sheet.iter_rows(min_row=2, values_only=True) if str(row[0] or "").startswith("HW-")
        )
        assert rows == (await coordinator.get(f"/journeys{query}")).text.count('class="what"')


async def test_a_sheet_that_leaves_older_journeys_out_says_so(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody takes a part for the whole; a sheet that holds them all says nothing of the kind."""
    await reported(visit)
    coordinator, _ = await reported(visit)
    for longest, rows in ((1, 1), (2, 2)):
        monkeypatch.setattr(listed, "SHEET", longest)
        sheet = load_workbook(BytesIO((await coordinator.get("/journeys.xlsx")).content)).worksheets[0]
        first, _, *held = sheet.iter_rows(values_only=True)
        assert (rows, longest == 1) == (len(held), "Chỉ gồm 1 hồ sơ mới nhất" in str(first[0]))


async def test_the_list_follows_others_acts_and_leaves_what_is_typed_alone(visit: Visit) -> None:
    """A journey somebody opens stands there by itself, within the filters; the forms beside it are never drawn anew."""
    coordinator, at = await reported(visit)
    page = (await coordinator.get("/journeys?commune=tri-an&child=yes")).text
    follows, rows, aside = re.findall(r'(?s)<div id="found"([^>]*)>(.*?)</div>\s*<aside>(.*?)</aside>', page)[0]
    assert 'hx-get="/journeys?commune=tri-an&amp;child=yes" hx-select="#found"' in follows
    assert 'hx-trigger="live from:body, moved from:body" hx-swap="outerMorph"' in follows
    assert (1, 0, 2) == (rows.count(f'class="what" href="{at}"'), rows.count("<form"), aside.count("<form"))
    assert "Xã, thị trấn: UBND xã Trị An ✕" in text(page)
    search = form(page, "/journeys/search") | {"identity": "Nguyễn Thị Thử"}
    assert '<div id="found">' in (await coordinator.post("/journeys/search", data=search)).text  # no address to follow


async def test_what_happened_is_told_newest_first_and_exported_in_order(visit: Visit) -> None:
    """The timeline names each event, when, by whom; the sheet turns it round."""
    coordinator, at = await reported(visit)
    page = text((await coordinator.get(f"{at}/timeline")).text)
    assert page.index("Hoàn thành: Tiếp nhận ban đầu") < page.index("Mở hồ sơ")
    assert "done" not in page
    wishing = form((await coordinator.get(at)).text, f"{at}/wishes") | {"wish": "choice", "value": "centre"}
    await coordinator.post(f"{at}/wishes", data=wishing)
    assert "chọn nơi ở đến Trung tâm" in text((await coordinator.get(f"{at}/timeline?about=wish")).text)
    sheet = load_workbook(BytesIO((await coordinator.get(f"{at}/timeline.xlsx")).content)).active
    assert sheet is not None
    assert "Mở hồ sơ" == sheet["B3"].value
    seen = re.findall(r'(?s)<li id="e\d+">.*?</li>', (await coordinator.get(f"{at}/timeline")).text)
    rows = list(sheet.iter_rows(min_row=3, max_col=2, values_only=True))
    assert len(rows) == len(seen) == 3
    for entry, (moment, event) in zip(reversed(seen), rows, strict=True):
        assert (str(moment) in text(entry), str(event) in text(entry)) == (True, True)


async def test_a_supervisor_of_another_agency_learns_nothing_of_the_journey(visit: Visit) -> None:
    """Not even that it exists."""
    _, at = await reported(visit)
    head = await visit("womens-union.head")
    assert httpx.codes.NOT_FOUND == (await head.get(at)).status_code


async def test_an_alarm_is_read_back_before_anybody_is_set_to_work(visit: Visit) -> None:
    """A slip of the finger calls no police; who goes back finds what was typed, who goes on is told it was raised."""
    coordinator, at = await reported(visit)
    note = "Có người lạ theo dõi nhà."
    fields = form((await coordinator.get(at)).text, f"{at}/dangers") | {"note": note}
    asked = await coordinator.post(f"{at}/dangers", data=fields)
    assert all(words in asked.text for words in ("ghi nhận và báo ngay?", note, "Việc mở ngay"))
    again = form(asked.text, f"{at}/dangers")
    back = await coordinator.post(f"{at}/dangers", data=again | {"step": "edit"})
    assert f">{note}</textarea>" in back.text
    assert ALARM not in text((await coordinator.get(f"{at}/timeline")).text)
    raised = await coordinator.post(f"{at}/dangers", data=again | {"step": "send"})
    assert "danger-raised" in str(raised.url)
    assert ALARM in text((await coordinator.get(f"{at}/timeline")).text)


async def test_the_hour_a_person_came_is_asked_for_and_never_made_up(visit: Visit) -> None:
    """The first task counts four hours: midnight, made up, would have it late at once. The form proposes now."""
    commune = await visit("commune-tri-an.officer")
    page = (await commune.get("/report")).text
    assert re.search(r'name="happened_hour" value="\d\d:\d\d"', page)
    refused = await commune.post("/report", data=REPORT | form(page, "/report") | {"happened_hour": ""})
    assert (422, True) == (refused.status_code, "giờ theo dạng 14:30" in refused.text)
