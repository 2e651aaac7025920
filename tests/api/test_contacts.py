"""Whom to ring: the office's telephone and who is on call, beside every task and journey; never anybody's own number."""

from typing import Any

import httpx

from activities.casework.context import Office
from activities.store.engine import Sessions
from tests.api.conftest import SignIn
from tests.api.test_officers_day import opened, reported
from tests.build.officers import newcomer

__all__ = ("reported",)
DUTY: dict[str, Any] = {
    "phone": "0251 386 1234",
    "hours": "7:30-17:00",
    "on_call": ["medical-centre.officer", "lan.clinic"],
}


async def test_a_task_and_its_journey_say_whom_to_ring(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """Of the holder and of the lead; whoever is away today is not on call."""
    await newcomer(sessions, "lan.clinic", "medical-centre")
    task = await opened(sessions, office, reported, "examine_health")
    head, lead = await sign_in("medical-centre.head"), await sign_in("labour-division.coordinator")
    written = await head.put("/organisations/medical-centre/contact", json=DUTY)
    assert (200, ["medical-centre.officer (synthetic)", "lan.clinic"]) == (
        written.status_code,
        written.json()["on_call"],
    )
    keeper = await sign_in("administrator")
    assert 200 == (await keeper.put("/organisations/labour-division/contact", json={"phone": "1"})).status_code
    assert ["contact-set"] == [each["act"] for each in (await keeper.get("/administration")).json()["items"]]
    today = str(office.today())
    lan = await sign_in("lan.clinic")
    assert (
        201
        == (
            await lan.post("/absences", json={"from": today, "to": today}, headers={"Idempotency-Key": "a"})
        ).status_code
    )
    contact = (await lead.get(f"/tasks/{task}")).json()["contact"]
    assert ("0251 386 1234", ["medical-centre.officer (synthetic)"]) == (
        contact["holder"]["phone"], contact["holder"]["on_call"],
    )  # fmt: skip
    assert "1" == contact["lead"]["phone"]
    whole = (await lead.get(f"/journeys/{reported}")).json()["contacts"]
    assert ["labour-division", "medical-centre"] == [each["organisation"]["code"] for each in whole if each["phone"]]


async def test_everybody_reads_the_list_and_only_head_or_administrator_write(sign_in: SignIn) -> None:
    """Page by page, every office once; strangers are not put on call."""
    officer = await sign_in("school-one.officer")
    seen, cursor = list[str](), ""
    while cursor is not None:
        page = (await officer.get("/contacts", params={"limit": 20, "cursor": cursor})).json()
        seen, cursor = seen + [each["organisation"]["code"] for each in page["items"]], page["next"]
    assert sorted(set(seen)) == seen
    assert {"medical-centre", "commune-tri-an"} <= set(seen)
    tried: list[tuple[str, str, dict[str, Any], int]] = [
        ("school-one.officer", "school-one", {}, 403), ("school-one.head", "medical-centre", {}, 404),
        ("education-division.head", "school-one", {}, 200), ("school-one.head", "school-one", {"phone": "me"}, 422),
        ("school-one.head", "school-one", {"on_call": ["medical-centre.officer"]}, 422),
        ("administrator", "nobody", {}, 404),
    ]  # fmt: skip
    for username, code, body, status in tried:
        caller: httpx.AsyncClient = await sign_in(username)
        assert status == (await caller.put(f"/organisations/{code}/contact", json=body)).status_code, username


async def test_who_moved_to_another_office_is_not_on_call_at_the_old_one(sign_in: SignIn, sessions: Sessions) -> None:
    """Whoever rings the clinic's number at night is not told the name of somebody who works at the school now."""
    await newcomer(sessions, "lan.clinic", "medical-centre")
    head, keeper = await sign_in("medical-centre.head"), await sign_in("administrator")
    assert 200 == (await head.put("/organisations/medical-centre/contact", json=DUTY)).status_code
    moved = await keeper.patch("/officers/lan.clinic", json={"organisation": "school-one"})
    assert 200 == moved.status_code, moved.text
    listed = (await head.get("/contacts", params={"limit": 200})).json()["items"]
    on_call = {each["organisation"]["code"]: each["on_call"] for each in listed}
    assert ["medical-centre.officer (synthetic)"] == on_call["medical-centre"]
    assert [] == on_call["school-one"]
