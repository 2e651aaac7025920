"""Pages as a browser without script meets them: their forms, filled in and sent, and their links."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx


@dataclass
class Form:
    """One form: where it goes, and what it sends if nobody touches it; several values of a name stay several."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)

    def sent(self, given: Mapping[str, str | list[str]]) -> dict[str, list[str]]:
        """What is sent once these fields are filled in."""
        return self.fields | {name: value if isinstance(value, list) else [value] for name, value in given.items()}


class Page(HTMLParser):
    """What a page offers: forms by action, links in order, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.text = ""
        self._open: Form | None = None
        self._select = ""
        self.feed(text)

    def form(self, action: str) -> Form:
        """The one form that goes there."""
        return next(each for each in self.forms if each.action == action)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note forms, their fields, and links."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(given.get("action", ""))
            self.forms.append(self._open)
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif self._open is not None:
            self._field(tag, given)

    def _field(self, tag: str, given: Mapping[str, str]) -> None:
        assert self._open is not None
        if tag == "select":
            self._select = given.get("name", "")
        chosen = tag == "option" and "selected" in given
        ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
        name = self._select if chosen else given.get("name", "") if tag == "input" and ticked else ""
        if name:
            self._open.fields.setdefault(name, []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        """A form ends."""
        if tag == "form":
            self._open = None

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text += data


async def go(browser: httpx.AsyncClient, path: str) -> Page:
    """Open a page that is there."""
    answer = await browser.get(path)
    assert answer.status_code == httpx.codes.OK, (path, answer.status_code, answer.text)
    return Page(answer.text)


async def send(browser: httpx.AsyncClient, page: Page, action: str, **given: str | list[str]) -> httpx.Response:
    """Send a form of a page, some fields filled in; a redirect is not followed."""
    return await browser.post(action, data=page.form(action).sent(given), follow_redirects=False)
