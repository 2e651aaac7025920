"""What does not fit in a short form is told beside its field: marked, described, and only there."""

import re

import httpx
import pytest

from activities.casework.context import Office
from activities.casework.tasks import give_back
from activities.store.engine import Sessions
from tests.build.officers import actor
from tests.build.pages import send
from tests.pages.conftest import Visit
from tests.pages.standing import COORDINATOR, DOCTOR, Opens, opens, reported

__all__ = ["opens", "reported"]
MARKED = re.compile(r"<(\w+)([^>]*)aria-describedby=\"misfit\"")
SHORT = [
    (DOCTOR, "extend", {"count": "nhiều", "reason": "máy hỏng"}, "input", "count"),
    (DOCTOR, "extend", {"count": "3"}, "textarea", "reason"),
    (DOCTOR, "another", {}, "textarea", "reason"),
    (DOCTOR, "delegate", {"reason": "nghỉ"}, "select", "whom"),
    (DOCTOR, "return", {"note": "không rõ"}, "fieldset", ""),
    (DOCTOR, "comment", {"text": "đã gọi"}, "fieldset", ""),
    (DOCTOR, "comment", {"to": ["coordinator"]}, "textarea", "text"),
    (COORDINATOR, "remind", {"promised": "mai"}, "input", "whom"),
    (COORDINATOR, "remind", {"whom": "bác sĩ", "look_again_on": "31/02/2024"}, "input", "look_again_on"),
    (COORDINATOR, "decide", {"reason": "xem lại"}, "fieldset", ""),
]


@pytest.mark.parametrize(("who", "act", "typed", "element", "field"), SHORT)
async def test_the_field_that_does_not_fit_is_marked(
    visit: Visit, opens: Opens, sessions: Sessions, office: Office,
    who: str, act: str, typed: dict[str, str | list[str]], element: str, field: str,
) -> None:  # fmt: skip
    """Whoever hears the page is told at the field what is wrong with it; whoever sees it finds the words there."""
    task, seat = await opens("examine_health"), await visit(who)
    if act == "decide":
        async with sessions.begin() as session:
            await give_back(session, office, await actor(session, DOCTOR), task, 1, "not_ours")
    refused = await send(seat, f"/tasks/{task}", f"/tasks/{task}/{act}", **typed)
    assert httpx.codes.UNPROCESSABLE_ENTITY == refused.status_code
    marks = MARKED.findall(refused.text)
    assert [element] == [tag for tag, _ in marks]
    assert not field or f'name="{field}"' in marks[0][1]
    assert 1 == refused.text.count('id="misfit"')
    assert bool(field) == ('aria-invalid="true"' in refused.text)
