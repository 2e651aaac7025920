"""A page as a browser without script has it: its forms with what they would send, its links, its words."""

from collections.abc import Iterable
from html.parser import HTMLParser

import httpx

Fields = dict[str, str | list[str]]


class Page(HTMLParser):
    """`forms`: by action (the first of each), what it sends as it stands; `links`: where anchors lead; `text`: all words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms, self.links, self._words = dict[str, list[tuple[str, str]]](), list[str](), list[str]()
        self.hidden = dict[str, dict[str, str]]()
        self._form: list[tuple[str, str]] | None = None
        self._action, self._select, self._area = "", "", ""
        self.feed(html)

    @property
    def text(self) -> str:
        """Its words with single blanks."""
        return " ".join(" ".join(self._words).split())

    def filled(self, action: str, **values: str | Iterable[str]) -> Fields:
        """What the form of this action sends once these fields are filled in otherwise; several values of a name as a list."""
        assert action in self.forms, f"no form for {action}"
        found: Fields = {}
        for name, value in self.forms[action]:
            before = found.get(name, [])
            found[name] = [*([before] if isinstance(before, str) else before), value] if name in found else value
        return found | {name: value if isinstance(value, str) else list(value) for name, value in values.items()}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A form begins, or a control says what it would send."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._action, self._form = given.get("action", ""), []
        elif tag == "a":
            self.links.append(given.get("href", ""))
        elif self._form is not None and tag == "select":
            self._select = given["name"]
        elif self._form is not None and tag == "option" and self._select:
            self._option(self._form, given)
        elif self._form is not None and tag == "textarea":
            self._area = given["name"]
            self._form.append((self._area, ""))
        elif self._form is not None and tag == "input" and _sends(given):
            self._form.append((given["name"], given.get("value", "on")))
            if given.get("type") == "hidden" and self._action not in self.forms:
                self.hidden.setdefault(self._action, {})[given["name"]] = given.get("value", "")

    def _option(self, form: list[tuple[str, str]], given: dict[str, str]) -> None:
        if "selected" in given or all(name != self._select for name, _ in form):
            form[:] = [each for each in form if each[0] != self._select]
            form.append((self._select, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        """A form, a list or a text field ends."""
        if tag == "form" and self._form is not None:
            self.forms.setdefault(self._action, self._form)
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


def form(html: str, action: str) -> dict[str, str]:
    """The hidden fields of the form of this action: what a story fills in comes beside them."""
    found = Page(html)
    assert action in found.forms, f"no form for {action}"
    return found.hidden.get(action, {})


def text(html: str) -> str:
    """The page as it reads."""
    return Page(html).text


def filled(html: str, action: str, **values: str | Iterable[str]) -> Fields:
    """What the form of this action sends once these fields are filled in otherwise."""
    return Page(html).filled(action, **values)


async def go(who: httpx.AsyncClient, path: str) -> Page:
    """Open a page that is there."""
    answer = await who.get(path)
    assert answer.status_code == httpx.codes.OK, (path, answer.status_code, answer.text)
    return Page(answer.text)


async def send(who: httpx.AsyncClient, path: str, action: str, **values: str | Iterable[str]) -> httpx.Response:
    """Open a page, fill in one of its forms, send it, and go where it leads."""
    return await who.post(action, data=filled((await who.get(path)).text, action, **values))


async def press(who: httpx.AsyncClient, page: Page, action: str, **values: str | Iterable[str]) -> httpx.Response:
    """Send a form of an open page, some fields filled in; where it leads is not followed."""
    return await who.post(action, data=page.filled(action, **values), follow_redirects=False)
