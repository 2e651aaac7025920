"""Tables as a workbook: what a cell says is never taken for a formula, and every sheet says as of when it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
TITLE = 31  # characters a sheet's name may have
FORBIDDEN = str.maketrans("", "", "[]:*?/\\")
LEAST, MOST = 8, 60  # characters a column is wide


@dataclass(frozen=True)
class Sheet:
    """One table. `as_of`: the line above it."""

    title: str
    as_of: str
    head: Sequence[str]
    rows: Sequence[Sequence[str | int | None]]


def workbook(*sheets: Sheet) -> bytes:
    """The file of these sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for each in sheets:
        page = book.create_sheet(each.title.translate(FORBIDDEN)[:TITLE])
        lines = [[each.as_of], each.head, *each.rows]
        for place, line in enumerate(lines, 1):
            for column, value in enumerate(line, 1):
                _write(page.cell(place, column), value)
        for cell in page[2]:
            cell.font = Font(bold=True)
            longest = max((len(str(line[cell.column - 1])) for line in lines[1:]), default=0)
            page.column_dimensions[cell.column_letter].width = min(max(longest + 2, LEAST), MOST)
        page.freeze_panes, page.print_title_rows = "B3", "1:2"
        page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _write(cell: Cell, value: str | int | None) -> None:
    """Text stays text: what would begin a formula gets the mark by which spreadsheets show it as written."""
    if isinstance(value, str):
        cell.value = f"'{value}" if value.startswith(BEGINS_A_FORMULA) else value
        cell.data_type = "s"
    else:
        cell.value = value
