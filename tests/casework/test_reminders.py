"""A reminder is not sent and forgotten, and an offer nobody takes up comes home."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from activities.casework.appointing import change_officer, deactivate
from activities.casework.context import Office
from activities.casework.decisions import Decide, decide
from activities.casework.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from activities.casework.reminders import remind, words_of
from activities.casework.settling import settle
from activities.casework.tasks import claim
from activities.domain.messages import Ask, Wake
from activities.domain.states import DecisionKind, Role, TaskState
from activities.store.engine import Sessions
from activities.store.notices import Notice
from activities.store.organisations import Officer, Organisation
from activities.store.tasks import Rung, Task
from tests.build.officers import actor, newcomer
from tests.casework.test_races import later
from tests.casework.times import opened_kind

KIND, DISTRICT = "examine_health", "district.supervisor"


async def _reminded(sessions: Sessions, office: Office, task: Ask, who: str = DISTRICT, days: int = 3) -> str:
    async with sessions.begin() as session:
        day = office.today() + timedelta(days=days)
        row = await remind(session, office, await actor(session, who), task.task, "giám đốc", "xong thứ Sáu", day)
        assert {"whom": "giám đốc", "promised": "xong thứ Sáu"} == words_of(office, row)
        return row.id


async def _notices(sessions: Sessions, task: Ask, code: str) -> list[Notice]:
    async with sessions() as session:
        return list(await session.scalars(select(Notice).where(Notice.task_id == task.task, Notice.code == code)))


async def test_the_row_comes_back_on_the_day_named(sessions: Sessions, office: Office) -> None:
    """Who reminded is told on that day, once, and nobody else; reminding anew moves the day."""
    task = await opened_kind(sessions, office, KIND)
    await _reminded(sessions, office, task, days=1)
    await _reminded(sessions, office, task, days=3)
    for days in (2, 4, 5):
        async with sessions.begin() as session:
            await settle(session, later(office, timedelta(days=days)), Wake(ask=task, held=1, why="rung"))
        told = await _notices(sessions, task, "look-again")
        assert (0 if days == 2 else 1) == len(told)
    async with sessions() as session:
        author = await actor(session, DISTRICT)
        owed = list(await session.scalars(select(Rung.lapsed_at).where(Rung.code == "look-again")))
    assert [author.officer_id] == [each.officer_id for each in told]
    assert [True, False] == sorted((each is not None for each in owed), reverse=True)
    assert 2 == len(await _notices(sessions, task, "task-reminded"))


@pytest.mark.parametrize(
    ("author", "other", "to"),
    [
        ("lan.clinic", "", ("medical-centre", "supervisor")),
        ("lan.clinic", "medical-centre.head", ("labour-division", "coordinator")),
        ("an.lead", "", ("labour-division", "coordinator")),
        ("duc.district", "", ("labour-division", "district")),
    ],
)
async def test_a_day_named_by_who_left_comes_to_who_watches_now(
    sessions: Sessions, office: Office, author: str, other: str, to: tuple[str, str]
) -> None:
    """The heads of the author's agency, the coordinators, the district; and where no head is left, the coordinators."""
    await newcomer(sessions, "lan.clinic", "medical-centre", Role.SUPERVISOR)
    await newcomer(sessions, "an.lead", "labour-division", Role.COORDINATOR)
    await newcomer(sessions, "duc.district", "labour-division", Role.SUPERVISOR)
    task = await opened_kind(sessions, office, KIND)
    async with sessions.begin() as session:
        await session.execute(update(Officer).where(Officer.username == "duc.district").values(district=True))
    await _reminded(sessions, office, task, author, days=1)
    async with sessions.begin() as session:
        keeper = await actor(session, "administrator")
        for each in filter(None, (author, other)):
            await deactivate(session, office, keeper, each, "")
    assert {(*to, None)} == await _looked_at(sessions, office, task)


