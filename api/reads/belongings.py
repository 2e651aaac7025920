"""All that belongs to one task, asked in one question: its clock, its ladder, its hands, and what its page shows beside them."""

from functools import lru_cache

from sqlalchemy import select

from activities.casework import comments
from activities.casework.permits import of_task
from activities.domain.states import LIVE, TaskState
from activities.plan.access import Scope, Verb, may, scope
from activities.store.comments import Comment
from activities.store.journeys import Journey
from activities.store.tasks import Decision, Extension, PauseRow, Rung, Task
from activities.store.together import Answers, Together
from api.deps import Desk
from api.reads import absences, asked, attachments, choices, contacts, corrections, earlier, endings, results, rungs
from api.reads.comments import WRITTEN
from api.reads.tasks import THIS, given, journey_shape

COMMENTS = 50  # as many stand on the page of a task

OF_TASK = {
    "pauses": select(PauseRow).where(PauseRow.task_id == THIS).order_by(PauseRow.since),
    "extensions": select(Extension).where(Extension.task_id == THIS).order_by(Extension.at),
    "decisions": select(Decision).where(Decision.task_id == THIS).order_by(Decision.at),
    "rungs": rungs.ROWS.where(Rung.task_id == THIS),
    "holder": absences.HOLDER,
    "answered_by": absences.ANSWERED_BY,
    "away": absences.AWAY,
    "handed": absences.HANDED,
    "earlier": earlier.ANSWERED,
    "offices": contacts.OFFICES,
    "corrections": corrections.OF_TASK,
    "requests": asked.REQUESTS,
    "reminders": asked.REMINDERS,
    "chain": asked.CHAIN,
}


async def belongings(desk: Desk, task: Task, journey: Journey) -> Answers:
    """What the task itself has."""
    return await _of_task().ask(desk.session, _given(desk, task, journey))


async def with_page(desk: Desk, task: Task, journey: Journey) -> Answers:
    """The same with what stands around the answer on its page; nothing of what is not the caller's to see or to do."""
    subject, live = of_task(journey, task), task.state in LIVE
    hands_on = live and any(may(desk.actor, verb, subject).allowed for verb in (Verb.DELEGATE, Verb.ASK))
    sends_on = hands_on or task.state is TaskState.RETURNED
    files = may(desk.actor, Verb.READ_ATTACHMENT, subject).allowed
    around = {
        "filed": task.id if files else None,
        "colleagues_of": desk.actor.organisation_id if hands_on else None,
        "territory": desk.actor.territory if sends_on else None,
        "answered": task.id if task.state is TaskState.DONE else None,
        "unanswered": task.id if task.state in endings.UNANSWERED and journey_shape(desk, journey, task.kind) else None,
    }
    asked_with = _given(desk, task, journey) | choices.places(desk) | comments.reader(desk.actor, subject) | around
    return await _with_page(scope(desk.actor)).ask(desk.session, asked_with)


def _given(desk: Desk, task: Task, journey: Journey) -> dict[str, object]:
    return given(desk.office) | {
        "task": task.id,
        "journey": journey.id,
        "earlier": earlier.needed(desk, task, journey),
        "offices": (task.organisation_id, journey.lead_id),
        "reminded": task.id if asked.hears_reminders(desk, task, journey) else None,
    }


@lru_cache(maxsize=1)
def _of_task() -> Together:
    return Together(**OF_TASK)


@lru_cache(maxsize=128)
def _with_page(seen: Scope) -> Together:
    return Together(
        **OF_TASK, files=attachments.OF_TASK, said=WRITTEN.where(Comment.task_id == THIS).limit(COMMENTS + 1), colleagues=choices.COLLEAGUES,
        others=choices.OTHERS, stands=results.stands(), opened=results.opened_since(seen), unanswered=endings.LAST,
    )  # fmt: skip
