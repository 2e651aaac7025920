"""A notice reaches whom it is for: by mail in neutral words, patiently, each mailbox once; what failed is told."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select, update

from activities.adapters.mail import SmtpMailer
from activities.casework.context import Office
from activities.casework.journeys import Report, report_person
from activities.casework.notices import notify
from activities.casework.opening import add_task
from activities.settings import MailSettings
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.notices import Delivery, Notice
from activities.store.organisations import Officer, Organisation
from deploy.local.ports import free_port
from tests.build.officers import actor
from workers.notifier import TRIES, Notifier

JUSTICE = "justice-division.officer"
SECOND = "second@agency.example"


class PostOffice:
    """Takes mail, but for whom it refuses: address -> answer."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.refused: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name for it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address not in self.refused:
            envelope.rcpt_tos.append(address)
        return self.refused.get(address, "250 OK")

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name for it
        self.taken.append(envelope)
        return "250 OK"

    @property
    def to(self) -> list[str]:
        """Whom mail was taken for, in order."""
        return [address for envelope in self.taken for address in envelope.rcpt_tos]


@pytest.fixture
def post() -> Iterator[PostOffice]:
    """A real SMTP server."""
    office = PostOffice()
    server = Controller(office, hostname="127.0.0.1", port=free_port())
    server.start()
    office.port = server.port  # type: ignore[attr-defined]  # read by the mailer below
    yield office
    server.stop()


@pytest.fixture
def notifier(post: PostOffice, sessions: Sessions) -> Notifier:
    """A notifier that sends through it."""
    port = post.port  # type: ignore[attr-defined]  # set above
    settings = MailSettings(host="127.0.0.1", port=port, sender="homeward@district.example", starttls=False)
    return Notifier(sessions, SmtpMailer(settings))


async def notice(sessions: Sessions, office: Office, organisation: str = "justice-division", kind: str = "") -> str:
    """One notice alone, with its delivery; the delivery's id."""
    async with sessions.begin() as session:
        who = await actor(session, "commune-tri-an.officer")
        report = Report(commune="tri-an", happened_at=office.now() - timedelta(hours=1), way_of_return="rescued")
        journey = await report_person(session, office, who, report)
        await session.flush()
        await session.execute(update(Delivery).values(state="delivered"))
        task = None
        if kind:
            plan = await office.shelf.ensure(session, journey.plan_hash)
            task = (await add_task(session, office, journey, plan.kind(kind), 1)).id
        to = (await session.scalars(select(Organisation).where(Organisation.code == organisation))).one()
        notify(session, office, journey, to.id, "task-opened", task=task)
        await session.flush()
        return (await session.scalars(select(Delivery.id).where(Delivery.state == "pending"))).one()


async def boxes(sessions: Sessions, **mails: str) -> None:
    """Give officers mailboxes, by username with _ for . and -."""
    async with sessions.begin() as session:
        await session.execute(update(Officer).values(mail=""))
        for each in await session.scalars(select(Officer)):
            each.mail = mails.get(each.username.replace(".", "_").replace("-", "_"), "")


async def delivery(sessions: Sessions, number: str) -> Delivery:
    """As it stands."""
    async with sessions() as session:
        return await session.get_one(Delivery, number)


async def now_due(sessions: Sessions, number: str) -> None:
    """Do not wait for the next try."""
    async with sessions.begin() as session:
        await session.execute(update(Delivery).where(Delivery.id == number).values(next_at=datetime.now(UTC)))


async def test_the_mail_says_that_there_is_something_and_nothing_more(
    post: PostOffice, notifier: Notifier, sessions: Sessions, office: Office
) -> None:
    """The random reference; no kind, no stage, no name, no agency's part."""
    await boxes(sessions, justice_division_officer="mai@agency.example")
    number = await notice(sessions, office, kind="inform_of_rights")
    assert await notifier.deliver_one()
    assert not await notifier.deliver_one()
    mail = message_from_bytes(post.taken[0].original_content or b"", policy=policy.default)
    async with sessions() as session:
        reference = await session.scalar(select(Journey.reference))
    body = mail.get_content()
    assert body.count(reference) == 2
    assert not any(
        word in (body + mail["Subject"]).lower() for word in ("nạn nhân", "victim", "rights", "pháp", "mua bán")
    )
    assert (await delivery(sessions, number)).state == "delivered"


async def test_who_confirms_funds_is_not_even_told_which_journey(
    post: PostOffice, notifier: Notifier, sessions: Sessions, office: Office
) -> None:
    """The reference stays out of that mail."""
    await boxes(sessions, finance_division_officer="tien@agency.example")
    await notice(sessions, office, "finance-division", kind="confirm_funds")
    assert await notifier.deliver_one()
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
        assert await notifier.deliver_one()
        waiting = await delivery(sessions, number)
        assert (waiting.state, waiting.tries, waiting.error) == ("pending", 1, "mail_unavailable")
        assert waiting.next_at > datetime.now(UTC)
        assert not await notifier.deliver_one()
        post.refused = {}
        await now_due(sessions, number)
        assert await notifier.deliver_one()
        assert sorted(post.to) == ["mai@agency.example", SECOND]
        assert (await delivery(sessions, number)).state == "delivered"
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
    assert await notifier.deliver_one()
    told = await delivery(sessions, gone)
    assert (told.state, told.tries, told.error) == ("undelivered", 1, "mail_refused")
    post.refused = {"mai@agency.example": "451 later"}
    later = await notice(sessions, office)
    for _ in range(TRIES):
        await now_due(sessions, later)
        assert await notifier.deliver_one()
    told = await delivery(sessions, later)
    assert (told.state, told.tries) == ("undelivered", TRIES)
    assert not post.to


async def test_without_a_mailbox_the_notice_is_in_the_application(
    post: PostOffice, notifier: Notifier, sessions: Sessions, office: Office
) -> None:
    """Nothing is sent, and the notice is there to be seen."""
    await boxes(sessions)
    number = await notice(sessions, office)
    assert await notifier.deliver_one()
    told = await delivery(sessions, number)
    assert (told.state, told.channel, post.taken) == ("delivered", "in_app", [])
    async with sessions() as session:
        assert await session.get(Notice, told.notice_id) is not None
