"""The morning digest: on a working day, once, each mailbox and each organisation is told the numbers of its tasks."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, or_, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.context import Office
from activities.casework.recipients import AddressBook, address_book
from activities.casework.spreading import delivery_row, when
from activities.domain.ids import new_id
from activities.domain.states import LIVE, TaskState
from activities.plan.calendar import TIME_ZONE, WorkCalendar
from activities.store.journeys import Journey
from activities.store.notices import Delivery, Digest
from activities.store.tasks import Task

COUNTS = ("overdue", "due_this_week", "unclaimed", "returned")
WEEK = timedelta(days=7)


def hour_has_come(office: Office) -> bool:
    """It is between the hour of the digest and the end of work: who comes late to it still sends it."""
    now, day = office.now(), office.today()
    begins = datetime.combine(day, office.shelf.on(day).digest.at, TIME_ZONE)
    return begins <= now < office.calendar.end_of(day)


async def write_digests(session: AsyncSession, office: Office, channels: Collection[str]) -> int:
    """Write today's digests and their deliveries, with this transaction or not at all; how many are new.

    Whoever comes second waits here for the first and then finds every recipient served. Nothing to tell, or a day off:
    no digest.
    """
    if not (hour_has_come(office) and office.calendar.is_working(office.today())):
        return 0
    counts, book = await _counts(session, office), await address_book(session)
    wanted = {str(row["id"]): (row, ways) for row, ways in _digests(office, book, counts, channels)}
    if not wanted:
        return 0
    rows = postgresql.insert(Digest).values([row for row, _ in wanted.values()])
    once = rows.on_conflict_do_nothing(index_elements=["day", "recipient"]).returning(Digest.id)
    new = list(await session.scalars(once))
    real = datetime.now(UTC)
    at = when(office, real, at_once=False)
    deliveries = [delivery_row(way, at) | {"digest_id": id_} for id_ in new for way in wanted[id_][1]]
    if deliveries:
        await session.execute(insert(Delivery).values(deliveries))
    return len(new)


def _digests(
    office: Office, book: AddressBook, counts: Mapping[str, dict[str, int]], channels: Collection[str]
) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Each digest's row with its channels, in one order for all: two that write at once wait for each other, never both."""
    for organisation in sorted(counts):
        officers = book.at_work(organisation) if "mail" in channels else []
        ways = ["webhook"] if "webhook" in channels else []
        if "mail" in channels and not officers and book.organisations[organisation].mail:
            ways.append("mail")
        facts = {
            "day": office.today(),
            "organisation_id": organisation,
            "counts": counts[organisation],
            "at": office.now(),
        }
        for officer in officers:
            yield facts | _recipient(officer.id, officer.id), ["mail"]
        if ways:
            yield facts | _recipient(organisation, None), ways


def _recipient(recipient: str, officer: str | None) -> dict[str, Any]:
    return {"id": new_id("digest"), "recipient": recipient, "officer_id": officer}


async def _counts(session: AsyncSession, office: Office) -> dict[str, dict[str, int]]:
    """By organisation, where any is above zero: of the tasks it holds, and `returned` of those it coordinates."""
    now = office.now()
    live, passed = Task.state.in_(list(LIVE)), _passed(now)
    held = select(
        Task.organisation_id,
        func.count().filter(passed),
        func.count().filter(~passed, Task.due_at < end_of_week(office.calendar, office.today())),
        func.count().filter(Task.state == TaskState.OPEN, Task.officer_id.is_(None)),
    )
    back = select(Journey.lead_id, func.count()).join(Task, Task.journey_id == Journey.id)
    counts: dict[str, dict[str, int]] = {}
    for row in await session.execute(held.where(live).group_by(Task.organisation_id)):
        _add(counts, row[0], zip(COUNTS, row[1:], strict=False))
    for lead in await session.execute(back.where(Task.state == TaskState.RETURNED).group_by(Journey.lead_id)):
        _add(counts, lead[0], [("returned", lead[1])])
    return {organisation: each for organisation, each in counts.items() if any(each.values())}


def _add(counts: dict[str, dict[str, int]], organisation: str, found: Iterable[tuple[str, int]]) -> None:
    counts.setdefault(organisation, dict.fromkeys(COUNTS, 0)).update(found)


def _passed(now: datetime) -> ColumnElement[bool]:
    """Marked overdue, or past its date while nothing ran that could mark it."""
    return or_(Task.overdue_at.is_not(None), and_(Task.due_at < now, Task.state != TaskState.PAUSED))


def end_of_week(calendar: WorkCalendar, day: date) -> datetime:
    """The instant the next Monday begins."""
    return calendar.start_of(day + WEEK - timedelta(days=day.weekday()))
