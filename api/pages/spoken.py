"""The languages people speak: shown by name, read back from their names in either language of the pages, kept as codes."""

from functools import cache

from api.pages.wording import Wording
from api.sorting import unmarked
from api.words import LANGUAGES

SPOKEN = ("vi", "en", "km", "lo", "zh", "th")  # those that are listed; any other word is kept as it is


def spoken(typed: str) -> str:
    """The code of a language by its name, with or without marks and `Tiếng`; what was typed where there is none."""
    return _codes().get(unmarked(typed), typed.strip())


@cache
def _codes() -> dict[str, str]:
    named = {unmarked(Wording(own).said(code, "language")): code for own in LANGUAGES for code in SPOKEN}
    return {code: code for code in SPOKEN} | named | {name.removeprefix("tieng "): code for name, code in named.items()}
