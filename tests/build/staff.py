"""Offices as they were: what a story changed of roles, officers and organisations is undone after it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import delete, select, text, update

from activities.store.engine import Sessions
from activities.store.organisations import Officer, Organisation, RoleHolder

TABLES = (Organisation, RoleHolder, Officer)


@asynccontextmanager
async def restored(sessions: Sessions) -> AsyncIterator[None]:
    """Remember the rows, and put them back; rows that came meanwhile go, once nothing refers to them."""
    async with sessions() as session:
        kept = {table: [_values(row) for row in await session.scalars(select(table))] for table in TABLES}
    yield
    async with sessions.begin() as session:
        await session.execute(text("TRUNCATE contact, absence, handover, invitation, sign_in, journey CASCADE"))
        for table in reversed(TABLES):
            known = [each["id"] for each in kept[table]]
            await session.execute(delete(table).where(table.id.not_in(known)))
        for table in TABLES:
            for each in kept[table]:
                await session.execute(update(table).where(table.id == each["id"]).values(each))


def _values(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}
