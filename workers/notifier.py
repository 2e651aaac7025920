"""The notifier: takes pending deliveries to their mailboxes, in neutral words, with retries; the row tells what became of each."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.mail import Mailer, MailFailed
from activities.casework.notices import AUDIENCES
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.notices import Delivery, Notice
from activities.store.organisations import Officer, Organisation

log = logging.getLogger(__name__)
TRIES = 5
FIRST_RETRY = timedelta(seconds=2)
SUBJECT = "Homeward: có việc cần xem / something to look at"
TEXT = "Hồ sơ {reference}: có việc cần xem trong Homeward.\nJourney {reference}: there is something to look at in Homeward.\n"


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
        async with self._sessions.begin() as session:
            due = select(Delivery).where(Delivery.state == "pending", Delivery.next_at <= datetime.now(UTC))
            delivery = await session.scalar(due.order_by(Delivery.next_at).limit(1).with_for_update(skip_locked=True))
            if delivery is None:
                return False
            await self._deliver(session, delivery)
            return True

    async def _deliver(self, session: AsyncSession, delivery: Delivery) -> None:
        notice = await session.get_one(Notice, delivery.notice_id)
        boxes = await mailboxes(session, notice)
        if self._mailer is None or not boxes:
            delivery.state, delivery.channel, delivery.delivered_at = "delivered", "in_app", datetime.now(UTC)
            return
        reference = (await session.get_one(Journey, notice.journey_id)).reference
        delivery.tries += 1
        try:
            for box in boxes:
                await self._mailer.send(box, SUBJECT, TEXT.format(reference=reference))
        except MailFailed as error:
            delivery.error = error.code
            delivery.next_at = datetime.now(UTC) + FIRST_RETRY * 2**delivery.tries
            delivery.state = "undelivered" if delivery.tries >= TRIES else "pending"
            log.warning("notice_not_sent", extra={"code": error.code})
        else:
            delivery.state, delivery.delivered_at, delivery.error = "delivered", datetime.now(UTC), ""


async def mailboxes(session: AsyncSession, notice: Notice) -> list[str]:
    """Where a notice goes: its officer's box, the boxes of the officers it is for, else the organisation's."""
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
    found = [officer.mail for officer in await session.scalars(officers.order_by(Officer.id))]
    own = (await session.get_one(Organisation, notice.organisation_id)).mail
    return found or ([own] if own else [])
