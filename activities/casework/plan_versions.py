"""A new version of a plan: what nobody knew is set with its source, for journeys that start from now on."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import administration
from activities.casework.context import Office
from activities.casework.errors import ConflictError, FieldProblem, InvalidError, NotFoundError
from activities.casework.marks import changed
from activities.casework.permits import demand
from activities.plan.access import Actor, Verb
from activities.plan.checks import unknown_rules
from activities.plan.deadlines import BudgetError, parse_budget
from activities.plan.edits import Edit, EditError, with_edit
from activities.plan.load import PlanError, load_plan
from activities.plan.model import Plan
from activities.store.plans import PlanVersion


async def set_unknown(session: AsyncSession, office: Office, actor: Actor, hash_: str, edit: Edit) -> Plan:
    """Set one unknown rule of the plan in use, by a text edited at that entry, checked as any plan, kept as a new version.

    Running journeys keep theirs. ConflictError for a version that is not the one in use, or a rule that is not unknown.
    """
    demand(actor, Verb.ADMINISTER)
    row = await session.get(PlanVersion, hash_)
    if row is None:
        raise NotFoundError("plan-unknown")
    current = next((plan for plan in office.shelf.current if plan.code == row.code), None)
    if current is None or current.hash != hash_:
        raise ConflictError("plan-superseded", winner={"plan": current.hash if current else ""})
    if edit.path not in unknown_rules(current):
        raise ConflictError("rule-not-unknown", winner={"path": edit.path})
    _demand_sound(edit)
    body, plan = await asyncio.to_thread(_edited, row.body, edit)
    session.add(
        PlanVersion(
            hash=plan.hash, code=row.code, body=body, loaded_at=datetime.now(UTC), base=row.base or row.hash,
            edits=[*row.edits, edit.model_dump()],
        )
    )  # fmt: skip
    await changed(session, "plans")
    await administration.record(
        session, office, actor.officer_id, "plan-rule-set", edit.path, plan=row.code, was=hash_, hash=plan.hash,
        cites=edit.cites, budget=edit.budget,
    )  # fmt: skip
    return plan


def _demand_sound(edit: Edit) -> None:
    if not edit.cites.strip():
        raise _unusable("cites", "source-missing", "say which article says so")
    try:
        if edit.budget:
            parse_budget(edit.budget)
    except BudgetError:
        raise InvalidError("budget-invalid", example="P5WD") from None


def _edited(body: str, edit: Edit) -> tuple[str, Plan]:
    try:
        text = with_edit(body, edit)
        return text, load_plan(text)
    except EditError as error:
        raise _unusable("budget" if edit.budget else "path", error.code, str(error)) from None
    except PlanError as error:
        problems = tuple(FieldProblem((each.path,), each.code, each.message) for each in error.problems)
        raise InvalidError("plan-unusable", problems) from None


def _unusable(field: str, code: str, message: str) -> InvalidError:
    return InvalidError("plan-unusable", (FieldProblem((field,), code, message),))
