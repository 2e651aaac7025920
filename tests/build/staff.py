"""Offices as they were: what a story changed of roles, officers and organisations is undone before the next."""

from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.store.organisations import Officer, Organisation, RoleHolder

TABLES = (Organisation, RoleHolder, Officer)
Staff = dict[type[Organisation | RoleHolder | Officer], dict[str, dict[str, Any]]]


async def staff_of(session: AsyncSession) -> Staff:
    """The rows of each table, by id."""
    rows = {table: [_values(row) for row in await session.scalars(select(table))] for table in TABLES}
    return {table: {values["id"]: values for values in found} for table, found in rows.items()}


async def put_back(session: AsyncSession, kept: Staff) -> None:
    """The rows as they were kept; nothing may refer any more to those that came since."""
    found = await staff_of(session)
    if found == kept:
        return
    session.expunge_all()
    for table in reversed(TABLES):
        await session.execute(delete(table).where(table.id.not_in(list(kept[table]))))
    for table in TABLES:
        for known, values in kept[table].items():
            if known not in found[table]:
                await session.execute(insert(table).values(values))
            elif values != found[table][known]:
                await session.execute(update(table).where(table.id == known).values(values))


def _values(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}
