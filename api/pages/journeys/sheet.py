"""Rows as a sheet for a spreadsheet program, in which no cell can become a formula."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

from api.pages.wording import Wording
from api.words import marked

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = {
    "reference": marked("Reference"), "state": marked("State"), "stage": marked("Stage"), "opened_at": marked("Opened"),
    "closed_at": marked("Closed"), "open_tasks": marked("Open tasks"), "overdue_tasks": marked("Overdue tasks"),
}  # fmt: skip


def sheet(rows: Iterable[Mapping[str, Any]], wording: Wording, as_of: datetime) -> bytes:
    """A list of journeys as .xlsx, with the moment it was true."""
    return table(
        [wording.gettext(name) for name in COLUMNS.values()],
        ([_cell(name, row[name], wording) for name in COLUMNS] for row in rows),
        wording.gettext("As of %(moment)s") % {"moment": wording.moment(as_of)},
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], remark: str) -> bytes:
    """Heads, rows and a remark below them; texts that a program would calculate are marked as text."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(list(heads))
    for cell in page[1]:
        cell.font = Font(bold=True)
    for row in rows:
        page.append([_safe(each) for each in row])
    page.append([])
    page.append([_safe(remark)])
    page.freeze_panes = "A2"
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _safe(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _cell(name: str, value: object, wording: Wording) -> object:
    if isinstance(value, datetime):
        return wording.day(value)
    if name == "state":
        return wording.said(value, "journey")
    return wording.said(value, "stage") if name == "stage" else value
