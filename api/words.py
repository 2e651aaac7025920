"""Words of the interface by gettext catalogue: Vietnamese first, English second."""

from functools import lru_cache
from importlib.resources import files

from babel.core import negotiate_locale
from babel.messages.pofile import read_po

LANGUAGES = ("vi", "en")


def language_of(accepts: str) -> str:
    """The language to answer in, from an Accept-Language header."""
    asked = [part.split(";")[0].strip().replace("-", "_") for part in accepts.split(",")]
    return negotiate_locale([each for each in asked if each.isascii()], LANGUAGES) or "vi"


def words(accepts: str, code: str) -> str:
    """The text of a code in the caller's language; the code itself where no text is known."""
    return _catalogue(language_of(accepts)).get(code, code)


@lru_cache(maxsize=2)
def _catalogue(language: str) -> dict[str, str]:
    with files("api").joinpath("locales", language, "messages.po").open("rb") as text:
        return {str(message.id): str(message.string) for message in read_po(text, locale=language) if message.id}
