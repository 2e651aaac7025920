"""Plan versions as data: stages, kinds in their order, branches, clocks, sources, roles, and what nobody knows yet."""

from typing import Any

from sqlalchemy import select

from activities.casework.errors import NotFoundError
from activities.casework.locks import hold
from activities.plan.branches import ANY_MOMENT, BRANCHES, JOINS, Branch
from activities.plan.checks import unconfirmed_wording, unknown_rules
from activities.plan.model import Plan
from activities.store.plans import PlanVersion
from api.deps import Desk
from api.drawings import plan_words as words
from api.words import LANGUAGES


async def versions(desk: Desk) -> dict[str, Any]:
    """Every version there is, oldest first; `current`: the newest of its plan; `in_force`: journeys start under it today."""
    rows = await desk.session.scalars(select(PlanVersion).order_by(PlanVersion.loaded_at, PlanVersion.hash))
    return {"items": [_version(desk, hold(desk.session, row)) for row in rows], "next": None}


def _version(desk: Desk, row: PlanVersion) -> dict[str, Any]:
    plan = desk.office.shelf.by_hash.get(row.hash)
    current = row.hash in {each.hash for each in desk.office.shelf.current}
    in_force = row.hash == desk.office.shelf.on(desk.office.today()).hash
    facts = {
        "hash": row.hash, "code": row.code, "current": current, "in_force": in_force, "loaded_at": row.loaded_at,
        "edits": row.edits,
    }  # fmt: skip
    if plan is None:
        return facts
    own = {"title": plan.title.model_dump(), "regime": plan.regime, "since": plan.since, "until": plan.until}
    return facts | own | {"unknown": list(unknown_rules(plan))}


async def plan_of(desk: Desk, version: str) -> Plan:
    """A plan by hash, or by code the version in use; NotFoundError otherwise. A row that was read already is not asked for again."""
    for plan in desk.office.shelf.current:
        if version == plan.code:
            return plan
    if await desk.session.get(PlanVersion, version) is None:
        raise NotFoundError("plan-unknown")
    return await desk.office.shelf.ensure(desk.session, version)


def whole(desk: Desk, plan: Plan) -> dict[str, Any]:
    """The whole plan, without the organisations it was entered with."""
    names = {
        "code",
        "title",
        "regime",
        "since",
        "until",
        "territory",
        "lead",
        "roles",
        "stages",
        "follow_up_rounds",
        "hash",
    }
    facts: dict[str, Any] = plan.model_dump(mode="json", include=names)
    return facts | {
        "current": plan.hash in {each.hash for each in desk.office.shelf.current},
        "kinds": [
            each.model_dump(mode="json", exclude={"clock", "reply", "grace"})
            | {"clock": _clock(each.clock), "reply": _clock(each.reply), "grace": str(each.grace)}
            for each in plan.kinds
        ],
        "branches": [_branch(each) for each in BRANCHES],
        "joins": [{"to": each.to, "stages": list(each.stages)} for each in JOINS],
        "at_any_moment": {moment: list(kinds) for moment, kinds in ANY_MOMENT.items()},
        "unknown": list(unknown_rules(plan)),
        "wording_unconfirmed": list(unconfirmed_wording(plan)),
    }


def _branch(branch: Branch) -> dict[str, Any]:
    """One branch, with its words in both languages."""
    label = {language: words.answer(branch, language) for language in LANGUAGES}
    return {"from": branch.source, "answer": branch.answer, "also": list(branch.also), "to": branch.to, "label": label}


def _clock(timing: Any) -> dict[str, Any]:
    return {
        "budget": str(timing.budget) if timing.budget else None,
        "starts": timing.starts,
        "source": timing.source.model_dump(),
    }
