"""The morning digest: once a working day, numbers and nothing else, however many notifiers there are."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import func, select, update

from activities.casework.context import Office
from activities.casework.tasks import give_back
from activities.store.engine import Sessions
from activities.store.notices import Delivery, Digest
from activities.store.organisations import Organisation
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.build.post_office import PostOffice, post_office
from tests.casework.test_races import opened
from tests.casework.times import at, local, opened_kind
from tests.workers.telling import Gateway, boxes, gateway, now_due, reference
from workers.notifier import Notifier

MORNING = local(2024, 3, 6, 7, 30)  # a Wednesday


@pytest.fixture
def post() -> Iterator[PostOffice]:
    """A real SMTP server."""
    with post_office() as office:
        yield office


@pytest.fixture
async def province() -> AsyncIterator[Gateway]:
    """A gateway that takes everything."""
    async with gateway() as server:
        yield server


async def work_of_the_day(sessions: Sessions, office: Office) -> None:
    """Labour holds one task that is overdue; Justice one due this week; the Medical Centre sent one back to Labour."""
    await boxes(sessions, labour_division_officer="lan@agency.example", justice_division_officer="mai@agency.example")
    first = (await opened(sessions, office)).journey
    due = {"meet_essential_needs": MORNING - timedelta(hours=1), "inform_of_rights": MORNING + timedelta(days=2)}
    await opened_kind(sessions, office, "inform_of_rights", first)
    back = await opened_kind(sessions, office, "examine_health", first)
    async with sessions.begin() as session:
        for kind, at_ in due.items():
            await session.execute(update(Task).where(Task.kind == kind).values(due_at=at_))
        await session.execute(update(Task).where(Task.id == back.task).values(due_at=MORNING + timedelta(days=30)))
        who = await actor(session, "medical-centre.officer")
        await give_back(session, office, who, back.task, 1, "wrong_place")


async def sent(sessions: Sessions, notifier: Notifier, channel: str) -> None:
    """All digests that are due go out."""
    await notifier.write_digests()
    await now_due(sessions)
    while await notifier.deliver_one(channel):
        pass


async def counted(sessions: Sessions) -> dict[str, dict[str, int]]:
    """What each digest counts, by organisation."""
    async with sessions() as session:
        rows = select(Organisation.code, Digest.counts).join(Digest, Digest.organisation_id == Organisation.id)
        return {row[0]: row[1] for row in await session.execute(rows)}


async def test_each_mailbox_is_told_the_numbers_of_its_agency_and_nothing_else(
    post: PostOffice, sessions: Sessions, office: Office
) -> None:
    """Four numbers, no reference; who has no mailbox, or nothing to do, gets nothing."""
    await work_of_the_day(sessions, office)
    await sent(sessions, Notifier(sessions, at(office, MORNING), [post.channel]), "mail")
    assert {"lan@agency.example", "mai@agency.example"} == set(post.to)
    by_box = {envelope.rcpt_tos[0]: envelope.original_content or b"" for envelope in post.taken}
    text = message_from_bytes(by_box["lan@agency.example"], policy=policy.default).get_content()
    assert "quá hạn 1, đến hạn trong tuần 0, chờ nhận 1, bị trả lại 1" in text
    assert "1 overdue, 0 due this week, 1 not taken up, 1 returned" in text
    theirs = message_from_bytes(by_box["mai@agency.example"], policy=policy.default).get_content()
    assert "0 overdue, 1 due this week, 1 not taken up, 0 returned" in theirs
    assert "HW-" not in text + theirs
    assert await reference(sessions) not in text + theirs


async def test_two_notifiers_and_a_third_that_starts_later_send_it_once(
    province: Gateway, sessions: Sessions, office: Office
) -> None:
    """Eight at one instant, one killed in the middle, one after a restart: one message an organisation."""
    await work_of_the_day(sessions, office)
    early = at(office, MORNING)
    racing = [Notifier(sessions, early, [province.channel]) for _ in range(8)]
    writing = [asyncio.create_task(each.write_digests()) for each in racing]
    await asyncio.sleep(0.01)
    writing[0].cancel()
    await asyncio.gather(*writing, return_exceptions=True)
    await asyncio.gather(*(sent(sessions, each, "webhook") for each in racing))
    later = Notifier(sessions, at(office, MORNING + timedelta(hours=3)), [province.channel])
    await sent(sessions, later, "webhook")
    told = [json.loads(body) for _, body in province.taken]
    assert {"morning-digest"} == {each["code"] for each in told}
    assert {""} == {each["reference"] for each in told}
    assert ["justice-division", "labour-division"] == sorted(each["organisation"] for each in told)


async def test_a_digest_that_does_not_leave_is_tried_again_and_not_written_twice(
    province: Gateway, sessions: Sessions, office: Office
) -> None:
    """It is a delivery as any other: retried under its id, and told where it never arrives."""
    await work_of_the_day(sessions, office)
    province.answers = [503, 503, 410]
    notifier = Notifier(sessions, at(office, MORNING), [province.channel])
    await notifier.write_digests()
    while await notifier.deliver_one("webhook"):
        pass
    await sent(sessions, notifier, "webhook")
    ids = [json.loads(body)["id"] for _, body in province.taken]
    assert ids[:2] == ids[2:]
    async with sessions() as session:
        states = list(await session.scalars(select(Delivery.state).where(Delivery.digest_id.is_not(None))))
    assert ["undelivered"] * 2 == states


@pytest.mark.parametrize(("moment", "many"), [
    (local(2024, 3, 6, 7, 29), 0),
    (local(2024, 3, 6, 7, 30), 2),
    (local(2024, 3, 6, 11), 2),  # the notifier was away until then
    (local(2024, 3, 6, 17), 0),
    (local(2024, 3, 9, 8), 0),  # a Saturday
    (local(2024, 4, 18, 8), 0),  # Hùng Kings' day
])  # fmt: skip
async def test_it_goes_out_on_working_days_between_the_hour_and_the_end_of_work(
    province: Gateway, sessions: Sessions, office: Office, moment: datetime, many: int
) -> None:
    """Nobody is told of their tasks on a day off."""
    await work_of_the_day(sessions, office)
    await Notifier(sessions, at(office, moment), [province.channel]).write_digests()
    async with sessions() as session:
        assert many == await session.scalar(select(func.count()).select_from(Digest))


async def test_the_next_morning_has_a_digest_of_its_own(province: Gateway, sessions: Sessions, office: Office) -> None:
    """As long as there is something to tell; with nothing to tell there is none."""
    await work_of_the_day(sessions, office)
    for days in range(3):
        await Notifier(sessions, at(office, MORNING + timedelta(days=days)), [province.channel]).write_digests()
        if days == 1:
            async with sessions.begin() as session:
                await session.execute(update(Task).values(state="done"))
    async with sessions() as session:
        rows = await session.execute(select(Digest.day, func.count()).group_by(Digest.day).order_by(Digest.day))
        assert [(date(2024, 3, 6), 2), (date(2024, 3, 7), 2)] == [(row[0], row[1]) for row in rows]


async def test_what_came_back_is_told_to_who_coordinates(province: Gateway, sessions: Sessions, office: Office) -> None:
    """Returned counts for the lead; the agency that sent it back has nothing left to do."""
    await work_of_the_day(sessions, office)
    await Notifier(sessions, at(office, MORNING), [province.channel]).write_digests()
    numbers = await counted(sessions)
    assert {"overdue": 1, "due_this_week": 0, "unclaimed": 1, "returned": 1} == numbers["labour-division"]
    assert {"overdue": 0, "due_this_week": 1, "unclaimed": 1, "returned": 0} == numbers["justice-division"]
    assert "medical-centre" not in numbers
