"""The order in which Vietnamese lists its names, and names looked for without their marks.

Letters first (a ă â b c d đ e ê …), the tones of the whole name only between names of the same letters (ngang, huyền, hỏi,
ngã, sắc, nặng), capitals last: as Unicode CLDR has it, common/collation/vi.xml, `&̀<<̉<<̃<<́<<̣`.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from unicodedata import normalize

from sqlalchemy import ColumnElement, func

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng; none (ngang) comes before them
VOWELS = "aăâeêioôơuưy"
Row = TypeVar("Row")
Key = tuple[str, str, str]

_TONED = {normalize("NFC", vowel + tone): (vowel, 1 + at) for vowel in VOWELS for at, tone in enumerate(TONES)}
_PLACED = LETTERS + "".join(_TONED)  # every letter, with a tone or without
_PLACES = "".join(
    chr(ord("Ā") + LETTERS.index(_TONED.get(each, (each, 0))[0])) for each in _PLACED
)  # after all that is no letter
_TONES = "".join(str(_TONED.get(each, (each, 0))[1]) for each in _PLACED)
_AS_PLACES, _AS_TONES = str.maketrans(_PLACED, _PLACES), str.maketrans(_PLACED, _TONES)


def sort_key(text: str) -> Key:
    """Where a name stands: by its letters, then by its tones, then by its capitals."""
    whole = normalize("NFC", text)
    small = whole.lower()
    return small.translate(_AS_PLACES), small.translate(_AS_TONES), whole.swapcase()


def sort_columns(column: ColumnElement[str] | Any) -> tuple[ColumnElement[str], ...]:
    """The same of a column, to order by and to go on from; the database's own small letters are those without marks."""
    whole = func.normalize(column)
    small = func.lower(func.translate(whole, _PLACED.upper(), _PLACED))
    both = (func.translate(small, _PLACED, _PLACES), func.translate(small, _PLACED, _TONES))
    return tuple(each.collate("C") for each in both)


def by_name(rows: Iterable[Row], name: Callable[[Row], str]) -> list[Row]:
    """Rows in the order of the names they bear."""
    return sorted(rows, key=lambda row: sort_key(name(row)))


_MARKED = "".join(each for each in _PLACED if not each.isascii())
_BARE = "".join("d" if each == "đ" else normalize("NFD", each)[0] for each in _MARKED)
_MARKED, _BARE = _MARKED + _MARKED.upper(), _BARE * 2
_TABLE = str.maketrans(_MARKED, _BARE)


def unmarked(text: str) -> str:
    """As it is typed in a hurry: without tones, marks and capitals, `Trị An` as `tri an`."""
    return " ".join(normalize("NFC", text).translate(_TABLE).lower().split())


def unmarked_column(column: ColumnElement[str] | Any) -> ColumnElement[str]:
    """The same of a column; the database's own small letters are those without marks."""
    return func.lower(func.translate(column, _MARKED, _BARE))
