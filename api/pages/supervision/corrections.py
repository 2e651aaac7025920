"""A correction that waits for two people: what stood, what should stand, who relied on it, what would follow; and the decision."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Response

from activities.casework.agreements import asked_again
from activities.casework.correction_decisions import decide_correction
from activities.casework.errors import CaseError, NotFoundError
from api.deps import Desk
from api.errors import AnsweredError, status_of
from api.pages.forms.drawn import draw
from api.pages.show import show, to
from api.pages.supervision.acts import LONGEST, grants, problems_of
from api.pages.tasks.correcting import changes_of
from api.pages.tasks.drawing import key_of
from api.pages.visitor import Posted, Visitor, Visits, in_language_of
from api.pages.wording import Wording
from api.reads import corrections, tasks
from api.words import marked
from workflows.foresight import foresee

router = APIRouter(prefix="/board/corrections/{correction_id}")
LABELS = {"grant": marked("Decision"), "reason": marked("Reason, told to the agency")}


@router.get("")
async def one(correction_id: str, visitor: Visits) -> Response:
    """One correction; with its form for whoever it waits for."""
    async with visitor.desk() as desk:
        return await _page(visitor, desk, correction_id, {})


@router.post("")
async def send(correction_id: str, visitor: Visits, form: Posted) -> Response:
    """Agree to the effect that was shown, or refuse with a reason; what was typed stays if that cannot be done."""
    typed = {name: str(form.get(name, "")).strip()[:LONGEST] for name in LABELS}
    said = list[str]()
    try:
        async with visitor.desk() as desk:

            async def work() -> dict[str, str]:
                made = await decide_correction(
                    desk.session, desk.office, desk.actor, correction_id,
                    grant=grants(typed), reason=typed["reason"], digest=str(form.get("effect", "")), foresee=foresee,
                )  # fmt: skip
                again = "correction-asked-again" if asked_again(made) else "correction-agreed"
                said.append(again if made.state == "proposed" else f"correction-{made.state}")
                return {"said": said[0]}

            await desk.once(key_of(form), f"page/correction/{correction_id}", typed, 200, work)
    except AnsweredError as again:
        said = [str(again.before.body["said"])]
    except NotFoundError:
        raise
    except CaseError as refusal:
        async with visitor.desk() as desk:
            return await _page(visitor, desk, correction_id, typed, refusal)
    return to("/board/requests", said[0])


async def _page(
    visitor: Visitor, desk: Desk, correction_id: str, typed: dict[str, str], refusal: CaseError | None = None
) -> Response:
    asked = await corrections.one(desk, correction_id)
    _, row, journey, organisation, _ = asked
    found = await corrections.detail(desk, asked)
    plan = await desk.office.shelf.ensure(desk.session, journey.plan_hash)
    wording = Wording(in_language_of(visitor, desk).language)
    controls = draw(desk.office.registry[row.kind].outcome, wording.language)
    facts: dict[str, Any] = {
        "correction": found, "task": tasks.shape(desk, row, journey, organisation), "changes": changes_of(plan, found["effect"], row.kind),
        "differs": [each for each in controls if each.name in found["fields"]],
        "times": [datetime.fromisoformat(found[each]) if found.get(each) else None for each in ("happened_before", "happened_at")],
        "own": found["by_id"] == desk.officer.id, "given": dict.fromkeys(LABELS, "") | typed, "key": str(uuid4()),
        "labels": {name: wording.gettext(label) for name, label in LABELS.items()},
        "refusal": refusal, "problems": problems_of(refusal, wording, LABELS) if refusal else {},
    }  # fmt: skip
    return await show(visitor, desk, "supervisor/correction.html", status_of(refusal) if refusal else 200, **facts)
