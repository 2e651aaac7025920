"""A walk through the site as one officer: every link of every page, a few of each kind of page."""

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import httpx

from activities.security.sign_in_file import read_sign_ins
from deploy.local.supervisor import Stack

EACH = 4  # pages of one kind whose links are followed
MOST = 600
OUT = ("tel:", "mailto:", "/locked")  # what leads out of the pages; a locked screen shows nothing more
_ID = re.compile(r"(?<=/)(?:[a-z]+-)?[0-9a-f]{8}-?[0-9a-f-]{8,}")
_NAME = re.compile(r"(?<=/)(organisations|officers|agencies|contacts)/(?!new\b)[^/]+")  # what is named by its code
_DRAWN = ("box",)  # parts of a query that choose how a page is drawn, not which rows stand on it


class Links(HTMLParser):
    """The links of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found = list[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep where an anchor leads."""
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


@dataclass
class Walk:
    """What was met: pages of each kind, as they were met, and every link that led nowhere."""

    pages: dict[str, list[str]] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    dead_ends: list[str] = field(default_factory=list)


def kind_of(path: str) -> str:
    """A page's address without the ids, codes and filters in it."""
    parts = urlsplit(path)
    query = sorted(name + (f"={value}" if name in _DRAWN else "") for name, value in parse_qsl(parts.query))
    return _NAME.sub(r"\1/*", _ID.sub("*", parts.path)) + ("?" + "&".join(query) if query else "")


async def walk(stack: Stack, username: str) -> Walk:
    """From the front page on, as long as there are kinds of pages not yet seen often enough."""
    met, seen, counts = Walk(), set[str](), Counter[str]()
    async with httpx.AsyncClient(base_url=stack.api_url, follow_redirects=True, timeout=60) as client:
        await client.post("/sign-in", data={"username": username, "password": read_sign_ins(stack.sign_ins)[username]})
        waiting = [("/", "/")]
        while waiting:
            assert len(seen) < MOST, "more kinds of pages than a walk takes: the rest would go unseen"
            path, from_ = waiting.pop(0)
            if path in seen or counts[kind_of(path)] >= EACH:
                continue
            seen.add(path)
            counts[kind_of(path)] += 1
            answer = await client.get(path)
            if answer.status_code >= httpx.codes.BAD_REQUEST:
                met.broken.append(f"{answer.status_code} {path} (from {from_})")
            elif "text/html" in answer.headers["content-type"]:
                waiting += _look(met, client, answer, path)
    return met


def _look(met: Walk, client: httpx.AsyncClient, answer: httpx.Response, path: str) -> list[tuple[str, str]]:
    met.pages.setdefault(kind_of(path), []).append(path)
    links = [each for each in Links(answer.text).found if not each.startswith((*OUT, "#"))]
    if not links:
        met.dead_ends.append(path)
    inside = [urldefrag(urljoin(str(answer.url), each))[0] for each in links]
    ours = [urlsplit(each) for each in inside if each.startswith(str(client.base_url).rstrip("/"))]
    return [(each.path + (f"?{each.query}" if each.query else ""), path) for each in ours]
