"""Papers and photographs at the page: attached without JavaScript, joined, read, struck out; answers recorded from a paper."""

from io import BytesIO

import httpx
import pytest
from pypdf import PdfReader
from sqlalchemy import select

from activities.casework.context import Office
from activities.plan.retention import retention_classes
from activities.security.files.kinds import MOST_BYTES
from activities.store.attachments import Attachment
from activities.store.corrections import Correction
from activities.store.engine import Sessions
from activities.store.tasks import Task
from tests.build.files import SECRETS, docx, jpeg, pdf, png, scan
from tests.build.pages import Page, filled, send
from tests.pages.conftest import Visit
from tests.pages.standing import COORDINATOR, DOCTOR, Opens, opens, reported

__all__ = ["opens", "reported"]


async def attach(who: httpx.AsyncClient, task: str, *files: tuple[str, bytes]) -> httpx.Response:
    """Choose files in the form of the task and send it."""
    at = f"/tasks/{task}/attachments"
    fields = filled((await who.get(f"/tasks/{task}")).text, at)
    return await who.post(at, data=fields, files=[("file", each) for each in files])


def links(html: str, task: str) -> list[str]:
    """Where the files of a task are read."""
    return [each for each in Page(html).links if each.startswith(f"/tasks/{task}/attachments/")]


async def test_a_file_is_attached_read_and_struck_out(visit: Visit, opens: Opens, sessions: Sessions) -> None:
    """It comes back clean, under a name that says nothing; struck out it is gone and its line stays."""
    task, doctor = await opens("examine_health"), await visit(DOCTOR)
    given = await attach(doctor, task, ("giấy hẹn.pdf", pdf()))
    assert "Đã đính kèm tệp." in given.text, Page(given.text).text
    assert "giấy hẹn.pdf" in given.text
    read = await doctor.get(links(given.text, task)[0])
    assert ("application/pdf", True) == (read.headers["content-type"], read.content.startswith(b"%PDF"))
    assert "giấy" not in read.headers["content-disposition"]
    assert [] == [each for each in SECRETS if each in read.content]
    struck = await send(doctor, f"/tasks/{task}", f"{links(given.text, task)[0]}/strike")
    assert "Đã gỡ bỏ tệp." in struck.text
    assert [] == links(struck.text, task)
    assert "đã gỡ bỏ" in struck.text


async def test_what_papers_a_file_is_of_is_chosen_and_shown_with_its_last_day(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office
) -> None:
    """How long it is kept is seen by whoever attaches it; who chooses nothing files it with the journey's papers."""
    task, doctor = await opens("examine_health"), await visit(DOCTOR)
    at, today = f"/tasks/{task}/attachments", office.today()
    form = (await doctor.get(f"/tasks/{task}")).text
    assert "Giấy tờ y tế: lưu 120 tháng" in form
    assert "case_file" == filled(form, at)["retention"]
    await attach(doctor, task, ("a.pdf", pdf()))
    fields = filled((await doctor.get(f"/tasks/{task}")).text, at, retention="temporary")
    given = await doctor.post(at, data=fields, files=[("file", ("b.pdf", pdf()))])
    for words in ("Giấy tờ của hồ sơ, lưu đến", "Tài liệu tạm thời, lưu đến"):
        assert words in Page(given.text).text
    async with sessions() as session:
        kept = list(
            await session.execute(select(Attachment.retention, Attachment.kept_until).order_by(Attachment.number))
        )
    assert [
        ("case_file", retention_classes()["case_file"].until(today)),
        ("temporary", retention_classes()["temporary"].until(today)),
    ] == kept


async def test_a_class_nobody_knows_is_refused_and_nothing_is_kept(
    visit: Visit, opens: Opens, sessions: Sessions
) -> None:
    """A form that was tampered with keeps nothing for a time of its own."""
    task, doctor = await opens("examine_health"), await visit(DOCTOR)
    at = f"/tasks/{task}/attachments"
    fields = filled((await doctor.get(f"/tasks/{task}")).text, at, retention="forever")
    refused = await doctor.post(at, data=fields, files=[("file", ("a.pdf", pdf()))])
    assert httpx.codes.UNPROCESSABLE_ENTITY == refused.status_code
    async with sessions() as session:
        assert [] == list(await session.scalars(select(Attachment.id)))


