"""The notifier: spreads notices over the channels and takes each delivery out, with retries; the row tells what became of it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.channels import Channel, ChannelError, Message
from activities.casework.context import Office
from activities.casework.editions import attend
from activities.casework.morning import hour_has_come, write_digests
from activities.casework.recipients import Whom, address_book
from activities.casework.resending import came_to_nobody
from activities.casework.spreading import MOST, spread, when
from activities.domain.ids import message_id
from activities.plan.access import BLIND
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.notices import Delivery, Digest, Notice
from activities.store.tasks import Task
from workers import wording

log = logging.getLogger(__name__)
TRIES = 7  # the last one an hour and a half after the first
FIRST_RETRY = timedelta(seconds=4)
LONGER = 4  # times the wait before it
Work = Callable[[], Awaitable[bool]]
CHANNEL_OFF, NO_ADDRESS = "channel_off", "no_address"  # why a delivery no longer has a way


class Notifier:
    """Delivers notices and morning digests by the channels given; without any, in the application alone."""

    def __init__(self, sessions: Sessions, office: Office, channels: Iterable[Channel], poll: float = 2.0) -> None:
        self._sessions, self._office, self._poll = sessions, office, poll
        self._channels = {channel.name: channel for channel in channels}
        self._served: date | None = None  # the last day whose digests are known to be written

    async def run(self) -> None:
        """Deliver until cancelled. A channel that is slow or away delays no other."""
        ways: list[Work] = [partial(self.deliver_one, name) for name in self._channels]
        work: list[Work] = [self.spread_some, self.write_digests, *ways]
        await asyncio.gather(self._once(self.give_up), *(self._again(each) for each in work))

    async def _again(self, work: Work) -> None:
        """Work until there is none, look again after a while, for ever."""
        while True:
            await self._once(work)
            await asyncio.sleep(self._poll)

    async def _once(self, work: Work) -> None:
        try:
            while await work():
                pass
        except Exception as error:  # noqa: BLE001 - the database may be away; the notifier outlives it
            log.warning("notifier_failed", extra={"code": type(error).__name__})

    async def give_up(self) -> bool:
        """What waits for a channel that is no longer set comes to nobody, and that shows; False where nothing waits.

        One at a time: what comes to nobody changes its task, under its journey's lock, and nobody holds many of those.
        """
        gone = select(Delivery).where(Delivery.state == "pending", Delivery.channel.not_in([*self._channels]))
        async with self._sessions.begin() as session:
            delivery = await session.scalar(gone.limit(1).with_for_update(skip_locked=True))
            if delivery is not None:
                await came_to_nobody(session, self._office, delivery, CHANNEL_OFF)
        return delivery is not None

    async def spread_some(self) -> bool:
        """Write the deliveries of fresh notices; True where more may be waiting."""
        async with self._sessions.begin() as session:
            return await spread(session, self._office, [*self._channels]) == MOST

    async def write_digests(self) -> bool:
        """Once a working day, in the morning, write the digests. False: done."""
        today = self._office.today()
        if not self._channels or self._served == today or not hour_has_come(self._office):
            return False
        async with self._sessions.begin() as session:
            office = await attend(session, self._office)  # a holiday, or a Saturday at work, may have been added
            await write_digests(session, office, [*self._channels])
        self._served = today
        return False

    async def deliver_one(self, channel: str) -> bool:
        """Deliver the next that is due on a channel; False when none is."""
        due = select(Delivery).where(
            Delivery.state == "pending", Delivery.channel == channel, Delivery.next_at <= datetime.now(UTC)
        )
        async with self._sessions.begin() as session:
            delivery = await session.scalar(due.order_by(Delivery.next_at).limit(1).with_for_update(skip_locked=True))
            if delivery is None:
                return False
            await self._deliver(session, delivery)
            return True

    async def _deliver(self, session: AsyncSession, delivery: Delivery) -> None:
        real = datetime.now(UTC)
        free = when(self._office, real, at_once=delivery.at_once)
        if free > real:  # it was due by day, and the night has come
            delivery.next_at = free
            return
        message, addresses = await self._letter(session, delivery)
        delivery.tries += 1
        failures = [
            failed
            for whose, address in addresses.items()
            if whose not in delivery.reached and (failed := await self._send(delivery, whose, address, message))
        ]
        if not addresses:
            await came_to_nobody(session, self._office, delivery, NO_ADDRESS)
        elif not failures:
            delivery.state, delivery.delivered_at, delivery.error = "delivered", datetime.now(UTC), ""
        else:
            await self._not_delivered(session, delivery, failures)

    async def _not_delivered(self, session: AsyncSession, delivery: Delivery, failures: list[ChannelError]) -> None:
        error = failures[0].code
        again = datetime.now(UTC) + FIRST_RETRY * LONGER ** (delivery.tries - 1)
        delivery.next_at = when(self._office, again, at_once=delivery.at_once)
        log.warning("notice_not_sent", extra={"code": error})
        if delivery.tries < TRIES and any(each.worth_retrying for each in failures):
            delivery.error = error
        else:
            await came_to_nobody(session, self._office, delivery, error)

    async def _send(self, delivery: Delivery, whose: str, address: str, message: Message) -> ChannelError | None:
        """Send to one address; what failed, or None. An address that has it is written down: it gets no second one."""
        own = replace(message, id=message_id(delivery.id, whose), at=datetime.now(UTC))
        try:
            await self._channels[delivery.channel].send(address, own)
        except ChannelError as failed:
            return failed
        except Exception as error:  # noqa: BLE001 - no one message may stand in the way of all behind it
            log.warning("channel_broken", extra={"code": type(error).__name__})
            return ChannelError("channel_broken")
        delivery.reached = [*delivery.reached, whose]
        return None

    async def _letter(self, session: AsyncSession, delivery: Delivery) -> tuple[Message, dict[str, str]]:
        """What a delivery says, and to whom, as addresses are now."""
        book = await address_book(session)
        if delivery.digest_id is not None:
            digest = await session.get_one(Digest, delivery.digest_id)
            return wording.of_digest(digest), book.in_the_morning(delivery.channel, digest)
        notice = await session.get_one(Notice, delivery.notice_id)
        reference = await _reference(session, notice)
        return wording.of_notice(notice, reference), book.addresses(delivery.channel, Whom.of(notice))


async def _reference(session: AsyncSession, notice: Notice) -> str:
    """The journey's random reference; empty for an agency that is not to know which journey it is."""
    journey = await session.get_one(Journey, notice.journey_id)
    task = await session.get(Task, notice.task_id) if notice.task_id else None
    blind = task is not None and task.kind in BLIND and notice.organisation_id != journey.lead_id
    return "" if blind else journey.reference