async def test_a_day_named_by_who_watches_no_more_comes_to_the_coordinators(sessions: Sessions, office: Office) -> None:
    """The author is a head elsewhere now: the task is nothing to them any more."""
    await newcomer(sessions, "lan.clinic", "medical-centre", Role.SUPERVISOR)
    task = await opened_kind(sessions, office, KIND)
    await _reminded(sessions, office, task, "lan.clinic", days=1)
    async with sessions.begin() as session:
        keeper = await actor(session, "administrator")
        await change_officer(session, office, keeper, "lan.clinic", {"organisation": "policy-bank"})
    assert {("labour-division", "coordinator", None)} == await _looked_at(sessions, office, task)


async def _looked_at(sessions: Sessions, office: Office, task: Ask) -> set[tuple[str, str, str | None]]:
    """Two days on: who is told to look again, by agency, audience and officer."""
    async with sessions.begin() as session:
        await settle(session, later(office, timedelta(days=2)), Wake(ask=task, held=1, why="rung"))
    async with sessions() as session:
        told = select(Organisation.code, Notice.audience, Notice.officer_id).join(
            Notice, Notice.organisation_id == Organisation.id
        )
        rows = await session.execute(told.where(Notice.task_id == task.task, Notice.code == "look-again"))
        return {(row[0], row[1], row[2]) for row in rows}


@pytest.mark.parametrize("days", [0, -1, 401])
async def test_a_day_to_look_again_lies_ahead(sessions: Sessions, office: Office, days: int) -> None:
    """Not yesterday, not in two years."""
    task = await opened_kind(sessions, office, KIND)
    with pytest.raises(InvalidError, match="look-again-invalid"):
        await _reminded(sessions, office, task, days=days)


async def test_only_who_watches_the_task_reminds_of_it(sessions: Sessions, office: Office) -> None:
    """The head, the coordinator and the district do; the officer who holds it, and other agencies, do not."""
    task = await opened_kind(sessions, office, KIND)
    for who in ("medical-centre.head", "health-division.head", "labour-division.coordinator", DISTRICT):
        await _reminded(sessions, office, task, who)
    with pytest.raises(ForbiddenError):
        await _reminded(sessions, office, task, "medical-centre.officer")
    with pytest.raises(NotFoundError):
        await _reminded(sessions, office, task, "policy-bank.head")
    async with sessions.begin() as session:
        gone = Decide(kind=DecisionKind.WAIVE, reason="lý do")
        await decide(session, office, await actor(session, DISTRICT), task.task, 1, gone)
    with pytest.raises(ConflictError, match="task-ended"):
        await _reminded(sessions, office, task)


async def _row(sessions: Sessions, task: Ask) -> Task:
    async with sessions() as session:
        return await session.get_one(Task, task.task)


async def test_an_offer_nobody_takes_up_comes_home(sessions: Sessions, office: Office) -> None:
    """The bank says nothing within its reply time: it is asked once more, then the coordinator has the task."""
    task = await opened_kind(sessions, office, "arrange_loan")
    for days, state in ((8, TaskState.OPEN), (11, TaskState.RETURNED)):
        async with sessions.begin() as session:
            await settle(session, later(office, timedelta(days=days)), Wake(ask=task, held=1, why="rung"))
        assert state is (await _row(sessions, task)).state
    home = await _row(sessions, task)
    assert ("no_reply", True) == (home.return_reason, home.return_review_at is not None)
    assert ["coordinator"] == [each.audience for each in await _notices(sessions, task, "task-returned")]


async def test_an_offer_taken_up_stays(sessions: Sessions, office: Office) -> None:
    """Whoever took it on is not passed over, however long it takes."""
    task = await opened_kind(sessions, office, "arrange_loan")
    async with sessions.begin() as session:
        await claim(session, office, await actor(session, "policy-bank.officer"), task.task, 1)
    async with sessions.begin() as session:
        await settle(session, later(office, timedelta(days=11)), Wake(ask=task, held=1, why="rung"))
    assert TaskState.OPEN is (await _row(sessions, task)).state
