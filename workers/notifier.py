"""The notifier: takes pending deliveries to their mailboxes, in neutral words, with retries; the row tells what became of each."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.mail import Mailer, MailFailed
from activities.casework.notices import AUDIENCES
from activities.plan.access import BLIND
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.notices import Delivery, Notice
from activities.store.organisations import Officer, Organisation
from activities.store.tasks import Task

log = logging.getLogger(__name__)
TRIES = 5
FIRST_RETRY = timedelta(seconds=2)
SUBJECT = "Homeward: có việc cần xem / something to look at"
TEXT = "{vi}: có việc cần xem trong Homeward.\n{en}: there is something to look at in Homeward.\n"


class Notifier:
    """Delivers notices by mail. Without a mailer or a mailbox a notice is delivered in the application alone."""

    def __init__(self, sessions: Sessions, mailer: Mailer | None, poll: float = 2.0) -> None:
        self._sessions, self._mailer, self._poll = sessions, mailer, poll

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            try:
                if await self.deliver_one():
                    continue
            except Exception as error:  # noqa: BLE001 - the database may be away; the notifier outlives it
                log.warning("notifier_failed", extra={"code": type(error).__name__})
            await asyncio.sleep(self._poll)

    async def deliver_one(self) -> bool:
        """Deliver the next pending notice; False when none is due."""
        if self._mailer is None:
            return await self._in_application()
        async with self._sessions.begin() as session:
            due = select(Delivery).where(Delivery.state == "pending", Delivery.next_at <= datetime.now(UTC))
            delivery = await session.scalar(due.order_by(Delivery.next_at).limit(1).with_for_update(skip_locked=True))
            if delivery is None:
                return False
            await self._deliver(session, delivery)
            return True

    async def _in_application(self) -> bool:
        """Without a mail server every notice has arrived where it is: in the application."""
        now = datetime.now(UTC)
        due = update(Delivery).where(Delivery.state == "pending", Delivery.next_at <= now)
        async with self._sessions.begin() as session:
            arrived = due.values(state="delivered", channel="in_app", delivered_at=now).returning(Delivery.id)
            return (await session.execute(arrived)).first() is not None

    async def _deliver(self, session: AsyncSession, delivery: Delivery) -> None:
        notice = await session.get_one(Notice, delivery.notice_id)
        boxes = await mailboxes(session, notice)
        assert self._mailer is not None
        if not boxes:
            delivery.state, delivery.channel, delivery.delivered_at = "delivered", "in_app", datetime.now(UTC)
            return
        reference = await _reference(session, notice)
        delivery.tries += 1
        failures = [
            failed
            for whose, box in boxes.items()
            if whose not in delivery.reached and (failed := await self._send(delivery, whose, box, reference))
        ]
        if not failures:
            delivery.state, delivery.delivered_at, delivery.error = "delivered", datetime.now(UTC), ""
            return
        worth = delivery.tries < TRIES and any(each.worth_retrying for each in failures)
        delivery.state, delivery.error = "pending" if worth else "undelivered", failures[0].code
        delivery.next_at = datetime.now(UTC) + FIRST_RETRY * 2**delivery.tries
        log.warning("notice_not_sent", extra={"code": delivery.error})

    async def _send(self, delivery: Delivery, whose: str, box: str, reference: str) -> MailFailed | None:
        """Send to one mailbox; what failed, or None. A mailbox that has it is written down: it gets no second one."""
        assert self._mailer is not None
        try:
            await self._mailer.send(
                box, SUBJECT, TEXT.format(vi=f"Hồ sơ {reference}".strip(), en=f"Journey {reference}".strip())
            )
        except MailFailed as failed:
            return failed
        delivery.reached = [*delivery.reached, whose]
        return None


async def _reference(session: AsyncSession, notice: Notice) -> str:
    """The journey's random reference; empty for an agency that is not to know which journey it is."""
    journey = await session.get_one(Journey, notice.journey_id)
    task = await session.get(Task, notice.task_id) if notice.task_id else None
    blind = task is not None and task.kind in BLIND and notice.organisation_id != journey.lead_id
    return "" if blind else journey.reference


async def mailboxes(session: AsyncSession, notice: Notice) -> dict[str, str]:
    """Where a notice goes, by whose it is: its officer's box, those of the officers it is for, else the organisation's."""
    officers = select(Officer).where(Officer.active.is_(True), Officer.mail != "")
    if notice.officer_id:
        officers = officers.where(Officer.id == notice.officer_id)
    elif notice.audience == "district":
        officers = officers.where(Officer.district.is_(True))
    else:
        officers = officers.where(
            Officer.organisation_id == notice.organisation_id,
            Officer.roles.contains([AUDIENCES[notice.audience].value]),
        )
    found = {officer.id: officer.mail for officer in await session.scalars(officers.order_by(Officer.id))}
    own = await session.get_one(Organisation, notice.organisation_id)
    return found or ({own.id: own.mail} if own.mail else {})
