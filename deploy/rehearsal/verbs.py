"""Every verb of the interface, and how often a rehearsal used it."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

VERBS = ("post", "put", "patch", "delete")
UNDER = "/api/v1"


def verbs_of(description: Mapping[str, Any]) -> list[str]:
    """Of an OpenAPI description: `POST /tasks/{task_id}/claim`, in order."""
    found = [(method, path) for path, each in description["paths"].items() for method in each if method in VERBS]
    return sorted(f"{method.upper()} {path.removeprefix(UNDER)}" for method, path in found)


def counted(done: Iterable[tuple[str, int]], verbs: Iterable[str]) -> Counter[str]:
    """How often each verb was used: `done` names requests as they were sent, and how often."""
    plain_first = sorted(verbs, key=lambda verb: verb.count("{"))
    shapes = [(verb, re.compile(re.sub(r"\\\{[^/]+?\\\}", "[^/]+", re.escape(verb)))) for verb in plain_first]
    found = Counter(dict.fromkeys(verbs, 0))
    for request, count in done:
        verb = next((verb for verb, shape in shapes if shape.fullmatch(request)), None)
        if verb is not None:
            found[verb] += count
    return found
