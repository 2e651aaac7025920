"""The order in which Vietnamese lists its names, and names looked for without their marks."""

from typing import Any
from unicodedata import normalize

from sqlalchemy import ColumnElement, func

ORDER = "aáàảãạăắằẳẵặâấầẩẫậbcdđeéèẻẽẹêếềểễệfghiíìỉĩịjklmnoóòỏõọôốồổỗộơớờởỡợpqrstuúùủũụưứừửữựvwxyýỳỷỹỵz"


def sort_key(text: str) -> tuple[tuple[int, int], ...]:
    """Vietnamese order: letters first (Đ after D, Ă after A), tones after letters; case does not matter."""
    return tuple((1, ORDER.index(each)) if each in ORDER else (0, ord(each)) for each in text.lower())


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
