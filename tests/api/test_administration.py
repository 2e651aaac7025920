"""The administrator's day: offices, roles by date, invitations, leavers; every act in a log of its own, no case in sight."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from activities.casework.administration import verify_administration
from activities.casework.context import Office
from activities.store.administration import AdministrationEntry, Invitation
from activities.store.engine import Sessions
from activities.store.organisations import Officer
from activities.store.tasks import Task
from tests.api.conftest import SignIn
from tests.api.test_officers_day import opened, reported
from tests.build.officers import newcomer
from tests.build.tables import tables_that_tell

__all__ = ("reported",)
CHOSEN = "một mật khẩu đủ dài"
LAN: dict[str, Any] = {
    "username": "lan.tran",
    "name": "Trần Thị Lan",
    "organisation": "medical-centre",
    "roles": ["officer"],
}


def key(name: str) -> dict[str, str]:
    """An idempotency key."""
    return {"Idempotency-Key": name}


@pytest.fixture
async def keeper(sign_in: SignIn) -> httpx.AsyncClient:
    """The administrator."""
    return await sign_in("administrator")


async def test_an_invited_officer_chooses_a_password_once(
    keeper: httpx.AsyncClient, web: httpx.AsyncClient, sessions: Sessions
) -> None:
    """The token is shown once and kept as a digest; until it is accepted nobody signs in; it is worth nothing afterwards."""
    made = await keeper.post("/officers", json=LAN, headers=key("a"))
    again = await keeper.post("/officers", json=LAN, headers=key("a"))
    token = made.json()["invitation"]
    assert (201, 201, None) == (made.status_code, again.status_code, again.json()["invitation"]), made.text
    async with sessions() as session:
        assert 1 == len(list(await session.scalars(select(Invitation.digest))))
    assert [] == await tables_that_tell(sessions, token)
    given = {"username": "lan.tran", "password": CHOSEN}
    assert "sign-in-refused" == (await web.post("/sessions", json=given)).json()["code"]
    weak = await web.post(f"/invitations/{token}", json={"password": "lan.tran.lan.tran"})
    assert (422, "password-weak") == (weak.status_code, weak.json()["code"])
    assert 204 == (await web.post(f"/invitations/{token}", json={"password": CHOSEN})).status_code
    assert 200 == (await web.post("/sessions", json=given)).status_code
    for spent in (token, "x" * 43):
        refused = await web.post(f"/invitations/{spent}", json={"password": CHOSEN})
        assert (404, "invitation-unknown") == (refused.status_code, refused.json()["code"])


async def test_an_invitation_ends_after_seven_days_or_with_the_next(
    keeper: httpx.AsyncClient, web: httpx.AsyncClient, sessions: Sessions
) -> None:
    """Of real time; a new one revokes the old one."""
    first = (await keeper.post("/officers", json=LAN, headers=key("a"))).json()
    left = datetime.fromisoformat(first["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
    second = (await keeper.post("/officers/lan.tran/invitations", headers=key("b"))).json()
    assert 404 == (await web.post(f"/invitations/{first['invitation']}", json={"password": CHOSEN})).status_code
    async with sessions.begin() as session:
        await session.execute(update(Invitation).values(expires_at=datetime.now(UTC)))
    assert 404 == (await web.post(f"/invitations/{second['invitation']}", json={"password": CHOSEN})).status_code


async def test_who_leaves_hands_everything_over_and_is_signed_out(
    keeper: httpx.AsyncClient, sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """The last who could answer stays; with a colleague there, the heir has the tasks and the leaver no session."""
    task = await opened(sessions, office, reported, "examine_health")
    health = await sign_in("medical-centre.officer")
    assert 200 == (await health.post(f"/tasks/{task}/claim", headers={"If-Match": '"1"'})).status_code
    refused = await keeper.post("/officers/medical-centre.officer/deactivate", json={})
    assert (409, "would-strand-tasks", 1) == (refused.status_code, *(refused.json()[x] for x in ("code", "tasks")))
    await newcomer(sessions, "tam.clinic", "medical-centre")
    moved = await keeper.patch("/officers/medical-centre.officer", json={"organisation": "school-one"})
    assert "officer-holds-tasks" == moved.json()["code"]
    left = await keeper.post("/officers/medical-centre.officer/deactivate", json={"heir": "tam.clinic"})
    assert (200, 1, False) == (left.status_code, left.json()["tasks"], left.json()["active"])
    assert 401 == (await health.get("/me")).status_code
    async with sessions() as session:
        heir = await session.scalar(select(Officer.id).where(Officer.username == "tam.clinic"))
        assert heir == (await session.get_one(Task, task)).officer_id
    assert 200 == (await keeper.post("/officers/medical-centre.officer/activate")).status_code
    assert 200 == (await (await sign_in("medical-centre.officer")).get("/me")).status_code


async def test_the_last_administrator_and_the_last_coordinator_stay(keeper: httpx.AsyncClient, reported: str) -> None:
    """Nobody could bring them back; nobody would take what is sent back to the lead."""
    for username, code in (
        ("administrator", "last-administrator"),
        ("labour-division.coordinator", "would-strand-journeys"),
    ):
        refused = await keeper.post(f"/officers/{username}/deactivate", json={})
        assert (409, code) == (refused.status_code, refused.json()["code"])
    demoted = await keeper.patch("/officers/labour-division.coordinator", json={"roles": ["officer"]})
    assert "would-strand-journeys" == demoted.json()["code"]


async def test_a_role_ends_only_where_another_holds_it_or_nobody_needs_it(
    keeper: httpx.AsyncClient, office: Office, reported: str
) -> None:
    """A clinic gives its role up once another one has it; days nobody would hold it are named."""
    clinic = {"code": "clinic-two", "name_vi": "Phòng khám số 2", "parent": "health-division", "mail": "pk2@example.vn"}
    made = await keeper.post("/organisations", json=clinic, headers=key("a"))
    assert (201, "Phòng khám số 2") == (made.status_code, made.json()["name"]["en"])
    listed = (await keeper.get("/organisations", params={"limit": 200})).json()["items"]
    old = next(each for each in listed if each["code"] == "medical-centre")["roles"][0]
    last = office.today() + timedelta(days=30)
    end = {"to": str(last)}
    refused = await keeper.patch(f"/organisations/medical-centre/roles/{old['id']}", json=end)
    assert (409, "role-would-be-empty", str(last + timedelta(days=1)), 1) == (
        refused.status_code, *(refused.json()[name] for name in ("code", "on", "journeys")),
    )  # fmt: skip
    given = {"role": "medical_centre", "from": str(last + timedelta(days=1))}
    assert 201 == (await keeper.post("/organisations/clinic-two/roles", json=given, headers=key("b"))).status_code
    twice = await keeper.post("/organisations/clinic-two/roles", json=given, headers=key("c"))
    assert "role-held-already" == twice.json()["code"]
    ended = await keeper.patch(f"/organisations/medical-centre/roles/{old['id']}", json=end)
    assert (200, str(last)) == (ended.status_code, ended.json()["to"])


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("post", "/organisations", {"code": "medical-centre", "name_vi": "x"}, "organisation-exists"),
        ("post", "/organisations", {"code": "new", "name_vi": "x", "parent": "nobody"}, "organisation-unfit"),
        ("patch", "/organisations/health-division", {"parent": "medical-centre"}, "organisation-unfit"),
        ("patch", "/organisations/nobody", {"mail": ""}, "organisation-unknown"),
        ("post", "/organisations/medical-centre/roles", {"role": "king", "from": "2024-03-01"}, "role-unfit"),
        ("post", "/organisations/medical-centre/roles", {"role": "commune", "from": "2024-03-01"}, "role-unfit"),
        ("patch", "/organisations/medical-centre/roles/holder-x", {"to": "2030-01-01"}, "role-unknown"),
        ("post", "/officers", LAN | {"username": "medical-centre.officer"}, "officer-exists"),
        ("post", "/officers", LAN | {"roles": ["administrator", "officer"]}, "officer-unfit"),
        ("post", "/officers", LAN | {"district": True}, "officer-unfit"),
        ("post", "/officers/nobody/deactivate", {}, "officer-unknown"),
        ("post", "/officers/medical-centre.officer/deactivate", {"heir": "school-one.officer"}, "officer-unfit"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused_with_a_code(
    keeper: httpx.AsyncClient, method: str, path: str, body: dict[str, Any], code: str
) -> None:
    """And changes nothing."""
    answer = await keeper.request(method, path, json=body, headers=key("a"))
    assert code == answer.json()["code"], answer.text


async def test_an_absence_somebody_else_recorded_is_in_the_log(
    keeper: httpx.AsyncClient, sign_in: SignIn, office: Office
) -> None:
    """It moves tasks from one hand to another: by whom it was recorded and ended stays. One's own is one's own."""
    body = {"from": str(office.today()), "to": str(office.today())}
    own = await (await sign_in("medical-centre.officer")).post("/absences", json=body, headers=key("o"))
    assert 201 == own.status_code
    head = await sign_in("police-tri-an.head")
    made = await head.post("/absences", json=body | {"officer": "police-tri-an.officer"}, headers=key("a"))
    assert 201 == made.status_code, made.text
    for _ in range(2):
        assert 204 == (await keeper.delete(f"/absences/{made.json()['id']}")).status_code
    items = (await keeper.get("/administration")).json()["items"]
    assert [
        ("absence-ended", "police-tri-an.officer", "administrator"),
        ("absence-recorded", "police-tri-an.officer", "police-tri-an.head"),
    ] == [(each["act"], each["subject"], each["by"]) for each in items]


async def test_every_act_is_in_the_log_and_nobody_else_administers(
    keeper: httpx.AsyncClient, sign_in: SignIn, sessions: Sessions
) -> None:
    """Newest first, by whom; a changed entry is noticed; the district's supervisor is refused."""
    await keeper.post("/officers", json=LAN, headers=key("a"))
    await keeper.patch("/officers/lan.tran", json={"mail": "lan@example.vn"})
    page = (await keeper.get("/administration", params={"limit": 1})).json()
    rest = (await keeper.get("/administration", params={"cursor": page["next"]})).json()["items"]
    acts = [(each["act"], each["subject"], each["by"]) for each in [*page["items"], *rest]]
    assert [("officer-changed", "lan.tran", "administrator"), ("officer-invited", "lan.tran", "administrator")] == acts
    async with sessions.begin() as session:
        assert [] == await verify_administration(session)
        await session.execute(update(AdministrationEntry).where(AdministrationEntry.seq == 1).values(subject="x"))
        assert ["administration:1"] == await verify_administration(session)
    for path in ("/administration", "/officers", "/organisations"):
        refused = await (await sign_in("district.supervisor")).get(path)
        assert (403, "not-your-verb") == (refused.status_code, refused.json()["code"])
