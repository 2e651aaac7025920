"""The same request under the same key gets the same answer."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.errors import Conflict
from activities.store.outbox import Idempotency

PENDING = 0  # the work is being done in the transaction that took the key; nobody else ever sees it


@dataclass(frozen=True)
class Kept:
    """An answer given before."""

    status: int
    body: dict[str, Any]


async def kept(session: AsyncSession, officer_id: str, key: str, digest: str) -> Kept | None:
    """The answer given to this key, or None; twins of a request wait for one another. Conflict for another request."""
    mine = {
        "officer_id": officer_id,
        "key": key,
        "digest": digest,
        "status": PENDING,
        "body": {},
        "at": datetime.now(UTC),
    }
    taken = insert(Idempotency).values(mine).on_conflict_do_nothing().returning(Idempotency.key)
    if (await session.execute(taken)).scalar() is not None:
        return None
    row = await session.get_one(Idempotency, (officer_id, key))
    if row.digest != digest:
        raise Conflict("idempotency-key-reused")
    return Kept(row.status, row.body)


async def keep(session: AsyncSession, officer_id: str, key: str, status: int, body: dict[str, Any]) -> None:
    """Keep an answer with the change it tells of, in one transaction."""
    mine = (Idempotency.officer_id == officer_id, Idempotency.key == key)
    await session.execute(update(Idempotency).where(*mine).values(status=status, body=body))
