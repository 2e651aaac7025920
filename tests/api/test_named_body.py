"""The law names a body for more time: it decides over HTTP, though it watches nothing else of the journey."""

import pytest

from activities.casework.context import Office
from activities.store.engine import Sessions
from tests.api.conftest import SignIn
from tests.api.test_officers_day import opened, reported
from tests.build.grounds import with_ground

__all__ = ("reported",)
KIND, BODY = "check_records", "justice-division.head"


@pytest.fixture
def office(stationed: Office) -> Office:
    """The three days of the police may be lengthened by Justice, on one ground."""
    return with_ground(stationed, KIND, "justice")


async def test_the_body_the_law_names_reads_the_request_and_moves_the_clock(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """The police ask; neither their head nor the district may grant it, and no stranger hears of it; Justice does, once."""
    task = await opened(sessions, office, reported, KIND)
    police, justice = await sign_in("district-police.officer"), await sign_in(BODY)
    read = await police.get(f"/tasks/{task}")
    body = {"kind": "extend", "budget": "P2D", "reason": "hồ sơ ở tỉnh khác", "ground": "xa"}
    headers = {"If-Match": read.headers["ETag"], "Idempotency-Key": "ask"}
    asked = await police.post(f"/tasks/{task}/requests", json=body, headers=headers)
    assert (201, "supervisor") == (asked.status_code, asked.json()["decider"]), asked.text
    path = f"/requests/{asked.json()['id']}/decision"
    for username, status in (
        ("district-police.head", 409), ("district.supervisor", 409), ("medical-centre.head", 404), ("justice-division.officer", 404),
    ):  # fmt: skip
        refused = await (await sign_in(username)).post(path, json={"grant": True}, headers={"Idempotency-Key": "no"})
        assert status == refused.status_code, username
        assert (status == 409) is ("no-statutory-ground" == refused.json()["code"]), username
    waits = (await justice.get("/requests")).json()["items"]
    assert [(asked.json()["id"], "hồ sơ ở tỉnh khác")] == [(each["id"], each["reason"]) for each in waits]
    for elsewhere in (f"/tasks/{task}", f"/journeys/{reported}"):
        assert 404 == (await justice.get(elsewhere)).status_code
    granted = [await justice.post(path, json={"grant": True}, headers={"Idempotency-Key": "yes"}) for _ in range(2)]
    assert [(200, "granted")] * 2 == [(each.status_code, each.json()["state"]) for each in granted], granted[0].text
    assert [] == (await justice.get("/requests")).json()["items"]
    after = (await police.get(f"/tasks/{task}")).json()
    assert after["due_at"] > read.json()["due_at"]
    assert [("P2D", "xa")] == [(each["budget"], each["ground"]) for each in after["why_due"]["extensions"]]
