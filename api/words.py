"""Words of the interface by gettext catalogue: Vietnamese first, English second. A room of pages has a catalogue of its own."""

from functools import lru_cache
from importlib.resources import files

from babel.core import negotiate_locale
from babel.messages.pofile import read_po

LANGUAGES = ("vi", "en")
UNCOUNTED = 100  # from here on lists and the menu count no further


def language_of(accepts: str) -> str:
    """The language to answer in, from an Accept-Language header."""
    asked = [part.split(";")[0].strip().replace("-", "_") for part in accepts.split(",")]
    return negotiate_locale([each for each in asked if each.isascii()], LANGUAGES) or "vi"


def words(accepts: str, code: str) -> str:
    """The text of a code in the caller's language; the code itself where no text is known."""
    return in_language(language_of(accepts), code)


def in_language(language: str, message: str) -> str:
    """The text of a code, or of a message written in English, in `vi` or `en`; the message itself where none is known."""
    return catalogue(language).get(message, message)


def upto(count: int) -> str:
    """A count as lists and the menu show it: "99+" beyond."""
    return str(count) if count < UNCOUNTED else f"{UNCOUNTED - 1}+"


def marked(message: str) -> str:
    """The message as it stands: it is put into the reader's language where it is shown."""
    return message


@lru_cache(maxsize=2)
def catalogue(language: str) -> dict[str, str]:
    """Every message of the language: all its catalogues together."""
    found = dict[str, str]()
    for file in sorted(files("api").joinpath("locales", language).iterdir(), key=lambda each: each.name):
        if file.name.endswith(".po"):
            with file.open("rb") as text:
                found |= {str(each.id): str(each.string) for each in read_po(text, locale=language) if each.id}
    return found
