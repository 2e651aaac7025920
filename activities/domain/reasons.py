"""Why somebody acts: a code of a closed list with a note beside it, or what they typed."""

import re
from typing import NamedTuple

from activities.domain.states import DecisionKind

OTHER = "other"
REMIND = "remind"
REASONS: dict[str, tuple[str, ...]] = {
    REMIND: ("late", "soon", "untaken", "silent", OTHER),
    DecisionKind.EXTEND: ("papers", "person-asks", "closed", "away", OTHER),
    DecisionKind.PAUSE: ("person", "court", "outside", OTHER),
    DecisionKind.RESUME: ("come", "needless", OTHER),
    DecisionKind.REASSIGN: ("not-theirs", "overloaded", "nobody-there", "moved", OTHER),
    DecisionKind.WAIVE: ("needless", "done-elsewhere", "double", OTHER),
}
_KEPT = re.compile(r"([a-z]+)/([a-z-]+)(?:: (.*))?", re.DOTALL)
_CODE = re.compile(r"[a-z0-9_-]+(?:/[a-z-]+)?")


class Reason(NamedTuple):
    """`act` and `code` of the list it was chosen from, empty where it was typed; `note`: what was typed."""

    act: str
    code: str
    note: str


def kept(act: str, code: str, note: str) -> str:
    """The choice as it is kept, by its code, with the note after it: whoever reads it reads their own language."""
    return f"{act}/{code}: {note}" if note else f"{act}/{code}"


def apart(text: str) -> Reason:
    """What `kept` put together; a text that names no entry of the lists was typed as a whole."""
    found = _KEPT.fullmatch(text)
    if found and found[2] in REASONS.get(found[1], ()):
        return Reason(found[1], found[2], found[3] or "")
    return Reason("", "", text)


def is_code(text: str) -> bool:
    """Made of the letters of a code alone: no sentence, no name as names are written."""
    return _CODE.fullmatch(text) is not None
