"""The database as somebody reads it who has stolen it and no key."""

import json

from sqlalchemy import text

from activities.store.base import Base
from activities.store.engine import Sessions


async def tables_that_tell(sessions: Sessions, *words: str) -> list[str]:
    """Tables in which one of these words stands in the clear: as it is, escaped, or as bytes nobody sealed; a table a row."""
    spelled = {form for word in words for form in (word, json.dumps(word)[1:-1])}
    forms = spelled | {form.encode().hex() for form in spelled}
    found = []
    async with sessions() as session:
        for table in Base.metadata.sorted_tables:
            rows = await session.scalars(text(f'SELECT row_to_json(t)::text FROM "{table.name}" t'))
            found += [table.name for row in rows if any(form in row for form in forms)]
    return found
