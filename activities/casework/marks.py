"""The mark of an edition: a new one tells every process to read days or plans again."""

from uuid import uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from activities.store.calendar import Edition


async def changed(session: AsyncSession, name: str) -> None:
    """Tell every process, with this transaction's commit, that `calendar` or `plans` have a new edition."""
    row = insert(Edition).values(name=name, mark=uuid4().hex)
    await session.execute(row.on_conflict_do_update(index_elements=[Edition.name], set_={"mark": row.excluded.mark}))
