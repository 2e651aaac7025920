"""A reminder by hand: whom somebody spoke to, what was promised, and the day the row comes back to them."""

import json
from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import journal, outbox
from activities.casework.context import Office
from activities.casework.errors import InvalidError
from activities.casework.firing import LOOK_AGAIN
from activities.casework.locks import lock_task
from activities.casework.notices import notify
from activities.casework.permits import demand, in_full, of_task
from activities.casework.winners import still_live
from activities.domain.ids import new_id
from activities.plan.access import Actor, Verb
from activities.security.columns import open_with_ring, seal_with_ring
from activities.store.reminders import Reminder
from activities.store.tasks import Rung

LONGEST = timedelta(days=400)  # local: a day to look again lies within sight


async def remind(
    session: AsyncSession,
    office: Office,
    actor: Actor,
    task_id: str,
    whom: str,
    promised: str,
    look_again_on: date | None = None,
) -> Reminder:
    """Write down that the holder was reminded; the holder is told, and the author again on the day they named."""
    journey, task = await lock_task(session, task_id)
    demand(actor, Verb.REMIND, of_task(journey, task))
    still_live(task, told=in_full(actor, journey, task))
    if not whom.strip():
        raise InvalidError("reminder-whom-missing")
    look_again_fits(office, look_again_on)
    again = office.calendar.start_of(look_again_on) if look_again_on else None
    row = Reminder(
        id=new_id("reminder"),
        task_id=task.id,
        officer_id=actor.officer_id,
        at=office.now(),
        sealed=b"",
        look_again_at=again,
    )
    words = json.dumps({"whom": whom, "promised": promised}).encode()
    row.sealed = seal_with_ring(office.keyring, f"{row.id}/words", words)
    await _lapse_earlier(session, office, task.id, actor.officer_id)
    if again is not None:
        row.rung_id = new_id("rung")
        session.add(Rung(id=row.rung_id, task_id=task.id, code=LOOK_AGAIN, to="lead", merged=[], owed_at=again))
    session.add(row)
    notify(session, office, journey, task.organisation_id, "task-reminded", task=task.id)
    journal.write(
        session, office, journey, "task-reminded", officer=actor.officer_id, task=task.id, kind=task.kind, again=again
    )
    await outbox.send(session, journey.id, "look", task=task.id)
    return row


def look_again_fits(office: Office, day: date | None) -> None:
    """InvalidError for a day to look again that is not ahead, or out of sight."""
    if day is not None and not office.today() < day <= office.today() + LONGEST:
        raise InvalidError("look-again-invalid")


def words_of(office: Office, row: Reminder) -> dict[str, str]:
    """Whom, and what was promised."""
    words: dict[str, str] = json.loads(open_with_ring(office.keyring, f"{row.id}/words", row.sealed))
    return words


async def _lapse_earlier(session: AsyncSession, office: Office, task: str, officer: str) -> None:
    """Who reminds anew looks again on the new day only."""
    mine = select(Reminder.rung_id).where(Reminder.task_id == task, Reminder.officer_id == officer)
    owed = update(Rung).where(Rung.id.in_(mine), Rung.fired_at.is_(None), Rung.lapsed_at.is_(None))
    await session.execute(owed.values(lapsed_at=office.now()))
