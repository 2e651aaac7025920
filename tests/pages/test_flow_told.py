"""The flow in numbers: how long half and nine in ten of the work stay, by stage and agency, and month after month without a gap."""

import re
from datetime import datetime, timedelta

from activities.casework.context import Office
from activities.casework.tasks import submit
from activities.store.engine import Sessions
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.build.pages import go, text
from tests.casework.times import at, local, opened_kind
from tests.pages.conftest import Visit
from tests.pages.standing import DOCTOR, LABOUR

ABOVE = "district.supervisor"
KINDS = {"examine_health": DOCTOR, "assess_needs": LABOUR}


async def _answered(sessions: Sessions, office: Office, kind: str, ended: datetime, days: int, *, late: bool) -> None:
    """A task answered at that moment, so many days after it was opened."""
    then = at(office, ended - timedelta(days=days))
    task = (await opened_kind(sessions, then, kind)).task
    async with sessions.begin() as session:
        row, who = await session.get_one(Task, task), await actor(session, KINDS[kind])
        row.opened_at = ended - timedelta(days=days)
        row.due_at = ended - timedelta(hours=1) if late else ended + timedelta(days=1)
        await submit(session, at(office, ended), who, task, row.revision, dict(VALID[kind]), ended)


async def test_half_and_nine_in_ten_stand_beside_each_stage_and_agency(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """One long case does not hide behind an average; who was on time is told for each."""
    for days in range(1, 12):
        await _answered(sessions, office, "examine_health", local(2024, 3, 2), days, late=days > 8)
    await _answered(sessions, office, "assess_needs", local(2024, 3, 2), 20, late=True)
    said = (await go(await visit(ABOVE), "/board/flow")).text
    for of in ("Khám chữa bệnh, tư vấn, pháp luật", "Trung tâm Y tế huyện Vĩnh Cửu"):
        assert f"{of} 11 73 % 6 ngày 10 ngày" in said, said
    for of in ("Nhu cầu", "Phòng Lao động - Thương binh và Xã hội huyện Vĩnh Cửu"):
        assert f"{of} 1 0 % 20 ngày 20 ngày" in said, said


async def test_months_follow_each_other_also_where_nothing_was_answered(
    visit: Visit, sessions: Sessions, office: Office
) -> None:
    """Chart and table have the month between, so that no rise is a gap left out; a month ends at the district's midnight."""
    await _answered(sessions, office, "assess_needs", local(2024, 1, 31, 23), 20, late=True)
    silent = text((await (await visit(ABOVE)).get("/board/flow")).text)
    assert "02/2024 0 – – – 03/2024 0 – – –" in silent, "of a month that has been silent so far it is said"
    await _answered(sessions, office, "examine_health", local(2024, 3, 2), 1, late=False)
    months = (await (await visit(ABOVE)).get("/board/flow")).text.partition('id="months"')[2]
    assert ["01/24", "02/24", "03/24"] == re.findall(r'text-anchor="middle">([\d/]+)<', months)
    assert 6 == months.count("<rect")
    said = text(months)
    for line in ("01/2024 2 50 % 20 ngày 20 ngày", "02/2024 0 – – –", "03/2024 2 100 % 1 ngày 1 ngày"):
        assert line in said, said
