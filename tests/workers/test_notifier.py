"""A notice reaches whom it is for: by mail in neutral words, patiently, each mailbox once; what failed is told."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.casework.context import Office
from activities.domain.ids import new_id
from activities.store.engine import Sessions
from activities.store.notices import Delivery, Notice
from activities.store.organisations import Officer
from tests.build.post_office import PostOffice, post_office
from tests.build.statements import statements
from tests.workers.telling import boxes, deliveries, notice, now_due, reference, told
from workers.notifier import TRIES, Notifier

JUSTICE = "justice-division.officer"
SECOND = "second@agency.example"


@pytest.fixture
def post() -> Iterator[PostOffice]:
    """A real SMTP server."""
    with post_office() as office:
        yield office


@pytest.fixture
def notifier(post: PostOffice, sessions: Sessions, office: Office) -> Notifier:
    """A notifier that sends through it."""
    return Notifier(sessions, office, [post.channel])


async def test_the_mail_says_that_there_is_something_and_nothing_more(
    post: PostOffice, notifier: Notifier, sessions: Sessions, office: Office
) -> None:
    """The random reference; no kind, no stage, no name, no agency's part."""
    await boxes(sessions, justice_division_officer="mai@agency.example")
    number = await notice(sessions, office, kind="inform_of_rights")
    assert 1 == await told(notifier, "mail")
    mail = message_from_bytes(post.taken[0].original_content or b"", policy=policy.default)
    body = mail.get_content()
    assert body.count(await reference(sessions)) == 2
    assert not any(
        word in (body + mail["Subject"]).lower() for word in ("nạn nhân", "victim", "rights", "pháp", "mua bán")
    )
    assert (await deliveries(sessions, number))["mail"].state == "delivered"


async def test_who_confirms_funds_is_not_even_told_which_journey(
    post: PostOffice, notifier: Notifier, sessions: Sessions, office: Office
) -> None:
    """The reference stays out of that mail."""
    await boxes(sessions, finance_division_officer="tien@agency.example")
    await notice(sessions, office, "finance-division", kind="confirm_funds")
    assert 1 == await told(notifier, "mail")
    body = message_from_bytes(post.taken[0].original_content or b"", policy=policy.default).get_content()
    assert "HW-" not in body
    assert "Homeward" in body


async def test_a_mailbox_that_refuses_costs_the_others_nothing_and_nobody_gets_it_twice(
    post: PostOffice, notifier: Notifier, sessions: Sessions, office: Office
) -> None:
    """One mailbox is full for now: the other has its mail at once, the full one later, each one only."""
    await boxes(sessions, justice_division_officer="mai@agency.example")
    async with sessions.begin() as session:
        known = (await session.scalars(select(Officer).where(Officer.username == JUSTICE))).one()
        fields = {"organisation_id": known.organisation_id, "roles": known.roles, "password_hash": "x", "failures": 0}
        session.add(Officer(id="officer-second", username="second", name="x", mail=SECOND, **fields))
    try:
        post.refused = {"mai@agency.example": "452 full"}
        number = await notice(sessions, office)
        assert 1 == await told(notifier, "mail")
        waiting = (await deliveries(sessions, number))["mail"]
        assert (waiting.state, waiting.tries, waiting.error) == ("pending", 1, "mail_unavailable")
        assert waiting.next_at > datetime.now(UTC)
        assert 0 == await told(notifier, "mail")
        post.refused = {}
        await now_due(sessions)
        assert 1 == await told(notifier, "mail")
        assert sorted(post.to) == ["mai@agency.example", SECOND]
        assert (await deliveries(sessions, number))["mail"].state == "delivered"
    finally:
        async with sessions.begin() as session:
            await session.delete(await session.get_one(Officer, "officer-second"))


