"""The list of journeys as a sheet."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from api.pages.wording import Wording
from api.sheets import Sheet, workbook
from api.words import marked

COLUMNS = {
    "reference": marked("Reference"), "state": marked("State"), "stage": marked("Stage"), "opened_at": marked("Opened"),
    "closed_at": marked("Closed"), "open_tasks": marked("Open tasks"), "overdue_tasks": marked("Overdue tasks"),
}  # fmt: skip


def sheet(rows: Iterable[Mapping[str, Any]], wording: Wording, as_of: datetime, *, cut_at: int = 0) -> bytes:
    """These rows as .xlsx, with the moment they were true and, where older ones were left out, after how many."""
    head = [wording.gettext(name) for name in COLUMNS.values()]
    lines = [[_cell(name, row[name], wording) for name in COLUMNS] for row in rows]
    line = as_of_line(wording, as_of)
    if cut_at:
        line += ". " + wording.gettext("Only the newest %(n)s: narrow the list down for the older ones.") % {
            "n": cut_at
        }
    return workbook(Sheet(wording.gettext("Journeys"), line, head, lines))


def as_of_line(wording: Wording, as_of: datetime) -> str:
    """The line that says when a sheet was true."""
    return wording.gettext("As of %(moment)s") % {"moment": wording.moment(as_of)}


def _cell(name: str, value: Any, wording: Wording) -> str | int | None:
    if isinstance(value, datetime):
        return wording.day(value)
    if name in ("state", "stage") and value:
        return wording.said(value, "journey" if name == "state" else "stage")
    return value if isinstance(value, int) else str(value or "")
