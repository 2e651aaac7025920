"""The journal of a journey and the access log: append-only, each entry chained to the one before."""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.context import Office
from activities.domain.reasons import apart, is_code
from activities.security.columns import open_with_ring, seal_with_ring
from activities.store.journal import AccessEntry, JournalEntry
from activities.store.journeys import Journey

WORDS = "words"  # in an entry's data: the digest of what was typed


def chained(previous: str, *parts: object) -> str:
    """The hash of an entry: SHA-256 over the hash before it and its own parts, as canonical JSON."""
    text = json.dumps([previous, *parts], sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def write(
    session: AsyncSession,
    office: Office,
    journey: Journey,
    event: str,
    *,
    officer: str | None = None,
    task: str | None = None,
    said: str = "",
    **data: Any,
) -> None:
    """Append what happened, in the transaction of the change. The journey's row must be locked; `data`: ids and codes.

    `said`: why, as somebody chose or typed it. A choice is a code; what was typed is sealed, and can be taken away.
    """
    at, seq = office.now(), journey.chain_seq + 1
    if not is_code(str(data.get("reason") or "none")):
        said = str(data.pop("reason"))  # whoever passed people's words for a code: they are sealed all the same
    act, code, note = apart(said)
    data |= {"reason": f"{act}/{code}"} if code else {}
    words = _sealed(office, journey, f"journal/{seq}", note)
    data |= {WORDS: _digest(words)} if words else {}
    data = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in data.items()}
    hash_ = chained(journey.chain_hash, journey.id, seq, at, event, task, officer, data)
    session.add(
        JournalEntry(
            chain=journey.id,
            seq=seq,
            at=at,
            event=event,
            task_id=task,
            officer_id=officer,
            data=data,
            words=words,
            previous=journey.chain_hash,
            hash=hash_,
        )
    )
    journey.chain_seq, journey.chain_hash = seq, hash_


def told(office: Office, entry: JournalEntry) -> dict[str, Any]:
    """An entry's data with its reason as it was given; what was taken away is not there any more."""
    data = {name: value for name, value in entry.data.items() if name != WORDS}
    if entry.words is None:
        return data
    note = _opened(office, entry.chain, f"journal/{entry.seq}", entry.words)
    return data | {"reason": f"{data['reason']}: {note}" if data.get("reason") else note}


async def log_access(
    session: AsyncSession, office: Office, journey: Journey, officer: str, fields: list[str], reason: str
) -> None:
    """Record that an officer read these identity fields, and why, sealed. The journey's row must be locked."""
    last = (
        await session.execute(
            select(AccessEntry.seq, AccessEntry.hash)
            .where(AccessEntry.chain == journey.id)
            .order_by(AccessEntry.seq.desc())
            .limit(1)
        )
    ).first()
    seq, previous, at = (last.seq + 1, last.hash, office.now()) if last else (1, "", office.now())
    words = _sealed(office, journey, f"access/{seq}", reason)
    digest = _digest(words) if words else ""
    hash_ = chained(previous, journey.id, seq, at, officer, fields, digest)
    session.add(
        AccessEntry(
            chain=journey.id,
            seq=seq,
            at=at,
            officer_id=officer,
            fields=fields,
            reason=digest,
            words=words,
            previous=previous,
            hash=hash_,
        )
    )


def why_read(office: Office, entry: AccessEntry) -> str:
    """Why an officer read an identity, as they said it; empty where they need not say, or where it was taken away."""
    if entry.words is None:
        return ""
    return _opened(office, entry.chain, f"access/{entry.seq}", entry.words)


async def verify_chains(session: AsyncSession) -> list[str]:
    """Every break found in the journals and the access log, as `<chain>:<seq>`; empty when they are whole."""
    breaks, ends = [], dict[str, tuple[int, str]]()
    for entry in await session.scalars(select(JournalEntry).order_by(JournalEntry.chain, JournalEntry.seq)):
        seq, previous = ends.get(entry.chain, (0, ""))
        parts = (entry.chain, entry.seq, entry.at, entry.event, entry.task_id, entry.officer_id, entry.data)
        whole = entry.hash == chained(previous, *parts) and _unchanged(entry.words, entry.data.get(WORDS))
        if entry.seq != seq + 1 or entry.previous != previous or not whole:
            breaks.append(f"{entry.chain}:{entry.seq}")
        ends[entry.chain] = (entry.seq, entry.hash)
    heads = await session.execute(select(Journey.id, Journey.chain_seq, Journey.chain_hash))
    breaks += [
        f"{head.id}:{head.chain_seq}"
        for head in heads
        if ends.get(head.id, (0, "")) != (head.chain_seq, head.chain_hash)
    ]
    return breaks + await _broken_accesses(session)


async def _broken_accesses(session: AsyncSession) -> list[str]:
    breaks, ends = [], dict[str, tuple[int, str]]()
    for entry in await session.scalars(select(AccessEntry).order_by(AccessEntry.chain, AccessEntry.seq)):
        seq, previous = ends.get(entry.chain, (0, ""))
        parts = (entry.chain, entry.seq, entry.at, entry.officer_id, entry.fields, entry.reason)
        whole = entry.hash == chained(previous, *parts) and _unchanged(entry.words, entry.reason)
        if entry.seq != seq + 1 or entry.previous != previous or not whole:
            breaks.append(f"access/{entry.chain}:{entry.seq}")
        ends[entry.chain] = (entry.seq, entry.hash)
    return breaks


async def length(session: AsyncSession) -> int:
    """How many journal entries there are."""
    return await session.scalar(select(func.count()).select_from(JournalEntry)) or 0


def _sealed(office: Office, journey: Journey, place: str, words: str) -> bytes | None:
    """Words for one place of one journey's chain; None where there are none."""
    return seal_with_ring(office.keyring, f"{journey.id}/{place}", words.encode()) if words else None


def _opened(office: Office, chain: str, place: str, words: bytes) -> str:
    return open_with_ring(office.keyring, f"{chain}/{place}", words).decode()


def _digest(sealed: bytes) -> str:
    """What the chain keeps of sealed words: it proves them while they are there and tells nothing once they are not."""
    return hashlib.sha256(sealed).hexdigest()


def _unchanged(sealed: bytes | None, digest: object) -> bool:
    return sealed is None or _digest(sealed) == digest


def _plain(value: object) -> str:
    return f"{value.timestamp():.6f}" if isinstance(value, datetime) else str(value)