async def test_what_cannot_be_delivered_is_told(
    post: PostOffice, notifier: Notifier, sessions: Sessions, office: Office
) -> None:
    """An address that is refused for good is not tried again; a server that stays silent is, so many times."""
    await boxes(sessions, justice_division_officer="mai@agency.example")
    post.refused = {"mai@agency.example": "550 nobody of that name"}
    gone = await notice(sessions, office)
    assert 1 == await told(notifier, "mail")
    row = (await deliveries(sessions, gone))["mail"]
    assert (row.state, row.tries, row.error) == ("undelivered", 1, "mail_refused")
    post.refused = {"mai@agency.example": "451 later"}
    later = await notice(sessions, office)
    for _ in range(TRIES):
        await now_due(sessions)
        assert 1 == await told(notifier, "mail")
    row = (await deliveries(sessions, later))["mail"]
    assert (row.state, row.tries) == ("undelivered", TRIES)
    assert not post.to


async def test_without_a_mailbox_the_notice_is_in_the_application(
    post: PostOffice, notifier: Notifier, sessions: Sessions, office: Office
) -> None:
    """Nothing is sent, and the notice is there to be seen."""
    await boxes(sessions)
    number = await notice(sessions, office)
    assert 0 == await told(notifier, "mail")
    ways = await deliveries(sessions, number)
    assert {"in_app": "delivered"} == {name: each.state for name, each in ways.items()}
    assert [] == post.taken


async def test_mail_that_fails_hides_nowhere_that_the_notice_is_in_the_application(
    post: PostOffice, notifier: Notifier, sessions: Sessions, office: Office
) -> None:
    """Two rows: one arrived, one that did not."""
    await boxes(sessions, justice_division_officer="mai@agency.example")
    post.refused = {"mai@agency.example": "550 nobody of that name"}
    number = await notice(sessions, office)
    await told(notifier, "mail")
    ways = await deliveries(sessions, number)
    assert {"in_app": "delivered", "mail": "undelivered"} == {name: each.state for name, each in ways.items()}


async def test_whose_mailbox_is_gone_before_the_mail_left_is_told(
    notifier: Notifier, sessions: Sessions, office: Office
) -> None:
    """An officer's address was taken away after the delivery was written: that shows, nothing pretends to have been sent."""
    await boxes(sessions, justice_division_officer="mai@agency.example")
    number = await notice(sessions, office)
    await notifier.spread_some()
    await boxes(sessions)
    assert await notifier.deliver_one("mail")
    row = (await deliveries(sessions, number))["mail"]
    assert (row.state, row.error) == ("undelivered", "no_address")


async def test_mail_turned_off_leaves_no_delivery_waiting_for_ever(
    notifier: Notifier, sessions: Sessions, office: Office
) -> None:
    """Restarted without a mail server, what waited for it is told as undelivered; what is new goes without mail."""
    await boxes(sessions, justice_division_officer="mai@agency.example")
    number = await notice(sessions, office)
    await notifier.spread_some()
    without = Notifier(sessions, office, [])
    await without.give_up()
    row = (await deliveries(sessions, number))["mail"]
    assert (row.state, row.error) == ("undelivered", "channel_off")
    later = await notice(sessions, office)
    await without.spread_some()
    assert {"in_app"} == set(await deliveries(sessions, later))


async def test_many_notices_cost_two_statements(sessions: Sessions, office: Office, engine: AsyncEngine) -> None:
    """Where nothing but the application is set, spreading costs the same for one notice and for two hundred."""
    for _ in range(3):
        await notice(sessions, office)
    async with sessions.begin() as session:
        first = (await session.scalars(select(Notice).limit(1))).one()
        facts = {name: getattr(first, name) for name in ("organisation_id", "audience", "journey_id", "code", "at")}
        session.add_all([Notice(id=new_id("notice"), **facts) for _ in range(200)])
    with statements(engine) as asked:
        await Notifier(sessions, office, []).spread_some()
    async with sessions() as session:
        left = await session.scalar(select(func.count()).where(Notice.spread_at.is_(None)))
        there = await session.scalar(select(func.count()).where(Delivery.state == "delivered"))
    assert (0, 201, 2) == (left, there, len(asked))
