"""Files over HTTP: streamed in and out, clean and sealed, for those who work on the task alone."""

import hashlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, text

from activities.casework.context import Office
from activities.casework.journal import verify_chains
from activities.security.errors import TamperedError
from activities.security.files.kinds import MOST_BYTES
from activities.store.attachments import Attachment, AttachmentChunk
from activities.store.engine import Sessions
from activities.store.journal import AccessEntry, JournalEntry
from tests.api.conftest import SignIn
from tests.api.test_officers_day import opened, reported
from tests.build.files import SECRETS, docx, jpeg, pdf, png, scan
from tests.build.outcomes import VALID

__all__ = ["reported"]
CREATED, OK, GONE, CONFLICT = 201, 200, 404, 409
TYPES = {
    "pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip


async def attach(who: httpx.AsyncClient, task: str, data: Any, key: str = "a", **asked: str) -> httpx.Response:
    """Attach a file to a task."""
    headers = {"Idempotency-Key": key, "Content-Type": "text/html"}
    return await who.post(f"/tasks/{task}/attachments", content=data, params=asked, headers=headers)


@pytest.mark.parametrize(("kind", "data"), [("pdf", pdf()), ("jpeg", jpeg()), ("png", png()), ("docx", docx())])
async def test_a_file_comes_back_clean_under_a_name_that_says_nothing(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str, kind: str, data: bytes
) -> None:
    """Its content told its kind; the coordinator gets the same bytes, of the length and sum that were announced."""
    task = await opened(sessions, office, reported, "examine_health")
    doctor, lead = await sign_in("medical-centre.officer"), await sign_in("labour-division.coordinator")
    given = await attach(doctor, task, data, name="CCCD Nguyễn Thị Mẫu.exe", retention="medical")
    assert CREATED == given.status_code, given.text
    row = given.json()
    got = await lead.get(f"/tasks/{task}/attachments/{row['id']}")
    extension = {"jpeg": "jpg"}.get(kind, kind)
    reference = (await lead.get(f"/journeys/{reported}")).json()["reference"]
    assert (OK, TYPES[kind]) == (got.status_code, got.headers["content-type"])
    assert f'attachment; filename="{reference}-1.{extension}"' == got.headers["content-disposition"]
    assert ("nosniff", str(row["size"])) == (got.headers["x-content-type-options"], got.headers["content-length"])
    assert row["sha256"] == hashlib.sha256(got.content).hexdigest()
    assert [] == [secret for secret in SECRETS if secret in got.content]
    listed = (await lead.get(f"/tasks/{task}/attachments")).json()["items"]
    assert [(row["id"], None, "medical", True)] == [
        (each["id"], each["own_name"], each["retention"]["code"], each["retention"]["source"]["local"])
        for each in listed
    ]
    own = (await doctor.get(f"/tasks/{task}/attachments")).json()["items"]
    assert ["CCCD Nguyễn Thị Mẫu.exe"] == [each["own_name"] for each in own]
    assert "2034-03-04" == row["kept_until"]


async def test_nothing_of_the_file_lies_open_in_the_rows(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """Who steals the database has neither the paper nor its name; attaching and reading stand in journal and access log."""
    task = await opened(sessions, office, reported, "examine_health")
    doctor = await sign_in("medical-centre.officer")
    given = (await attach(doctor, task, pdf(), name="giấy của chị Mẫu.pdf")).json()
    whole = (await doctor.get(f"/tasks/{task}/attachments/{given['id']}")).content
    async with sessions() as session:
        sealed = b"".join(await session.scalars(select(AttachmentChunk.sealed)))
        rows = [str(row) for table in ("attachment", "journal", "outbox", "idempotency", "access_log")
                for row in await session.scalars(text(f"SELECT row_to_json(t)::text FROM {table} t"))]  # fmt: skip
        read = (await session.scalars(select(AccessEntry))).one()
        written = (await session.scalars(select(JournalEntry).where(JournalEntry.event == "file-attached"))).one()
        assert [] == await verify_chains(session)
    assert whole[:8] not in sealed
    assert whole[-40:] not in sealed
    assert [f"file:{given['id']}"] == read.fields
    assert {"attachment", "kind", "retention", "type"} == set(written.data)
    assert not any("Mẫu" in row for row in rows)


async def test_ten_megabytes_are_streamed_in_and_out_and_one_byte_more_is_refused(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """A thick file passes in pieces; what is too large is told so, with its length announced or not."""
    task = await opened(sessions, office, reported, "examine_health")
    doctor = await sign_in("medical-centre.officer")
    large = _padded(MOST_BYTES)
    given = await attach(doctor, task, _pieces(large))
    assert CREATED == given.status_code, given.text
    async with doctor.stream("GET", f"/tasks/{task}/attachments/{given.json()['id']}") as got:
        received = [piece async for piece in got.aiter_bytes(50_000)]
    assert given.json()["size"] == sum(map(len, received)) > 9_000_000
    for data in (_pieces(large + b"\n"), large + b"\n"):
        refused = await attach(doctor, task, data, "b")
        assert (413, "attachment-too-large") == (refused.status_code, refused.json()["code"])


def _padded(size: int) -> bytes:
    """A PDF whose one photograph cannot be packed, of exactly this many bytes."""
    whole = scan(size - 5_000)
    return whole + b"\n" * (size - len(whole))


async def _pieces(data: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(data), 65_000):
        yield data[at : at + 65_000]


async def test_only_who_works_on_the_task_and_the_lead_know_of_its_files(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """For the bank there is no such task; the district and a head know of the task and may not read its files."""
    task = await opened(sessions, office, reported, "examine_health")
    other = await opened(sessions, office, reported, "check_information")
    doctor = await sign_in("medical-centre.officer")
    path = f"/tasks/{task}/attachments/{(await attach(doctor, task, png())).json()['id']}"
    for username, status in (
        ("policy-bank.officer", 404), ("administrator", 404), ("district.supervisor", 403), ("medical-centre.head", 403),
        ("labour-division.coordinator", 200),
    ):  # fmt: skip
        who = await sign_in(username)
        tried = (await who.get(path), await who.get(f"/tasks/{task}/attachments"))
        assert [status, status] == [each.status_code for each in tried], username
        sent = await attach(who, task, png(), username)
        assert sent.status_code == (CREATED if status == OK else status), username
    lead = await sign_in("labour-division.coordinator")
    assert GONE == (await lead.get(path.replace(task, other))).status_code


async def test_a_file_struck_out_is_gone_and_that_it_was_there_stays(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """The wrong person's paper can be taken back by whoever attached it, until the task is answered."""
    task = await opened(sessions, office, reported, "examine_health")
    doctor, lead = await sign_in("medical-centre.officer"), await sign_in("labour-division.coordinator")
    wrong, right = [(await attach(doctor, task, data, str(at))).json()["id"] for at, data in enumerate((png(), pdf()))]
    path = f"/tasks/{task}/attachments"
    assert 403 == (await lead.delete(f"{path}/{wrong}")).status_code
    assert [204, 204] == [(await doctor.delete(f"{path}/{wrong}")).status_code for _ in range(2)]
    assert "attachment-struck-out" == (await doctor.get(f"{path}/{wrong}")).json()["code"]
    assert [True, False] == [each["struck_at"] is not None for each in (await lead.get(path)).json()["items"]]
    async with sessions() as session:
        row = await session.get_one(Attachment, wrong)
        left = select(func.count()).where(AttachmentChunk.attachment_id == wrong)
        assert (None, None, 0) == (row.data_key, row.name, await session.scalar(left))
    body = {"outcome": VALID["examine_health"], "happened_at": office.now().isoformat()}
    await doctor.post(f"/tasks/{task}/outcome", json=body, headers={"If-Match": '"1"', "Idempotency-Key": "o"})
    late = await doctor.delete(f"{path}/{right}"), await attach(doctor, task, png(), "late")
    assert [(CONFLICT, "task-ended")] * 2 == [(each.status_code, each.json()["code"]) for each in late]
    assert OK == (await doctor.get(f"{path}/{right}")).status_code


async def test_a_file_sent_twice_is_kept_once_and_a_bad_one_is_told_why(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """A line that broke costs nothing; a file that will not do is told by its reason, and nothing is kept."""
    task = await opened(sessions, office, reported, "examine_health")
    doctor = await sign_in("medical-centre.officer")
    first, again = await attach(doctor, task, png()), await attach(doctor, task, png())
    assert (CREATED, first.json()) == (first.status_code, again.json())
    assert "idempotency-key-reused" == (await attach(doctor, task, pdf())).json()["code"]
    for data, asked, code, reason in (
        (b"MZ", {}, "attachment-type", "kind"),
        (docx(word__vbaProject_bin=b"x"), {}, "attachment-type", "macros"),
        (pdf(password="x"), {}, "attachment-unreadable", "encrypted"),
        (png()[:-60], {}, "attachment-unreadable", "broken"),
        (png(), {"retention": "forever"}, "retention-unknown", None),
    ):
        answer = await attach(doctor, task, data, "b", **asked)
        assert (422, code, reason) == (answer.status_code, answer.json()["code"], answer.json().get("reason"))
    assert 1 == len((await doctor.get(f"/tasks/{task}/attachments")).json()["items"])


async def test_who_confirms_the_funds_gets_a_file_without_the_reference(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """Not even the name of a file tells Finance which journey it is."""
    task = await opened(sessions, office, reported, "confirm_funds")
    lead, finance = await sign_in("labour-division.coordinator"), await sign_in("finance-division.officer")
    row = (await attach(lead, task, pdf())).json()
    got = await finance.get(f"/tasks/{task}/attachments/{row['id']}")
    assert row["file"].startswith("HW-")
    assert f'attachment; filename="{row["id"][:19]}.pdf"' == got.headers["content-disposition"]
    assert "HW-" not in (await finance.get(f"/tasks/{task}/attachments")).text


async def test_a_school_sees_the_files_of_its_part_alone(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """What the division attached before it handed the task down stays between it and the lead."""
    task = await opened(sessions, office, reported, "enrol_in_school")
    division, school = await sign_in("education-division.officer"), await sign_in("school-one.officer")
    above = (await attach(division, task, png())).json()["id"]
    tag = (await division.get(f"/tasks/{task}")).headers["ETag"]
    body = {"organisation": "school-one", "reason": "trường dạy em"}
    await division.post(f"/tasks/{task}/delegate", json=body, headers={"If-Match": tag, "Idempotency-Key": "d"})
    below = (await attach(school, task, pdf())).json()["id"]
    lists = [(await who.get(f"/tasks/{task}/attachments")).json()["items"] for who in (school, division)]
    assert [[below], [above, below]] == [[each["id"] for each in items] for items in lists]
    assert GONE == (await school.get(f"/tasks/{task}/attachments/{above}")).status_code


async def test_a_file_whose_bytes_were_lost_or_changed_is_never_given_out_as_whole(
    sign_in: SignIn, sessions: Sessions, office: Office, reported: str
) -> None:
    """What is missing is told at once; what was changed ends the answer short of the length it announced."""
    task = await opened(sessions, office, reported, "examine_health")
    doctor = await sign_in("medical-centre.officer")
    path = f"/tasks/{task}/attachments/{(await attach(doctor, task, scan(200_000))).json()['id']}"
    async with sessions.begin() as session:
        chunk = (await session.scalars(select(AttachmentChunk).where(AttachmentChunk.seq == 1))).one()
        chunk.sealed = chunk.sealed[:-1] + bytes([chunk.sealed[-1] ^ 1])
    with pytest.raises(TamperedError):
        await doctor.get(path)
    async with sessions.begin() as session:
        await session.delete((await session.scalars(select(AttachmentChunk).where(AttachmentChunk.seq == 2))).one())
    lost = await doctor.get(path)
    assert (500, "attachment-damaged") == (lost.status_code, lost.json()["code"])
