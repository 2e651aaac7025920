"""The language a person speaks is written by its name and kept as a code."""

import pytest
from sqlalchemy import select

from activities.store.engine import Sessions
from activities.store.journeys import Journey
from api.pages.spoken import spoken
from tests.build.pages import filled
from tests.pages.conftest import Visit


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Tiếng Việt", "vi"), ("tieng khmer", "km"), ("khmer", "km"), ("Lao", "lo"), ("zh", "zh"), ("", ""), (" Tiếng Chăm ", "Tiếng Chăm")],
)  # fmt: skip
def test_a_language_is_known_by_its_name_in_either_language(typed: str, kept: str) -> None:
    """With or without marks; one nobody listed is kept as it was written."""
    assert kept == spoken(typed)


async def test_whoever_reports_a_person_reads_and_writes_names_not_codes(visit: Visit, sessions: Sessions) -> None:
    """The form says Tiếng Việt from the start; what is chosen instead is kept as its code."""
    commune = await visit("commune-tri-an.officer")
    typed = filled((await commune.get("/report")).text, "/report", commune="tri-an", way_of_return="rescued")
    assert "Tiếng Việt" == typed["language"]
    sent = await commune.post("/report", data=typed | {"language": "Tiếng Khmer"})
    assert "Hồ sơ đã mở" in sent.text
    async with sessions() as session:
        assert ["km"] == list(await session.scalars(select(Journey.language)))
