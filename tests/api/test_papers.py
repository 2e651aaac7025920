"""What an agency answered on paper: recorded by the coordinator alone, with its dates and its scan, and marked as such."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from activities.casework.context import Office
from activities.store.engine import Sessions
from activities.store.tasks import Task
from tests.api.conftest import SignIn
from tests.api.test_attachments import attach
from tests.api.test_officers_day import opened, reported
from tests.build.files import pdf
from tests.build.outcomes import VALID

__all__ = ["reported"]


def a_paper(office: Office, scan: str, **other: Any) -> dict[str, Any]:
    """The medical centre's letter of the day before yesterday, come yesterday."""
    written, came = (office.today() - timedelta(days=days) for days in (2, 1))
    return {
        "number": "18/CV", "date": written.isoformat(), "signer": "Giám đốc", "received_on": came.isoformat(), "scan": scan,
    } | other  # fmt: skip


async def record(
    who: httpx.AsyncClient, office: Office, task: str, paper: dict[str, Any], happened: datetime | None = None
) -> httpx.Response:
    """Answer a task from a paper."""
    moment = (happened or office.now()).isoformat()
    body = {"outcome": VALID["examine_health"], "happened_at": moment, "on_behalf_of": paper}
    return await who.post(
        f"/tasks/{task}/outcome", json=body, headers={"If-Match": '"1"', "Idempotency-Key": uuid4().hex}
    )


async def test_a_paper_is_recorded_with_its_scan_and_marked_wherever_the_outcome_shows(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """The agency itself sees who signed what, when it came, and can read the scan that stands for its answer."""
    task = await opened(sessions, office, reported, "examine_health")
    lead, doctor = await sign_in("labour-division.coordinator"), await sign_in("medical-centre.officer")
    scan = (await attach(lead, task, pdf())).json()["id"]
    paper = a_paper(office, scan)
    assert 403 == (await record(doctor, office, task, paper)).status_code
    done = await record(lead, office, task, paper)
    assert (200, "done", paper) == (done.status_code, done.json()["state"], done.json()["on_behalf_of"])
    for who in (lead, doctor):
        read = (await who.get(f"/tasks/{task}")).json()
        assert (VALID["examine_health"]["took_place"], paper) == (read["outcome"]["took_place"], read["on_behalf_of"])
        until = office.calendar.end_of(office.calendar.add_working_days(office.today(), 5))
        assert until == datetime.fromisoformat(read["object_until"])
    done_by_us = (await doctor.get("/tasks", params={"box": "done"})).json()["items"]
    assert [(task, paper)] == [(each["id"], each["on_behalf_of"]) for each in done_by_us]
    assert 200 == (await doctor.get(f"/tasks/{task}/attachments/{scan}")).status_code
    assert "task-ended" == (await lead.delete(f"/tasks/{task}/attachments/{scan}")).json()["code"]


@pytest.mark.parametrize(("after", "late"), [(timedelta(), False), (timedelta(days=40), True)])
async def test_whether_the_agency_was_late_is_read_from_the_facts_own_time(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str, after: timedelta, late: bool
) -> None:
    """The paper is typed in weeks after its date: what was done in time stays in time, and shows its own day."""
    task = await opened(sessions, office, reported, "examine_health")
    async with sessions.begin() as session:
        row, long = await session.get_one(Task, task), timedelta(days=60)
        row.opened_at, row.start_at, row.due_at = row.opened_at - long, row.start_at - long, row.due_at - long
        happened = row.opened_at + after
    lead = await sign_in("labour-division.coordinator")
    scan = (await attach(lead, task, pdf())).json()["id"]
    done = (await record(lead, office, task, a_paper(office, scan), happened)).json()
    assert (late, late) == (done["late"], done["overdue_at"] is not None)
    assert happened == datetime.fromisoformat(done["counted_at"])


@pytest.mark.parametrize(
    ("days", "field", "code"),
    [((2, -1), "received_on", "paper-dates-unfit"), ((1, 2), "received_on", "paper-dates-unfit")],
)
async def test_a_paper_does_not_come_before_it_was_written_nor_after_today(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str, days: tuple[int, int], field: str, code: str
) -> None:
    """They are what an objection would be about, so they must be possible ones."""
    task = await opened(sessions, office, reported, "examine_health")
    lead = await sign_in("labour-division.coordinator")
    written, came = ((office.today() - timedelta(days=each)).isoformat() for each in days)
    scan = (await attach(lead, task, pdf())).json()["id"]
    answer = await record(lead, office, task, a_paper(office, scan, date=written, received_on=came))
    assert (422, code) == (answer.status_code, answer.json()["code"])
    assert ["body", "on_behalf_of", field] == answer.json()["problems"][0]["loc"]
    assert "open" == (await lead.get(f"/tasks/{task}")).json()["state"]


async def test_a_scan_must_be_there_and_of_this_task(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """No scan, another task's, or one that was struck out: the record waits until the right one is attached."""
    task = await opened(sessions, office, reported, "examine_health")
    other = await opened(sessions, office, reported, "check_information")
    lead = await sign_in("labour-division.coordinator")
    elsewhere, struck = [(await attach(lead, each, pdf(), each)).json()["id"] for each in (other, task)]
    await lead.delete(f"/tasks/{task}/attachments/{struck}")
    for scan in ("attachment-none", elsewhere, struck):
        answer = await record(lead, office, task, a_paper(office, scan))
        assert (422, "paper-scan-unknown") == (answer.status_code, answer.json()["code"])
    without = {name: value for name, value in a_paper(office, "").items() if name not in ("scan", "received_on")}
    answer = await record(lead, office, task, without)
    assert [["body", "on_behalf_of", name] for name in ("received_on", "scan")] == [
        each["loc"] for each in answer.json()["problems"]
    ]
