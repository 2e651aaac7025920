"""Done by us: where our own result stands, our next date, and for the lead and the commune what was granted and paid."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ScalarSelect, Select, String, and_, bindparam, case, func, select, tuple_
from sqlalchemy.orm import aliased

from activities.agencies.services import Benefit
from activities.casework.handing import PAYMENTS, voucher
from activities.domain.states import LIVE, TaskState
from activities.plan.access import Actor, Scope
from activities.store.corrections import Correction
from activities.store.journeys import Journey
from activities.store.organisations import Organisation
from activities.store.outbox import Command
from activities.store.scope import grants_within, in_states, tasks_within
from activities.store.tasks import Task
from api.cursors import cursor_of, read_cursor
from api.deps import Desk
from api.reads import tasks, work

APPROVAL, LOAN = "approve_support", "arrange_loan"
MOST = 20  # tasks named after an answer
ANSWERED = bindparam("answered", type_=String)  # the task that is shown, once it is done
GRANTS = (APPROVAL, LOAN, *PAYMENTS.values())


async def page(desk: Desk, cursor: str, limit: int) -> dict[str, Any]:
    """One page, newest first; a row says where our result stands, never the journey's stage or another agency's part."""
    wanted = _wanted(desk.actor)
    if cursor:
        wanted = wanted.where(tuple_(Task.ended_at, Task.id) < read_cursor(cursor))
    ordered = wanted.order_by(Task.ended_at.desc(), Task.id.desc()).limit(limit + 1)
    found = (await desk.session.execute(ordered, tasks.given(desk.office))).all()
    items = [_item(desk, *row) for row in found[:limit]]
    last = found[limit - 1][0] if len(found) > limit else None
    return {"items": items, "next": cursor_of(last.ended_at, last.id) if last and last.ended_at else None}


@lru_cache(maxsize=64)
def _wanted(actor: Actor) -> Select[*tuple[Any, ...]]:
    told, other = aliased(Task), aliased(Task)
    known = func.json_build_object("kind", told.kind, "outcome", told.outcome, "at", told.happened_at)
    granted = select(func.json_agg(known)).where(
        told.journey_id == Journey.id, told.kind.in_(GRANTS), told.state == TaskState.DONE
    )
    ours = select(func.min(other.due_at)).where(
        other.journey_id == Task.journey_id, other.organisation_id == Task.organisation_id, other.state.in_(list(LIVE))
    )
    return work.listed(actor, "done").add_columns(
        _waits(),
        _corrected(),
        ours.scalar_subquery(),
        case((grants_within(actor, tasks.TODAY), granted.scalar_subquery()), else_=None),
    )


def stands() -> Select[bool, str | None]:
    """Of the task that is shown: whether the story has its answer yet, and what a correction says of it."""
    return select(_waits(), _corrected()).where(Task.id == ANSWERED)


def opened_since(seen: Scope) -> Select[Task, Journey, Organisation]:
    """The live tasks that opened since it was answered, as far as a scope reaches."""
    own = aliased(Task)
    since = and_(own.journey_id == Task.journey_id, Task.opened_at >= own.ended_at)
    wanted = tasks.rows().join(own, and_(own.id == ANSWERED, since))
    return wanted.where(in_states(*LIVE), tasks_within(seen)).order_by(Task.due_at, Task.id).limit(MOST)


def after(desk: Desk, task: Task, answer: tuple[bool, str | None], opened: Sequence[Any]) -> dict[str, Any]:
    """What came of an answer, out of rows of `stands` and `opened_since`."""
    waits, corrected = answer
    return {
        "stands": corrected or ("sent" if waits else "accepted"),
        "next_date": next_date(desk, task),
        "opened": [tasks.shape(desk, *each) for each in opened],
    }


def _waits() -> Any:
    """The answer is kept, and the story has not heard of it yet."""
    return (
        select(Command.id)
        .where(Command.journey_id == Task.journey_id, Command.task_id == Task.id, Command.state != "done")
        .exists()
    )


def _corrected() -> ScalarSelect[str | None]:
    """What the last correction says of the result, if it says anything."""
    said = case(
        (and_(Correction.state == "proposed", Correction.objection), "objected"),
        (Correction.state == "proposed", "correction_asked"),
        (Correction.state == "applied", "corrected"),
        else_=None,
    )
    last = select(said).where(Correction.task_id == Task.id).order_by(Correction.at.desc(), Correction.id).limit(1)
    return last.scalar_subquery()


def _item(desk: Desk, *row: Any) -> dict[str, Any]:
    task, waits, corrected, due, granted = row[0], *row[3:]
    stands = corrected or ("sent" if waits else "accepted")
    return tasks.shape(desk, *row[:3]) | {
        "stands": stands if task.state is TaskState.DONE else task.state.value,
        "next_date": next_date(desk, task),
        "next_due": due,
        "grants": [each for told in granted or () if (each := _grant(desk, row[1], told))],
    }


def next_date(desk: Desk, task: Task) -> date | None:
    """The next day on which the agency has the person before it, by its own answer; None where there is none to come."""
    fields = desk.office.registry[task.kind].outcome.days_ahead()
    days = [(task.outcome or {}).get(name) for name in fields]
    ahead = sorted(day for text in days if text and (day := date.fromisoformat(text)) >= desk.office.today())
    return ahead[0] if ahead else None


def _grant(desk: Desk, journey: Journey, told: dict[str, Any]) -> dict[str, Any] | None:
    """A grant or a payment: services with their labels, or a sum; None where nothing was granted."""
    outcome = told["outcome"] or {}
    label = desk.office.shelf.by_hash[journey.plan_hash].kind(told["kind"]).neutral.model_dump()
    if told["kind"] == APPROVAL:
        services = [{"vi": each.vi, "en": each.en} for each in Benefit if each.value in outcome.get("services", [])]
        return {"label": label, "services": services, "amount": None} if services else None
    amount = outcome.get("amount") if told["kind"] == LOAN else voucher(outcome)["amount"]
    return {"label": label, "services": [], "amount": amount} if amount else None
