"""The same request under the same key gets the same answer, for as long as it is kept; what is kept is sealed."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.context import Office
from activities.casework.errors import ConflictError
from activities.security.columns import open_with_ring, seal_with_ring
from activities.store.outbox import Idempotency

KEPT = timedelta(days=7)  # local, real time: whoever sends a request again does so within minutes, or after a week-end


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

    @property
    def context(self) -> str:
        """What its sealed answer is bound to."""
        return f"{self.officer_id}/{self.key}/answer"


class AnsweredBeforeError(Exception):
    """The key has its answer already."""


async def keep(session: AsyncSession, office: Office, asked: Asked, kept: Kept) -> None:
    """Keep an answer with the change it tells of, in one transaction; AnsweredBeforeError where the key has one.

    The last act of the work, so whoever waits here for a twin waits for its commit alone. The digest is sealed as well: of a
    short form it could be guessed what was asked.
    """
    whole = json.dumps({"digest": asked.digest, "body": kept.body}).encode()
    mine = {
        "officer_id": asked.officer_id, "key": asked.key, "status": kept.status, "at": datetime.now(UTC),
        "sealed": seal_with_ring(office.keyring, asked.context, whole),
    }  # fmt: skip
    taken = insert(Idempotency).values(mine).on_conflict_do_nothing().returning(Idempotency.key)
    if (await session.execute(taken)).scalar() is None:
        raise AnsweredBeforeError


async def answered(session: AsyncSession, office: Office, asked: Asked) -> Kept | None:
    """The answer given to this request, or None. ConflictError where the key belongs to another request."""
    row = await session.get(Idempotency, (asked.officer_id, asked.key))
    if row is None:
        return None
    whole: dict[str, Any] = json.loads(open_with_ring(office.keyring, asked.context, row.sealed))
    if whole["digest"] != asked.digest:
        raise ConflictError("idempotency-key-reused")
    return Kept(row.status, whole["body"])


async def forget_answers(session: AsyncSession) -> None:
    """Remove the answers kept long enough, all in one statement."""
    await session.execute(delete(Idempotency).where(Idempotency.at < datetime.now(UTC) - KEPT))
