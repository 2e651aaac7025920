"""Two districts on one server: what is put before one district's supervisor is no news for the other's."""

import pytest
from sqlalchemy import select, update

from activities.casework.context import Office
from activities.casework.recipients import Whom, address_book
from activities.domain.ids import new_id
from activities.domain.states import Role
from activities.store.engine import Sessions
from activities.store.notices import Notice
from activities.store.organisations import Officer, Organisation
from tests.api.conftest import SignIn
from tests.api.test_officers_day import opened, reported
from tests.build.officers import newcomer

__all__ = ("reported",)
OURS, THEIRS = "district.supervisor", "lan.elsewhere"


@pytest.fixture
async def elsewhere(sessions: Sessions) -> None:
    """A supervisor who watches another district."""
    facts = {"id": new_id("organisation"), "code": "elsewhere", "name_vi": "Huyện khác", "name_en": "Elsewhere"}
    async with sessions.begin() as session:
        session.add(Organisation(**facts, territory="elsewhere"))
    await newcomer(sessions, THEIRS, "elsewhere", Role.SUPERVISOR)
    async with sessions.begin() as session:
        await session.execute(update(Officer).where(Officer.username == THEIRS).values(district=True))


@pytest.fixture
async def notice(sign_in: SignIn, sessions: Sessions, office: Office, reported: str) -> str:
    """A clinic writes to those who watch our district; the notice of it."""
    doctor = await sign_in("medical-centre.officer")
    path = f"/tasks/{await opened(sessions, office, reported, 'examine_health')}/comments"
    body = {"text": "cần người", "to": ["supervisor"]}
    assert 201 == (await doctor.post(path, json=body, headers={"Idempotency-Key": "a"})).status_code
    async with sessions() as session:
        return (await session.scalars(select(Notice.id).where(Notice.audience == "district"))).one()


async def test_a_notice_is_seen_and_ticked_off_in_its_own_district(
    sign_in: SignIn, sessions: Sessions, elsewhere: None, notice: str
) -> None:
    """The other district neither lists it nor marks it as seen, one by one or all at once."""
    ours, theirs = await sign_in(OURS), await sign_in(THEIRS)
    listed = [(await who.get("/notices")).json()["items"] for who in (theirs, ours)]
    assert [[], [notice]] == [[each["id"] for each in items] for items in listed]
    assert 404 == (await theirs.post(f"/notices/{notice}/seen")).status_code
    assert 204 == (await theirs.post("/notices/seen", json={"until": listed[1][0]["at"]})).status_code
    assert [None] == [each["seen_at"] for each in (await ours.get("/notices")).json()["items"]]
    assert 204 == (await ours.post(f"/notices/{notice}/seen")).status_code
    assert all(each["seen_at"] for each in (await ours.get("/notices")).json()["items"])


async def test_mail_to_the_district_goes_to_its_own_supervisors(
    sessions: Sessions, elsewhere: None, notice: str
) -> None:
    """A reference in another district's mailbox would be one too many."""
    async with sessions.begin() as session:
        for username in (OURS, THEIRS):
            await session.execute(
                update(Officer).where(Officer.username == username).values(mail=f"{username}@agency.example")
            )
    async with sessions() as session:
        whom = Whom.of(await session.get_one(Notice, notice))
        assert {f"{OURS}@agency.example"} == set((await address_book(session)).addresses("mail", whom).values())
