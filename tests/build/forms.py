"""A page as a browser without JavaScript has it: its forms with what they would send, its links, its words."""

from collections.abc import Iterable
from html.parser import HTMLParser

import httpx

Fields = dict[str, str | list[str]]


class Page(HTMLParser):
    """`forms`: by action, what each sends as it stands; `links`: where anchors lead; `text`: all words, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms, self.links, self._words = dict[str, list[tuple[str, str]]](), list[str](), list[str]()
        self._form: list[tuple[str, str]] | None = None
        self._select, self._area = "", ""
        self.feed(html)

    @property
    def text(self) -> str:
        """Its words with single blanks."""
        return " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A form begins, or a control says what it would send."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = self.forms.setdefault(given.get("action", ""), [])
        elif tag == "a":
            self.links.append(given.get("href", ""))
        elif self._form is not None and tag == "select":
            self._select = given["name"]
        elif self._form is not None and tag == "option" and self._select:
            self._option(given)
        elif self._form is not None and tag == "textarea":
            self._area = given["name"]
            self._form.append((self._area, ""))
        elif self._form is not None and tag == "input" and _sends(given):
            self._form.append((given["name"], given.get("value", "on")))

    def _option(self, given: dict[str, str]) -> None:
        assert self._form is not None
        chosen = "selected" in given
        if chosen or all(name != self._select for name, _ in self._form):
            self._form[:] = [each for each in self._form if each[0] != self._select]
            self._form.append((self._select, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        """A form, a list or a text field ends."""
        if tag == "form":
            self._form = None
        self._select = "" if tag == "select" else self._select
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        """Words of the page, or of a text field."""
        if self._area and self._form is not None:
            self._form[-1] = (self._area, (self._form[-1][1] + data).lstrip("\n"))
        self._words.append(data)


def _sends(given: dict[str, str]) -> bool:
    unticked = given.get("type") in ("radio", "checkbox") and "checked" not in given
    return "name" in given and not unticked and given.get("type") not in ("submit", "file") and "disabled" not in given


def filled(html: str, action: str, **values: str | Iterable[str]) -> Fields:
    """What the form of this action sends once these fields are filled in otherwise; KeyError where the page has none."""
    found: Fields = {}
    for name, value in Page(html).forms[action]:
        before = found.get(name, [])
        found[name] = [*([before] if isinstance(before, str) else before), value] if name in found else value
    return found | {name: value if isinstance(value, str) else list(value) for name, value in values.items()}


async def send(who: httpx.AsyncClient, path: str, action: str, **values: str | Iterable[str]) -> httpx.Response:
    """Open a page, fill in one of its forms, send it, and go where it leads."""
    return await who.post(action, data=filled((await who.get(path)).text, action, **values))
