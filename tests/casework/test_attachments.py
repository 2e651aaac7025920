"""What is kept of attached files: how long, how many, and that none is lost in silence."""

from datetime import date

import pytest
from sqlalchemy import delete

from activities.casework.attachments import MOST_FILES, attach, incomplete, past_their_date
from activities.casework.context import Office
from activities.casework.errors import ConflictError
from activities.plan.retention import retention_classes
from activities.security.files.cleaning import Cleaned
from activities.security.files.kinds import FileType
from activities.store.attachments import AttachmentChunk
from activities.store.engine import Sessions
from tests.build.officers import actor
from tests.casework.times import opened_kind

FILE = Cleaned(FileType.PDF, b"%PDF-1.7")


async def _attached(sessions: Sessions, office: Office, task: str, retention: str = "case_file") -> str:
    async with sessions.begin() as session:
        who = await actor(session, "medical-centre.officer")
        return (await attach(session, office, who, task, FILE, "", retention)).id


def test_every_class_says_how_long_and_where_that_comes_from() -> None:
    """No length is passed off as law: what has no article is marked as our own choice."""
    classes = retention_classes()
    assert {"case_file", "evidence", "medical", "temporary"} == set(classes)
    assert all(each.source.local or each.source.cites for each in classes.values())


@pytest.mark.parametrize(
    ("day", "until"),
    [(date(2024, 3, 4), date(2025, 3, 4)), (date(2024, 2, 29), date(2025, 2, 28)), (date(2024, 12, 31), date(2025, 12, 31))],
)  # fmt: skip
def test_a_year_later_is_the_same_day_or_the_last_of_its_month(day: date, until: date) -> None:
    """Also for what was attached on a leap day, or at the end of a year."""
    assert until == retention_classes()["temporary"].until(day)


async def test_a_file_past_its_date_is_listed_and_not_deleted(sessions: Sessions, office: Office) -> None:
    """A person decides; the doctor only says which."""
    ask = await opened_kind(sessions, office, "examine_health")
    kept, brief = [await _attached(sessions, office, ask.task, each) for each in ("medical", "temporary")]
    async with sessions() as session:
        listed = [await past_their_date(session, day) for day in (date(2025, 3, 4), date(2025, 3, 5), date(2035, 1, 1))]
    assert [[], [brief], [brief, kept]] == listed


async def test_a_file_with_a_chunk_missing_is_found(sessions: Sessions, office: Office) -> None:
    """Before somebody needs it and cannot read it."""
    ask = await opened_kind(sessions, office, "examine_health")
    lost, _ = [await _attached(sessions, office, ask.task) for _ in range(2)]
    async with sessions.begin() as session:
        assert [] == await incomplete(session)
        await session.execute(delete(AttachmentChunk).where(AttachmentChunk.attachment_id == lost))
        assert [lost] == await incomplete(session)


async def test_a_task_has_so_many_files_and_no_more(sessions: Sessions, office: Office) -> None:
    """A runaway scanner is stopped before it fills the disk."""
    ask = await opened_kind(sessions, office, "examine_health")
    for _ in range(MOST_FILES):
        await _attached(sessions, office, ask.task)
    with pytest.raises(ConflictError, match="attachment-too-many"):
        await _attached(sessions, office, ask.task)
