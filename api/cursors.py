"""Keyset pages: a cursor is the sort key of the last row, opaque to the caller."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

from activities.casework.errors import Malformed


def cursor_of(at: datetime, id_: str) -> str:
    """The cursor after a row."""
    return urlsafe_b64encode(json.dumps([at.isoformat(), id_]).encode()).decode()


def read_cursor(cursor: str) -> tuple[datetime, str]:
    """The row a page begins after; Malformed for anything else."""
    try:
        at, id_ = json.loads(urlsafe_b64decode(cursor.encode()))
        return datetime.fromisoformat(at), str(id_)
    except (ValueError, TypeError):
        raise Malformed("cursor-invalid") from None
