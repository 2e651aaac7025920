"""What is known to go wrong with a command, told in one line: a stable code, and the way out."""

import errno

from sqlalchemy.exc import DBAPIError

from activities.casework.context import ClockDiffersError
from activities.security.errors import SecurityError
from activities.settings import SettingsError
from activities.temporal import TemporalUnavailableError
from deploy.local.errors import StackError

AWAY = ("08", "28", "3D", "53", "57P")  # SQLSTATE classes: connection, sign-in, no such database, resources, shutdown
BEHIND = ("42P01", "42703")  # a table or a column that is not there
MACHINE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.EIO, errno.EROFS})


class RefusedError(Exception):
    """A command was not carried out. `code` is stable; the text names the way out."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code


def told(error: Exception) -> str | None:
    """The one line for whoever typed the command; None for a fault of ours, whose trace is wanted. Never an address."""
    if isinstance(error, SettingsError | SecurityError):
        return f"{error.code}: {'; '.join(error.message.splitlines())}"
    if isinstance(error, TemporalUnavailableError):
        return f"{error.code}: {error}"
    if isinstance(error, RefusedError | StackError | ClockDiffersError):
        return str(error)
    if isinstance(error, DBAPIError):
        return _database(error)
    return _machine(error) if isinstance(error, OSError) else None


def _database(error: DBAPIError) -> str | None:
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if error.connection_invalidated or state.startswith(AWAY):
        return _away(state or "connection lost")
    if state in BEHIND:
        return "migrations-pending: the database's schema is not that of this version: run `homeward migrate`"
    return None


def _machine(error: OSError) -> str:
    if error.filename is not None:
        return f"file-unusable: {error.filename}: {error.strerror}"
    if error.errno in MACHINE:
        return f"machine-refuses: {error.strerror}"
    return _away(type(error).__name__)


def _away(why: str) -> str:
    return (
        f"database-away: HOMEWARD_DATABASE__URL does not let us in ({why}): start the database, or correct the address"
    )
