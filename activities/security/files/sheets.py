"""The process that reads one sheet: an .xlsx on standard input, a line of JSON with its rows as texts on standard output."""

import json
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any, Final
from zipfile import ZipFile

from openpyxl import load_workbook

from activities.security.files.apart import apart, limit_self
from activities.security.files.kinds import RefusalError, RefusedError

PROCESS: Final = "activities.security.files.sheets"
MOST_ROWS = 200  # local: rows that say something, under the two heads
MOST_COLUMNS, MOST_PARTS, MOST_INSIDE = 60, 200, 30_000_000
LONGEST = 600  # letters kept of one cell: more than any field takes, so it is seen to be too long
OLD = b"\xd0\xcf\x11\xe0"  # how an older or an encrypted workbook begins
Row = dict[str, Any]


async def rows_of(data: bytes) -> list[Row]:
    """Rows of the first sheet that say something: `number`, and `cells` by letter. RefusedError for what is not taken."""
    said, _ = await apart(PROCESS, data)
    rows: list[Row] = said["rows"]
    return rows


def read(data: bytes) -> list[Row]:
    """The same, here: for the process alone."""
    if data.startswith(OLD):
        raise RefusedError(RefusalError.ENCRYPTED)
    if not data.startswith(b"PK"):
        raise RefusedError(RefusalError.KIND)
    _look(data)
    book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    return list(_rows(book.worksheets[0].iter_rows(max_col=MOST_COLUMNS)))


def _look(data: bytes) -> None:
    """No bomb, no macros; a part cannot give more than it declares."""
    with ZipFile(BytesIO(data)) as given:
        parts = given.infolist()
        names = {part.filename.lower() for part in parts}
        if "xl/workbook.xml" not in names:
            raise RefusedError(RefusalError.KIND)
        if any(name.endswith("vbaproject.bin") for name in names):
            raise RefusedError(RefusalError.MACROS)
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_INSIDE:
            raise RefusedError(RefusalError.TOO_BIG_INSIDE)


def _rows(given: Iterator[Any]) -> Iterator[Row]:
    found = 0
    for number, row in enumerate(given, 1):
        cells = {each.column_letter: text for each in row if each.value is not None and (text := _text(each.value))}
        if cells:
            found += 1
            if found > MOST_ROWS + 2:
                raise RefusedError(RefusalError.TOO_BIG_INSIDE)
            yield {"number": number, "cells": cells}


def _text(value: object) -> str:
    """A cell as a person would have typed it."""
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())[:LONGEST]


def main() -> None:
    """Limit this process, read what comes in, tell."""
    limit_self()
    try:
        told: dict[str, Any] = {"rows": read(sys.stdin.buffer.read())}
    except RefusedError as refused:
        told = {"refused": refused.why.value}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")


if __name__ == "__main__":
    main()
