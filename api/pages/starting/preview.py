"""A sheet as it was read: row by row what it comes to, what does not fit in which cell, and what is open already."""

from typing import Any

from openpyxl.utils import column_index_from_string

from activities.casework.errors import FieldProblem, InvalidError
from activities.casework.imports import seal_of
from activities.security.files.sheets import Row
from api.deps import Desk
from api.pages.forms.reading import beside
from api.pages.starting import typed as read
from api.pages.starting.columns import COLUMNS, FIRST, KEY, NEEDED, Lists, label, meant, person_in
from api.pages.starting.known import known
from api.pages.starting.typed import Typed
from api.pages.wording import Wording

LETTER, CODES = "A", FIRST - 1


def as_draft(rows: list[Row]) -> Typed:
    """What is kept of a sheet; InvalidError where its second row does not name the columns that are needed."""
    codes: dict[str, str] = next((row["cells"] for row in rows if row["number"] == CODES), {})
    letters = {text.casefold(): letter for letter, text in reversed(codes.items()) if text.casefold() in COLUMNS}
    lacking = tuple(FieldProblem((each,), "missing", "no such column") for each in NEEDED if each not in letters)
    if lacking:
        raise InvalidError("sheet-columns", lacking)
    people = [
        {"number": row["number"], "refused": "", "opened": False, "cells": cells}
        for row in rows
        if row["number"] >= FIRST
        and (cells := {code: row["cells"][letter] for code, letter in letters.items() if letter in row["cells"]})
    ]
    unread = [f"{letter}{CODES}" for letter in codes if letter not in letters.values()]
    return {"columns": letters, "unread": unread, "rows": people}


async def look(desk: Desk, sheet: Typed, wording: Wording) -> tuple[list[dict[str, Any]], Lists]:
    """Each row with its problems in the order of its cells, the journey it became, and journeys that may be the same person's.

    Beside them what may stand in the columns that choose.
    """
    keys = {row["number"]: row["cells"].get(KEY, "") for row in sheet["rows"]}
    seals = {number: seal_of(desk.office, desk.actor, key) for number, key in keys.items() if key}
    people = [person_in(row["cells"]) for row in sheet["rows"]]
    found = await known(desk, wording, "communes", "likely", "opened", people=people, digests=seals.values())
    lists = Lists(found.communes, wording)
    rows: list[dict[str, Any]] = [_row(desk, sheet, row, lists) for row in sheet["rows"]]
    _same(rows, sheet, wording)
    for row in rows:
        row["problems"].sort(key=lambda each: each["at"])
    for row, journeys in zip(rows, found.likely, strict=True):
        row["journey"] = found.opened.get(seals.get(row["number"], ""))
        row["likely"] = [each for each in journeys if not row["journey"]]
        row["sound"] = not (row["problems"] or row["opened"] or row["journey"])
    return rows, lists


def _row(desk: Desk, sheet: Typed, row: Row, lists: Lists) -> dict[str, Any]:
    typed, wrong = meant(row["cells"], lists)
    found = [FieldProblem((column,), code, "does not fit") for column, code in wrong.items()]
    try:
        read.came(desk, typed["came"], {code for code, _ in lists.communes})
    except InvalidError as refusal:
        found += refusal.problems
    labels = {column: label(column, lists.wording) for column in COLUMNS}
    problems = [
        _problem(sheet, row["number"], column, labels.get(column, ""), words)
        for column, words in beside(found, labels, lists.wording).items()
    ]
    return {
        "number": row["number"], "key": row["cells"].get(KEY, ""), "typed": typed, "problems": [] if row["opened"] else problems,
        "refused": row["refused"], "opened": row["opened"],
    }  # fmt: skip


def _same(rows: list[dict[str, Any]], sheet: Typed, wording: Wording) -> None:
    """Two rows under one key: the second is told."""
    seen = dict[str, int]()
    for row in rows:
        key = " ".join(row["key"].casefold().split())
        if key and seen.setdefault(key, row["number"]) != row["number"]:
            words = wording.gettext("The same as in row %(number)s.") % {"number": seen[key]}
            row["problems"].append(_problem(sheet, row["number"], KEY, label(KEY, wording), words))


def _problem(sheet: Typed, number: int, column: str, label_: str, words: str) -> dict[str, Any]:
    """What does not fit, with its cell; `at`: where it stands in its row, 0 for a column the sheet does not have."""
    letter = sheet["columns"].get(column, "")
    at = column_index_from_string(letter) if letter else 0
    return {"cell": f"{letter}{number}", "column": label_, "words": words, "at": at}
