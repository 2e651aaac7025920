"""The same request under the same key gets the same answer."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.errors import Conflict
from activities.store.outbox import Idempotency


@dataclass(frozen=True)
class Kept:
    """An answer given before."""

    status: int
    body: dict[str, Any]


async def kept(session: AsyncSession, officer_id: str, key: str, digest: str) -> Kept | None:
    """The answer given to this key, or None; twins of a request wait for one another. Conflict for another request."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{officer_id}/{key}", 0))))
    row = await session.get(Idempotency, (officer_id, key))
    if row is None:
        return None
    if row.digest != digest:
        raise Conflict("idempotency-key-reused")
    return Kept(row.status, row.body)


async def keep(
    session: AsyncSession, officer_id: str, key: str, digest: str, status: int, body: dict[str, Any]
) -> None:
    """Keep an answer with the change it tells of, in one transaction."""
    session.add(
        Idempotency(officer_id=officer_id, key=key, digest=digest, status=status, body=body, at=datetime.now(UTC))
    )
