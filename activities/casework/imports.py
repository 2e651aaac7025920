"""Rows of a sheet become journeys, each once: the row's own key is known again by its seal."""

from collections.abc import Iterable

from sqlalchemy import select
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


async def opened_before(session: AsyncSession, actor: Actor, digests: Iterable[str]) -> dict[str, Journey]:
    """Journeys that rows became already, by the rows' digests."""
    rows = await session.execute(
        select(ImportedRow.digest, Journey)
        .join(Journey, Journey.id == ImportedRow.journey_id)
        .where(ImportedRow.digest.in_(list(digests)), Journey.lead_id.in_(scope(actor).led_by))
    )
    return {row[0]: row[1] for row in rows}


async def begin_row(session: AsyncSession, office: Office, actor: Actor, key: str, whole: Beginning) -> Journey:
    """Open the journey of a row; ConflictError where the row has one."""
    journey = await begin(session, office, actor, whole)
    mine = {"digest": seal_of(office, actor, key), "journey_id": journey.id, "at": office.now()}
    taken = insert(ImportedRow).values(mine).on_conflict_do_nothing().returning(ImportedRow.digest)
    if (await session.execute(taken)).scalar() is None:
        raise ConflictError("row-imported")
    return journey
