"""Every message of the pages, as templates and code name it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_from_file
from jinja2.ext import babel_extract

ROOT = Path(__file__).parents[2]
CALLS = {"_": None, "gettext": None, "ngettext": (1, 2), "marked": None}
OPTIONS = {
    "encoding": "utf-8",
    "trimmed": "true",
    "extensions": "jinja2.ext.i18n,jinja2.ext.do",
    "newstyle_gettext": "true",
}


def messages() -> set[str]:
    """All of them, each once."""
    return {message for path in _files() for message in _of(path)}


def _files() -> Iterator[Path]:
    yield from (ROOT / "api/templates").rglob("*.html")
    yield from (ROOT / "api").rglob("*.py")


def _of(path: Path) -> Iterator[str]:
    found: list[Any]
    if path.suffix == ".py":
        found = [message for _, message, _, _ in extract_from_file("python", path, keywords=CALLS)]
    else:
        with path.open("rb") as file:
            found = [message for _, _, message, _ in babel_extract(file, list(CALLS), [], OPTIONS)]
    for each in found:
        yield from (part for part in (each if isinstance(each, tuple) else (each,)) if isinstance(part, str))
