"""A coordinator starts a journey step by step: nothing is lost on the way, nothing is opened twice."""

import asyncio

import httpx
from sqlalchemy import func, select

from activities.agencies.registry import REGISTRY
from activities.casework.context import Office
from activities.domain.ids import new_id
from activities.store.beginnings import JourneyDraft
from activities.store.engine import Sessions
from activities.store.journeys import Consent, Journey
from activities.store.organisations import Organisation, RoleHolder
from activities.store.persons import Person
from activities.store.tasks import Task
from api.pages.starting.typed import PAPERS
from tests.build.pages import Page, form, text
from tests.pages.conftest import Visit

CAME = {
    "commune": "tri-an", "residence_commune": "vinh-an", "way_of_return": "self_returned", "happened_day": "04/03/2024",
    "happened_hour": "06:00", "child": "yes", "language": "vi",
}  # fmt: skip
WISHES = {"wish": "home", "purpose0": "Hỗ trợ y tế", "recipients0": "medical-centre", "language0": "vi"}
PAPER = {
    "result": "identify", "happened_day": "04/03/2024", "happened_hour": "07:00", "paper_number": "12/BC",
    "paper_date": "04/03/2024", "paper_signer": "Trần Văn Ký",
}  # fmt: skip


async def begun(visit: Visit) -> tuple[httpx.AsyncClient, str]:
    """A coordinator at the first step of a new draft."""
    seat = await visit("labour-division.coordinator")
    first = await seat.post("/journeys/start", data=form((await seat.get("/journeys/start")).text, "/journeys/start"))
    return seat, first.url.path.removesuffix("/person")


async def send(seat: httpx.AsyncClient, at: str, fields: dict[str, str], go: str = "next") -> httpx.Response:
    """Fill in a step as it stands and press a button."""
    hidden = form((await seat.get(at)).text, at)
    return await seat.post(at, data=hidden | fields | {"go": go})


async def filled(visit: Visit, name: str = "Nguyễn Thị Thử Một") -> tuple[httpx.AsyncClient, str]:
    """A draft with every step filled in, at its last."""
    seat, at = await begun(visit)
    await send(seat, f"{at}/person", {"full_name": name}, "other")
    await send(seat, f"{at}/came", CAME)
    over = await send(seat, f"{at}/wishes", WISHES | {"until0": "03/03/2024"})
    assert (f"{at}/wishes", True) == (over.url.path, "Ngày này đã qua" in text(over.text))
    await send(seat, f"{at}/wishes", WISHES)
    await send(seat, f"{at}/done", {"kind": "check_information"}, "enter")
    kept = await send(seat, f"{at}/done/check_information", PAPER)
    assert f"{at}/done" == kept.url.path, text(kept.text)
    last = await send(seat, f"{at}/done", {})
    assert f"{at}/check" == last.url.path, text(last.text)
    return seat, at


async def test_everything_entered_is_read_back_and_opened_in_one_piece(visit: Visit, sessions: Sessions) -> None:
    """Wish, consent, the paper and who it is are there the moment the journey is; the draft is gone."""
    seat, at = await filled(visit)
    page = await seat.get(f"{at}/check")
    for said in ("Nguyễn Thị Thử Một", "Hỗ trợ y tế", "12/BC", "về nơi cư trú", "Trần Văn Ký"):
        assert said in page.text
    slip = await seat.post(f"{at}/open", data=form(page.text, f"{at}/open"))
    assert "Nguyễn" not in slip.text
    async with sessions() as session:
        journey = (await session.scalars(select(Journey))).one()
        assert journey.reference in slip.text
        assert (True, "home", "vinh-an") == (journey.child, journey.wish, journey.residence_commune)
        assert ["Hỗ trợ y tế"] == list(await session.scalars(select(Consent.purpose)))
        paper = (await session.scalars(select(Task.on_behalf_of).where(Task.kind == "check_information"))).one()
        assert {"number": "12/BC", "date": "2024-03-04", "signer": "Trần Văn Ký"} == paper
        assert {"full_name"} == set((await session.get_one(Person, journey.id)).sealed)
        assert 0 == await session.scalar(select(func.count()).select_from(JourneyDraft))


