"""The same request under the same key gets the same answer."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.errors import ConflictError
from activities.store.outbox import Idempotency


@dataclass(frozen=True)
class Kept:
    """An answer given before."""

    status: int
    body: dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """A request as it is known again: whose, its key, and the digest of what was asked."""

    officer_id: str
    key: str
    digest: str


class AnsweredBeforeError(Exception):
    """The key has its answer already."""


async def keep(session: AsyncSession, asked: Asked, kept: Kept) -> None:
    """Keep an answer with the change it tells of, in one transaction; AnsweredBeforeError where the key has one.

    The last act of the work, so whoever waits here for a twin waits for its commit alone.
    """
    mine = vars(asked) | {"status": kept.status, "body": kept.body, "at": datetime.now(UTC)}
    taken = insert(Idempotency).values(mine).on_conflict_do_nothing().returning(Idempotency.key)
    if (await session.execute(taken)).scalar() is None:
        raise AnsweredBeforeError


async def answered(session: AsyncSession, asked: Asked) -> Kept | None:
    """The answer given to this request, or None. ConflictError where the key belongs to another request."""
    row = await session.get(Idempotency, (asked.officer_id, asked.key))
    if row is None:
        return None
    if row.digest != asked.digest:
        raise ConflictError("idempotency-key-reused")
    return Kept(row.status, row.body)
