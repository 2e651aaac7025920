"""Absences and hand-overs over HTTP: whoever stands in finds the tasks in their box; the head takes everything over."""

from datetime import timedelta

import pytest

from activities.casework.context import Office
from activities.store.engine import Sessions
from tests.api.conftest import SignIn
from tests.api.test_officers_day import opened, reported
from tests.build.officers import newcomer

__all__ = ("reported",)
LAN = "lan.clinic"


@pytest.fixture
async def claimed(sign_in: SignIn, sessions: Sessions, office: Office, reported: str) -> str:
    """A task the clinic's officer has taken on; Lan is their colleague."""
    await newcomer(sessions, LAN, "medical-centre")
    task = await opened(sessions, office, reported, "examine_health")
    health = await sign_in("medical-centre.officer")
    assert 200 == (await health.post(f"/tasks/{task}/claim", headers={"If-Match": '"1"'})).status_code
    return task


async def test_what_the_absent_officer_holds_is_in_the_substitutes_box(
    sign_in: SignIn, office: Office, claimed: str
) -> None:
    """Shown with who holds it and until when they are away; the absence is listed, and ended when they are back."""
    health, lan = await sign_in("medical-centre.officer"), await sign_in(LAN)
    today = office.today()
    body = {"from": str(today), "to": str(today + timedelta(days=2)), "substitute": LAN}
    assert [] == (await lan.get("/tasks", params={"box": "mine"})).json()["items"]
    made = await health.post("/absences", json=body, headers={"Idempotency-Key": "a"})
    again = await health.post("/absences", json=body, headers={"Idempotency-Key": "a"})
    assert (201, made.json()) == (again.status_code, again.json()), made.text
    assert [claimed] == [each["id"] for each in (await lan.get("/tasks", params={"box": "mine"})).json()["items"]]
    holder = (await lan.get(f"/tasks/{claimed}")).json()["holder"]
    assert ("medical-centre.officer", str(today + timedelta(days=2)), LAN) == (
        holder["username"], holder["away_until"], holder["substitute"]["username"],
    )  # fmt: skip
    for username, seen in ((LAN, 1), ("medical-centre.head", 1), ("administrator", 1), ("school-one.head", 0)):
        listed = (await (await sign_in(username)).get("/absences")).json()["items"]
        assert seen == len(listed), username
    assert 204 == (await health.delete(f"/absences/{made.json()['id']}")).status_code
    assert [] == (await lan.get("/tasks", params={"box": "mine"})).json()["items"]


async def test_the_head_takes_everything_over_once(sign_in: SignIn, claimed: str) -> None:
    """The same request twice is one hand-over; the new holder has a notice of their own."""
    head = await sign_in("medical-centre.head")
    body = {"from_officer": "medical-centre.officer", "to": LAN, "reason": "chuyển công tác"}
    made = await head.post("/handovers", json=body, headers={"Idempotency-Key": "a"})
    again = await head.post("/handovers", json=body, headers={"Idempotency-Key": "a"})
    assert (201, 1, made.json()) == (made.status_code, made.json()["tasks"], again.json())
    lan = await sign_in(LAN)
    assert [claimed] == [each["id"] for each in (await lan.get("/tasks", params={"box": "mine"})).json()["items"]]
    assert "task-handed-over" in {each["code"] for each in (await lan.get("/notices")).json()["items"]}


async def test_nobody_leaves_live_tasks_alone(sign_in: SignIn, office: Office, claimed: str) -> None:
    """The refusal says how many tasks there are and which day nobody is there."""
    today = office.today()
    body = {"from": str(today), "to": str(today)}
    for username, status in ((LAN, 201), ("medical-centre.officer", 409)):
        caller = await sign_in(username)
        answer = await caller.post("/absences", json=body, headers={"Idempotency-Key": "a"})
        assert status == answer.status_code
    assert ("would-strand-tasks", 1, str(today)) == tuple(answer.json()[name] for name in ("code", "tasks", "on"))
