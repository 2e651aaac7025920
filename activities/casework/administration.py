"""The log of what administrators did: append-only, one chain, each entry bound to the one before by its hash."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.context import Office, case_time
from activities.casework.journal import chained
from activities.store.administration import AdministrationEntry

BY_COMMAND = "homeward admin"  # who did it where nobody was signed in; no officer's id and nobody's username
_HEAD = 72043  # the advisory lock of the chain's head; taken last


async def record(
    session: AsyncSession, office: Office, officer_id: str, act: str, subject: str, **data: Any
) -> AdministrationEntry:
    """Append one act, in its transaction. `subject`: code, username, day or path; `data`: codes, never a password or token."""
    return await _append(session, office.now(), officer_id, act, subject, data)


async def record_by_command(session: AsyncSession, act: str, subject: str, **data: Any) -> AdministrationEntry:
    """The same for what was done at the machine itself, also before the first start."""
    return await _append(session, await case_time(session), BY_COMMAND, act, subject, data)


async def _append(
    session: AsyncSession, at: datetime, officer_id: str, act: str, subject: str, data: dict[str, Any]
) -> AdministrationEntry:
    await session.execute(select(func.pg_advisory_xact_lock(_HEAD)))
    head = select(AdministrationEntry).order_by(AdministrationEntry.seq.desc()).limit(1)
    last = (await session.scalars(head)).first()
    seq, previous = (last.seq + 1, last.hash) if last else (1, "")
    data = {name: str(value) if isinstance(value, date) else value for name, value in data.items()}
    entry = AdministrationEntry(
        seq=seq, at=at, officer_id=officer_id, act=act, subject=subject, data=data, previous=previous,
        hash=chained(previous, seq, at, officer_id, act, subject, data),
    )  # fmt: skip
    session.add(entry)
    await session.flush()
    return entry


async def verify_administration(session: AsyncSession) -> list[str]:
    """Every break found in the log, as `administration:<seq>`; empty when it is whole."""
    breaks, seq, previous = list[str](), 0, ""
    for entry in await session.scalars(select(AdministrationEntry).order_by(AdministrationEntry.seq)):
        parts = (entry.seq, entry.at, entry.officer_id, entry.act, entry.subject, entry.data)
        if entry.seq != seq + 1 or entry.previous != previous or entry.hash != chained(previous, *parts):
            breaks.append(f"administration:{entry.seq}")
        seq, previous = entry.seq, entry.hash
    return breaks


async def length(session: AsyncSession) -> int:
    """How many entries there are."""
    return await session.scalar(select(func.count()).select_from(AdministrationEntry)) or 0