async def test_sent_twice_it_opens_once(visit: Visit, sessions: Sessions) -> None:
    """Two clicks at one instant, and a third a while later, end at the same slip."""
    seat, at = await filled(visit)
    fields = form((await seat.get(f"{at}/check")).text, f"{at}/open")
    slips = await asyncio.gather(*(seat.post(f"{at}/open", data=fields) for _ in range(2)))
    slips.append(await seat.post(f"{at}/open", data=fields))
    assert 1 == len({slip.url.path for slip in slips})
    assert all(slip.url.path.endswith("/receipt") for slip in slips), [text(slip.text) for slip in slips]
    async with sessions() as session:
        assert 1 == await session.scalar(select(func.count()).select_from(Journey))


async def test_a_person_known_by_name_is_pointed_out_before_anything_is_opened(visit: Visit) -> None:
    """The reference and the day, no more; the coordinator may say that it is another person."""
    seat, at = await filled(visit)
    await seat.post(f"{at}/open", data=form((await seat.get(f"{at}/check")).text, f"{at}/open"))
    seat, at = await begun(visit)
    asked = await send(seat, f"{at}/person", {"full_name": "nguyễn  thị thử một"})
    assert "có thể đã có hồ sơ" in text(asked.text)
    assert "HW-" in asked.text
    other = await send(seat, f"{at}/person", {"full_name": "Nguyễn Thị Thử Một"}, "other")
    assert f"{at}/came" == other.url.path
    changed = await send(seat, f"{at}/person", {"full_name": "Nguyễn Thị Thử Hai"})
    assert f"{at}/came" == changed.url.path


async def test_a_draft_is_kept_sealed_and_gone_on_with_another_day(visit: Visit, sessions: Sessions) -> None:
    """What was typed is there again, half of it or wrong as it was; the row tells nothing."""
    seat, at = await begun(visit)
    await send(seat, f"{at}/person", {"full_name": "Nguyễn Thị Nháp"})
    kept = await send(seat, f"{at}/came", {"happened_day": "hôm kia"}, "later")
    assert "Đã lưu nháp." in text(kept.text)
    assert f"{at}/person" in kept.text
    assert "Nguyễn Thị Nháp" not in kept.text
    again = await visit("labour-division.coordinator")
    assert "Nguyễn Thị Nháp" in (await again.get(f"{at}/person")).text
    assert "hôm kia" in (await again.get(f"{at}/came")).text
    async with sessions() as session:
        assert b"Nguy" not in (await session.scalars(select(JourneyDraft.sealed))).one()


async def test_what_is_missing_stands_beside_its_field_and_going_back_loses_nothing(visit: Visit) -> None:
    """The last step names the steps that are not whole, and opens nothing before they are."""
    seat, at = await begun(visit)
    refused = await send(seat, f"{at}/came", {"commune": "nowhere", "happened_day": "05/03/2099"})
    assert httpx.codes.UNPROCESSABLE_ENTITY == refused.status_code
    for said in ("Hãy chọn một mục trong danh sách.", "Mục này cần được điền."):
        assert said in text(refused.text)
    back = await send(seat, f"{at}/came", CAME | {"happened_day": "05/03/2099"}, "back")
    assert f"{at}/person" == back.url.path
    assert "05/03/2099" in (await seat.get(f"{at}/came")).text
    last = await seat.get(f"{at}/check")
    assert "Chưa gửi được" in text(last.text)
    answer = await seat.post(f"{at}/open", data=form(last.text, f"{at}/open"))
    assert httpx.codes.UNPROCESSABLE_ENTITY == answer.status_code
    assert "Chưa gửi được" in text(answer.text)


