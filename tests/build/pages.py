"""What a story reads off a page: the hidden fields of a form, and the texts of the page without its tags."""

import re
from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self, html: str, action: str) -> None:
        super().__init__()
        self.fields, self._action, self._within = dict[str, str](), action, False
        self.found = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._within = given.get("action") == self._action and not self.found
            self.found |= self._within
        elif tag == "input" and self._within and given.get("type") == "hidden":
            self.fields[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._within = False


def form(html: str, action: str) -> dict[str, str]:
    """The hidden fields of the first form with this action; fails where the page has none."""
    found = _Form(html, action)
    assert found.found, f"no form for {action}"
    return found.fields


def text(html: str) -> str:
    """The page as it reads."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style).*?</\1>", " ", html)).split())
