"""The columns of a sheet of people: their codes and names, the template with its lists, and a row read back as it was meant."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import get_args

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from activities.casework.journeys import WayOfReturn
from activities.security.files.sheets import MOST_ROWS
from api.pages.forms.reading import MIDNIGHT
from api.pages.report import TYPED, YES
from api.pages.spoken import SPOKEN
from api.pages.starting.steps import MORE
from api.pages.starting.typed import EMPTY, FIELDS, MOST, WISHES, Typed
from api.pages.wording import Wording
from api.sorting import unmarked
from api.words import marked

KEY = "row_key"
MARKS = (*YES, "declaration")
NEEDED = (KEY, "happened_day", "commune", "way_of_return")
COLUMNS = (
    KEY, "happened_day", "happened_hour", "commune", "residence_commune", "way_of_return", *MARKS, "language", "wish", *FIELDS,
)  # fmt: skip
LABELS = MORE | {
    KEY: marked("Entry in your book (never the same twice)"), "happened_hour": marked("Hour"), "wish": marked("Where the person wants to be"),
}  # fmt: skip
FIRST = 3  # row of the first person: names above, codes below them
YES_WORDS = {"x", "có", "co", "yes", "y", "1", "true", "đúng"}
NO_WORDS = {"", "không", "khong", "no", "n", "0", "false"}


@dataclass(frozen=True)
class Lists:
    """What may stand in the columns that choose: code and words."""

    communes: list[tuple[str, str]]
    wording: Wording

    def of(self, column: str) -> list[tuple[str, str]]:
        """The choices of a column; none where anything may stand."""
        if column in ("commune", "residence_commune"):
            return self.communes
        codes = {
            "way_of_return": (get_args(WayOfReturn), "way"),
            "wish": (WISHES, "wish"),
            "language": (SPOKEN, "language"),
        }
        if column not in codes:
            return []
        return [(code, self.wording.said(code, codes[column][1])) for code in codes[column][0]]

    def code(self, column: str, text: str) -> str:
        """The code of what stands there, written as code or in words of either language; the text itself where it is neither."""
        meant = _plain(text)
        both = self.of(column)
        both = (
            both
            if column.endswith("commune")
            else both + Lists([], Wording("vi")).of(column) + Lists([], Wording("en")).of(column)
        )
        exact = next((code for code, words in both if meant in (_plain(code), _plain(words))), "")
        alike = {code for code, words in both if unmarked(meant) == unmarked(_plain(words))}
        return exact or (alike.pop() if len(alike) == 1 else text)


def label(column: str, wording: Wording) -> str:
    """The name of a column."""
    return wording.said(column, "identity") if column in FIELDS else wording.gettext(LABELS[column])


def meant(cells: Mapping[str, str], lists: Lists) -> tuple[Typed, dict[str, str]]:
    """A row as the steps would have kept it; and the columns of which nothing can be made, with the code of why."""
    wrong = {column: "cell-too-long" for column, text in cells.items() if len(text) > MOST}
    given: Typed = EMPTY["came"] | {name: cells.get(name, "") for name in (*TYPED, "residence_commune")}
    given |= {
        name: lists.code(name, given[name]) for name in ("commune", "residence_commune", "way_of_return", "language")
    }
    given["language"] = given["language"] or "vi"
    given["happened_hour"] = (
        given["happened_hour"] or MIDNIGHT
    )  # a sheet tells of what is past; many know the day alone
    for name in MARKS:
        said = cells.get(name, "").casefold()
        given[name] = said in YES_WORDS
        if said not in YES_WORDS | NO_WORDS:
            wrong[name] = "yes-or-no"
    wish = lists.code("wish", cells.get("wish", ""))
    if wish and wish not in WISHES:
        wrong["wish"] = "enum"
    if not cells.get(KEY):
        wrong[KEY] = "missing"
    return EMPTY | {"came": given, "wish": wish, "person": person_in(cells)}, wrong


def person_in(cells: Mapping[str, str]) -> dict[str, str]:
    """Who the person of a row is."""
    return {name: cells[name] for name in FIELDS if cells.get(name)}


def template(lists: Lists) -> bytes:
    """An empty sheet: names, codes, lists to choose from; every cell is text, so a number keeps its first zero."""
    book = Workbook()
    page, beside = book.active, book.create_sheet(lists.wording.gettext("Lists"))
    assert page is not None
    page.append([label(each, lists.wording) + (" *" if each in NEEDED else "") for each in COLUMNS])
    page.append(list(COLUMNS))
    for number, column in enumerate(COLUMNS, 1):
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = 24
        page.cell(1, number).font, page.cell(2, number).font = Font(bold=True), Font(italic=True, color="777777")
        for row in range(FIRST, FIRST + MOST_ROWS):
            page.cell(row, number).number_format = "@"
        choices = ["x"] if column in MARKS else [words for _, words in lists.of(column)]
        for row, words in enumerate([column, *choices] if choices else [], 1):
            beside.cell(row, number, words)
        if choices:
            rule = DataValidation(
                "list", f"'{beside.title}'!${letter}$2:${letter}${len(choices) + 1}", allow_blank=True
            )
            rule.add(f"{letter}{FIRST}:{letter}{FIRST + MOST_ROWS - 1}")
            page.add_data_validation(rule)
    page.freeze_panes = f"A{FIRST}"
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _plain(text: str) -> str:
    """Without case, spaces beside, and what kind of place it is."""
    bare = " ".join(text.casefold().split())
    for before in ("ubnd ", "xã ", "xa ", "thị trấn ", "thi tran ", "phường ", "phuong ", "people's committee of "):
        bare = bare.removeprefix(before)
    for after in (" commune", " township", " town", " ward"):
        bare = bare.removesuffix(after)
    return bare
