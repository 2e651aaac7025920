"""Comments over HTTP: written once, read page by page, unknown to whoever has no part."""

from typing import Any

import httpx

from activities.casework.context import Office
from activities.store.engine import Sessions
from tests.api.conftest import SignIn
from tests.api.test_officers_day import opened, reported

__all__ = ["reported"]
CREATED, NOT_FOUND, UNFIT = httpx.codes.CREATED, httpx.codes.NOT_FOUND, httpx.codes.UNPROCESSABLE_ENTITY


async def _write(who: httpx.AsyncClient, path: str, key: str, *to: str, text: str = "cần phiên dịch") -> httpx.Response:
    return await who.post(f"{path}/comments", json={"text": text, "to": to}, headers={"Idempotency-Key": key})


async def _read(who: httpx.AsyncClient, path: str, **asked: Any) -> list[str]:
    answer = await who.get(f"{path}/comments", params=asked)
    assert httpx.codes.OK == answer.status_code, answer.text
    return [item["text"] for item in answer.json()["items"]]


async def test_doctor_and_coordinator_write_to_one_another(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """Sent twice, written once; a word to the coordinator is not the head's; each agency reads its own."""
    path = f"/tasks/{await opened(sessions, office, reported, 'examine_health')}"
    doctor, head = await sign_in("medical-centre.officer"), await sign_in("health-division.head")
    lead = await sign_in("labour-division.coordinator")
    first = await _write(doctor, path, "a", "coordinator")
    again = await _write(doctor, path, "a", "coordinator")
    assert (CREATED, first.json()) == (first.status_code, again.json())
    assert CREATED == (await _write(lead, path, "b", "holder", text="đã có người")).status_code
    assert ["đã có người", "cần phiên dịch"] == await _read(doctor, path) == await _read(lead, path)
    assert [] == await _read(head, path)
    notices = (await lead.get("/notices")).json()["items"]
    assert "comment-written" in {notice["code"] for notice in notices}
    assert "phiên dịch" not in str(notices)


async def test_a_page_ends_and_the_next_begins_where_it_ended(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """However long they have been writing, every word is reached once."""
    path = f"/journeys/{reported}"
    commune = await sign_in("commune-tri-an.officer")
    for number in range(5):
        assert CREATED == (await _write(commune, path, str(number), "coordinator", text=f"{number}")).status_code
    paged, cursor = list[str](), ""
    while cursor is not None:
        page = (await commune.get(f"{path}/comments", params={"limit": 2, "cursor": cursor})).json()
        paged, cursor = paged + [item["text"] for item in page["items"]], page["next"]
    assert ["4", "3", "2", "1", "0"] == paged


async def test_for_who_has_no_part_there_is_nothing_to_read_or_write(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """The bank is told of no task and no journey; Finance of its task alone."""
    bank, finance = await sign_in("policy-bank.officer"), await sign_in("finance-division.officer")
    health = f"/tasks/{await opened(sessions, office, reported, 'examine_health')}"
    funds = f"/tasks/{await opened(sessions, office, reported, 'confirm_funds')}"
    for who, path in ((bank, health), (bank, f"/journeys/{reported}"), (finance, f"/journeys/{reported}")):
        assert NOT_FOUND == (await _write(who, path, "a", "coordinator")).status_code
        assert NOT_FOUND == (await who.get(f"{path}/comments")).status_code
    assert CREATED == (await _write(finance, funds, "b", "coordinator")).status_code
    lead = await sign_in("labour-division.coordinator")
    assert ["cần phiên dịch"] == await _read(lead, funds) == await _read(finance, funds)
    assert [] == await _read(lead, health)


async def test_an_addressee_there_is_not_is_told_by_its_field(sign_in: SignIn, reported: str) -> None:
    """Nothing is written to a role nobody has."""
    lead = await sign_in("labour-division.coordinator")
    answer = await _write(lead, f"/journeys/{reported}", "a", "mayor")
    assert (UNFIT, "request-invalid") == (answer.status_code, answer.json()["code"])
    answer = await _write(lead, f"/journeys/{reported}", "b", "holder")
    assert (UNFIT, "addressee-unfit") == (answer.status_code, answer.json()["code"])
