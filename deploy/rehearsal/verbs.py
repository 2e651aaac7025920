"""Every verb of the interface, and how often a rehearsal used it."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from activities.domain.states import DecisionKind
from api.rest.person import WishBody
from api.rest.requests import AskBody
from deploy.rehearsal.invariants import Invariant

VERBS = ("post", "put", "patch", "delete")
UNDER = "/api/v1"
KINDS = (
    *(each.value for each in DecisionKind),
    *(f"wish {each}" for each in get_args(WishBody.model_fields["wish"].annotation)),
    *(f"ask for {each}" for each in get_args(AskBody.model_fields["kind"].annotation)),
    "hand down", "handed to an officer by name", "recall", "request granted", "request refused", "request taken back",
    "correct", "objection", "agree to a correction", "refuse an objection", "comment", "comment on a journey",
)  # fmt: skip


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


def all_used(verbs: Mapping[str, int]) -> Invariant:
    """Every verb of the interface was used at least once."""
    return _none_missing("every verb of the interface was used", "verbs", verbs, verbs)


def all_kinds(acts: Mapping[str, int]) -> Invariant:
    """So was every kind of act that shares its verb with others, as an extension with a pause."""
    return _none_missing("every kind of act was taken", "kinds", acts, KINDS)


def _none_missing(name: str, what: str, counts: Mapping[str, int], wanted: Iterable[str]) -> Invariant:
    looked = list(wanted)
    missing = [each for each in looked if not counts.get(each)]
    return Invariant(name, not missing, f"never: {', '.join(missing)}" if missing else f"{len(looked)} {what}")
