"""Keyset pages: a cursor is the sort key of the last row, opaque to the caller."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

from activities.casework.errors import MalformedError
from api.moments import YEARS

_IDS = re.compile(r"[a-z0-9-]{1,80}")


def cursor_of(at: datetime, id_: str) -> str:
    """The cursor after a row."""
    return urlsafe_b64encode(json.dumps([at.isoformat(), id_]).encode()).decode()


def read_cursor(cursor: str) -> tuple[datetime, str]:
    """The row a page begins after; MalformedError for anything else."""
    try:
        at, id_ = json.loads(urlsafe_b64decode(cursor.encode()))
        moment = datetime.fromisoformat(at)
        sound = moment.tzinfo is not None and moment.year in YEARS and _IDS.fullmatch(id_) is not None
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise MalformedError("cursor-invalid") from None
    if not sound:
        raise MalformedError("cursor-invalid")
    return moment, id_
