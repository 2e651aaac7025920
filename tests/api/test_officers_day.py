"""An officer's day over HTTP: sign in, report, find the task, answer it."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from activities.casework.context import Office
from activities.casework.settling import settle
from activities.domain.ids import task_id
from activities.domain.messages import Ask, Wake
from activities.store.engine import Sessions
from tests.api.conftest import SignIn
from tests.build.outcomes import VALID


def a_report(office: Office) -> dict[str, Any]:
    """Somebody came to Trị An an hour ago."""
    at = (office.now() - timedelta(hours=1)).isoformat()
    return {"commune": "tri-an", "happened_at": at, "way_of_return": "self_returned", "child": False}


async def opened(sessions: Sessions, office: Office, journey: str, kind: str) -> str:
    """A task of this kind, opened as the story opens it."""
    ask = Ask(journey=journey, task=task_id(journey, kind), kind=kind)
    async with sessions.begin() as session:
        await settle(session, office, Wake(ask=ask))
    return ask.task


@pytest.fixture
async def reported(sign_in: SignIn, office: Office) -> str:
    """A journey reported by the commune's officer."""
    commune = await sign_in("commune-tri-an.officer")
    answer = await commune.post("/reports", json=a_report(office), headers={"Idempotency-Key": "report"})
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return str(answer.json()["id"])


async def test_an_agency_finds_its_task_and_answers_it_once(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """The first answer counts; the same request again gets the same answer, another is told who won."""
    task = await opened(sessions, office, reported, "examine_health")
    health = await sign_in("medical-centre.officer")
    box = (await health.get("/tasks", params={"box": "agency"})).json()
    assert [task] == [item["id"] for item in box["items"]]
    read = await health.get(f"/tasks/{task}")
    body = {"outcome": VALID["examine_health"], "happened_at": office.now().isoformat()}
    first = await health.post(
        f"/tasks/{task}/outcome", json=body, headers={"If-Match": read.headers["ETag"], "Idempotency-Key": "a"}
    )
    again = await health.post(
        f"/tasks/{task}/outcome", json=body, headers={"If-Match": read.headers["ETag"], "Idempotency-Key": "a"}
    )
    other = await health.post(
        f"/tasks/{task}/outcome", json=body, headers={"If-Match": read.headers["ETag"], "Idempotency-Key": "b"}
    )
    assert (200, 200, 409) == (first.status_code, again.status_code, other.status_code), first.text
    assert first.json() == again.json()
    assert "done" == other.json()["winner"]["state"]
    assert "application/problem+json" == other.headers["content-type"]


async def test_a_task_of_another_agency_is_not_there(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """Nobody learns even that a task exists when it is not theirs."""
    task = await opened(sessions, office, reported, "examine_health")
    school = await sign_in("education-division.officer")
    assert 404 == (await school.get(f"/tasks/{task}")).status_code
    assert 404 == (await school.post(f"/tasks/{task}/claim", headers={"If-Match": '"1"'})).status_code
    assert 404 == (await school.get(f"/journeys/{reported}")).status_code
    assert [] == (await school.get("/tasks", params={"box": "board", "state": "open"})).json()["items"]


async def test_an_outcome_that_does_not_fit_is_told_field_by_field_and_the_draft_stays(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """A tired officer loses nothing they typed."""
    task = await opened(sessions, office, reported, "examine_health")
    health = await sign_in("medical-centre.officer")
    assert (
        204
        == (
            await health.put(f"/tasks/{task}/draft", json={"draft": {"took": 1}}, headers={"If-Match": '"1"'})
        ).status_code
    )
    body = {"outcome": {"nonsense": True}, "happened_at": office.now().isoformat()}
    answer = await health.post(f"/tasks/{task}/outcome", json=body, headers={"If-Match": '"1"', "Idempotency-Key": "a"})
    assert (422, "outcome-invalid") == (answer.status_code, answer.json()["code"])
    assert any(each["loc"] == ["nonsense"] for each in answer.json()["problems"])
    assert {"took": 1} == (await health.get(f"/tasks/{task}")).json()["draft"]


async def test_a_stale_form_is_refused_and_a_form_without_its_revision_too(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """Whoever writes says what they had before their eyes."""
    task = await opened(sessions, office, reported, "examine_health")
    health = await sign_in("medical-centre.officer")
    assert 428 == (await health.post(f"/tasks/{task}/claim")).status_code
    assert 412 == (await health.post(f"/tasks/{task}/claim", headers={"If-Match": '"7"'})).status_code
    assert 200 == (await health.post(f"/tasks/{task}/claim", headers={"If-Match": '"1"'})).status_code


async def test_wrong_passwords_lock_the_account_for_a_while(web: httpx.AsyncClient) -> None:
    """Guessing stops; an unknown name is told the same as a wrong password."""
    for _ in range(5):
        answer = await web.post("/sessions", json={"username": "medical-centre.officer", "password": "wrong"})
        assert (401, "sign-in-refused") == (answer.status_code, answer.json()["code"])
    assert (
        "sign-in-locked"
        == (await web.post("/sessions", json={"username": "medical-centre.officer", "password": "x"})).json()["code"]
    )
    assert (
        "sign-in-refused" == (await web.post("/sessions", json={"username": "nobody", "password": "x"})).json()["code"]
    )


async def test_a_token_is_worth_nothing_after_signing_out(sign_in: SignIn) -> None:
    """A phone left behind opens nothing."""
    officer = await sign_in("medical-centre.officer")
    assert "medical-centre.officer" == (await officer.get("/me")).json()["username"]
    assert 204 == (await officer.delete("/sessions/current")).status_code
    assert 401 == (await officer.get("/me")).status_code


async def test_each_number_of_the_board_lists_exactly_its_rows(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """Counts and lists agree, for the district and for the head of one agency."""
    for kind in ("examine_health", "check_information", "assess_needs", "record_choice"):
        await opened(sessions, office, reported, kind)
    for username, expected in (("district.supervisor", 4), ("medical-centre.head", 1)):
        watcher = await sign_in(username)
        board = (await watcher.get("/board")).json()
        assert expected == next(each["count"] for each in board["numbers"] if each["name"] == "open")
        for number in [*board["numbers"], *board["waiting_on"]]:
            rows = (await watcher.get(f"/tasks{number['query']}")).json()["items"]
            assert number["count"] == len(rows), number


async def test_identity_is_read_by_need_and_every_reading_is_logged(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """The lead writes who the person is; the doctor sees what an examination needs; a school sees nothing."""
    lead = await sign_in("labour-division.coordinator")
    identity = {"full_name": "Nguyễn Thị Thử", "id_number": "000000000001", "ethnicity": "Kinh"}
    written = await lead.put(f"/journeys/{reported}/person", json=identity, headers={"If-None-Match": "*"})
    assert (200, '"1"') == (written.status_code, written.headers.get("ETag")), written.text
    await opened(sessions, office, reported, "examine_health")
    doctor = (await (await sign_in("medical-centre.officer")).get(f"/journeys/{reported}/person")).json()["fields"]
    assert "Nguyễn Thị Thử" == doctor["full_name"]
    assert "ethnicity" not in doctor
    assert 404 == (await (await sign_in("education-division.officer")).get(f"/journeys/{reported}/person")).status_code
