"""Rows of a sheet become journeys, each once: the row's own key is known again by its seal."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.beginnings import Beginning, begin
from activities.casework.context import Office
from activities.casework.errors import ConflictError
from activities.plan.access import Actor, scope
from activities.security.blind_index import index
from activities.store.beginnings import ImportedRow
from activities.store.journeys import Journey


def seal_of(office: Office, actor: Actor, key: str) -> str:
    """The digest by which a row is known again, within one territory; its key must not be empty."""
    return index(office.keyring, "import-row", f"{actor.territory}/{key}")


OPENED = (
    select(ImportedRow.digest, Journey)
    .join(Journey, Journey.id == ImportedRow.journey_id)
    .where(
        ImportedRow.digest.in_(bindparam("digests", expanding=True)),
        Journey.lead_id.in_(bindparam("led_by", expanding=True)),
    )
)
"""The digest of each row that is a journey of these leads already, and that journey."""


def before(actor: Actor, digests: Iterable[str]) -> dict[str, object]:
    """What OPENED is asked with for rows of these digests."""
    return {"digests": list(digests), "led_by": sorted(scope(actor).led_by)}


async def begin_row(session: AsyncSession, office: Office, actor: Actor, key: str, whole: Beginning) -> Journey:
    """Open the journey of a row; ConflictError where the row has one."""
    journey = await begin(session, office, actor, whole)
    mine = {"digest": seal_of(office, actor, key), "journey_id": journey.id, "at": office.now()}
    taken = insert(ImportedRow).values(mine).on_conflict_do_nothing().returning(ImportedRow.digest)
    if (await session.execute(taken)).scalar() is None:
        raise ConflictError("row-imported")
    return journey
