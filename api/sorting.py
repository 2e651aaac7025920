"""The order in which Vietnamese lists its names, and names looked for without their marks."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from unicodedata import normalize

from sqlalchemy import ColumnElement, func

ORDER = "aáàảãạăắằẳẵặâấầẩẫậbcdđeéèẻẽẹêếềểễệfghiíìỉĩịjklmnoóòỏõọôốồổỗộơớờởỡợpqrstuúùủũụưứừửữựvwxyýỳỷỹỵz"
RANK = {letter: (1, at) for at, letter in enumerate(ORDER)}
Row = TypeVar("Row")


def sort_key(text: str) -> tuple[tuple[int, int], ...]:
    """Vietnamese order: letters first (Đ after D, Ă after A), tones after letters; case does not matter."""
    return tuple(RANK.get(each) or (0, ord(each)) for each in text.lower())


def by_name(rows: Iterable[Row], name: Callable[[Row], str]) -> list[Row]:
    """Rows in the order of the names they bear."""
    return sorted(rows, key=lambda row: sort_key(name(row)))


_MARKED = "".join(each for each in ORDER if not each.isascii())
_BARE = "".join("d" if each == "đ" else normalize("NFD", each)[0] for each in _MARKED)
_MARKED, _BARE = _MARKED + _MARKED.upper(), _BARE * 2
_TABLE = str.maketrans(_MARKED, _BARE)


def unmarked(text: str) -> str:
    """As it is typed in a hurry: without tones, marks and capitals, `Trị An` as `tri an`."""
    return " ".join(normalize("NFC", text).translate(_TABLE).lower().split())


def unmarked_column(column: ColumnElement[str] | Any) -> ColumnElement[str]:
    """The same of a column; the database's own small letters are those without marks."""
    return func.lower(func.translate(column, _MARKED, _BARE))