async def test_photographs_of_one_paper_become_one_pdf(visit: Visit, opens: Opens, sessions: Sessions) -> None:
    """A page each, upright, and nothing of where and with what they were taken."""
    task, doctor = await opens("examine_health"), await visit(DOCTOR)
    photographs = [("1.jpg", jpeg(size=(400, 200))), ("2.jpg", jpeg(orientation=6, size=(400, 200))), ("3.png", png())]
    given = await attach(doctor, task, *photographs)
    assert "1.pdf" in Page(given.text).text
    read = await doctor.get(links(given.text, task)[0])
    pages = PdfReader(BytesIO(read.content)).pages
    assert [True, False] == [page.mediabox.width > page.mediabox.height for page in pages[:2]]
    assert 3 == len(pages)
    assert [] == [each for each in SECRETS if each in read.content]
    async with sessions() as session:
        assert ["pdf"] == list(await session.scalars(select(Attachment.type)))


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([("a.txt", b"words")], "không thuộc loại được nhận"),
        ([("a.pdf", pdf(password="x"))], "Tệp có mật khẩu"),
        ([("a.jpg", jpeg()), ("b.docx", docx())], "Hãy gửi riêng tệp PDF hoặc DOCX"),
        ([("a.pdf", scan(MOST_BYTES))], "lớn hơn 10 MB"),
        ([(f"{number}.jpg", jpeg()) for number in range(21)], "nhiều nhất 20 ảnh"),
        ([(f"{number}.jpg", b"\xff" * 9_000_000) for number in range(5)], "lớn hơn 40 MB"),
    ],
    ids=["kind", "password", "mixed", "large", "many", "together"],
)
async def test_what_is_not_taken_is_told_in_words(
    visit: Visit, opens: Opens, sessions: Sessions, files: list[tuple[str, bytes]], told: str
) -> None:
    """An officer with a telephone learns what to do otherwise, and nothing half is kept."""
    task, doctor = await opens("examine_health"), await visit(DOCTOR)
    refused = await attach(doctor, task, *files)
    assert refused.status_code in (httpx.codes.UNPROCESSABLE_ENTITY, httpx.codes.REQUEST_ENTITY_TOO_LARGE)
    assert told in Page(refused.text).text, Page(refused.text).text
    assert "hãy chọn lại tệp" in refused.text
    assert 'aria-describedby="file-help file-problem" aria-invalid="true"' in refused.text
    async with sessions() as session:
        assert [] == list(await session.scalars(select(Attachment.id)))


async def test_a_file_is_taken_from_a_form_of_this_sign_in_alone(visit: Visit, opens: Opens) -> None:
    """Another site cannot make an officer's browser attach anything."""
    task, doctor = await opens("examine_health"), await visit(DOCTOR)
    given = await doctor.post(f"/tasks/{task}/attachments", data={"csrf": "x"}, files=[("file", ("a.pdf", pdf()))])
    assert httpx.codes.FORBIDDEN == given.status_code


async def test_the_coordinator_records_an_answer_from_a_paper_and_the_agency_objects(
    visit: Visit, opens: Opens, sessions: Sessions
) -> None:
    """Number, dates, signer and scan stand on the row; the agency is offered to object, and does."""
    task, coordinator, doctor = await opens("examine_health"), await visit(COORDINATOR), await visit(DOCTOR)
    assert "Cần có bản chụp văn bản trước" in (await coordinator.get(f"/tasks/{task}")).text
    await attach(coordinator, task, ("công văn.pdf", pdf()))
    paper = {"paper_number": "18/CV", "paper_signer": "Nguyễn Văn Ký", "took_place": "yes"}
    missing = await send(coordinator, f"/tasks/{task}", f"/tasks/{task}/check", **paper, paper_date="04/03/2024")
    assert "Ngày nhận" in Page(missing.text).text
    assert "18/CV" == filled(missing.text, f"/tasks/{task}/check")["paper_number"]
    dated = paper | {"paper_date": "04/03/2024", "paper_received_on": "04/03/2024"}
    read_back = await send(coordinator, f"/tasks/{task}", f"/tasks/{task}/check", **dated)
    assert "công văn.pdf" in read_back.text
    done = await coordinator.post(f"/tasks/{task}/outcome", data=filled(read_back.text, f"/tasks/{task}/outcome"))
    assert "Đã ghi nhận thay theo văn bản." in done.text, Page(done.text).text
    async with sessions() as session:
        kept = (await session.get_one(Task, task)).on_behalf_of or {}
    assert ("18/CV", "2024-03-04", "Nguyễn Văn Ký") == (kept["number"], kept["date"], kept["signer"])
    assert "được phản đối đến" in Page((await doctor.get("/work?box=done")).text).text
    seen = await send(
        doctor, f"/tasks/{task}", f"/tasks/{task}/correct", onward_referral="yes", correction_reason="văn bản khác"
    )
    sent = await doctor.post(f"/tasks/{task}/correct", data=filled(seen.text, f"/tasks/{task}/correct", step="send"))
    assert "Đã gửi phản đối" in sent.text, Page(sent.text).text
    async with sessions() as session:
        assert [True] == list(await session.scalars(select(Correction.objection)))