async def test_a_paper_is_checked_by_the_form_of_its_kind(visit: Visit) -> None:
    """An answer without its result, a paper without number: said beside the fields, with the rest kept."""
    seat, at = await begun(visit)
    wrong = {"happened_day": "04/03/2024", "paper_signer": "Trần Văn Ký", "paper_date": "31/02/2024"}
    refused = await send(seat, f"{at}/done/check_information", wrong)
    assert httpx.codes.UNPROCESSABLE_ENTITY == refused.status_code
    assert 'href="#result"' in refused.text
    assert 'href="#paper_number"' in refused.text
    assert 'href="#paper_date"' in refused.text
    assert "Trần Văn Ký" in refused.text
    assert httpx.codes.NOT_FOUND == (await seat.get(f"{at}/done/receive_person")).status_code


async def test_a_draft_is_its_coordinators_alone(visit: Visit) -> None:
    """Nobody else can read, open or throw away what was begun; those who do not lead cannot begin."""
    seat, at = await begun(visit)
    commune = await visit("commune-tri-an.officer")
    assert httpx.codes.FORBIDDEN == (await commune.get("/journeys/start")).status_code
    assert httpx.codes.FORBIDDEN == (await commune.get(f"{at}/person")).status_code
    thrown = await seat.post(f"{at}/discard", data=form((await seat.get("/journeys/start")).text, f"{at}/discard"))
    assert "Đã bỏ bản nháp." in text(thrown.text)
    assert httpx.codes.NOT_FOUND == (await seat.get(f"{at}/person")).status_code


def test_a_paper_and_the_answer_on_it_never_share_a_field() -> None:
    """The number of the letter is not the number of the certificate it tells of."""
    papers = {*PAPERS, "happened_day", "happened_hour"}
    assert set() == papers & {name for kind in REGISTRY.values() for name in kind.outcome.model_fields}


async def test_a_kind_that_was_chosen_is_entered_whichever_button_is_pressed(visit: Visit) -> None:
    """Who chose a task and pressed the big button loses no choice; who chose none is told beside the list."""
    seat, at = await begun(visit)
    for go in ("next", "enter"):
        entering = await send(seat, f"{at}/done", {"kind": "check_information"}, go)
        assert f"{at}/done/check_information" == entering.url.path
    none = await send(seat, f"{at}/done", {}, "enter")
    assert (httpx.codes.UNPROCESSABLE_ENTITY, True) == (none.status_code, 'href="#kind"' in none.text)


async def test_a_day_still_to_come_is_told_together_with_what_is_missing(visit: Visit) -> None:
    """A slip in the year is seen at the first look, not only once the rest is filled in."""
    seat, at = await begun(visit)
    refused = await send(seat, f"{at}/came", CAME | {"commune": "", "happened_day": "04/03/2031"})
    assert 'href="#commune"' in refused.text
    assert "Thời điểm này chưa đến." in refused.text


async def test_whose_agency_leads_no_longer_is_told_before_they_enter_anything(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """After the role has passed on, nobody fills in five steps only to be refused at the last; what was begun stays readable."""
    seat, at = await filled(visit)
    async with sessions.begin() as session:
        heirs = select(Organisation.id).where(Organisation.code == "health-division")
        own = select(Organisation.territory).where(Organisation.code == "health-division")
        said = {
            "role": "labour",
            "territory": (await session.scalars(own)).one(),
            "since": office.today(),
            "until": None,
        }
        session.add(RoleHolder(id=new_id("role"), organisation_id=(await session.scalars(heirs)).one(), **said))
    for path in ("/journeys/start", "/journeys/import", f"{at}/check"):
        page = Page((await seat.get(path)).text)
        assert "Hồ sơ mới nay do Phòng Y tế huyện Vĩnh Cửu mở" in page.text, path
        assert "/report" in page.links
        assert "/journeys/start" not in page.forms
        assert "<button>Mở hồ sơ</button>" not in (await seat.get(path)).text
