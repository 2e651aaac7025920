"""Plan versions: every rule with its source, the drawing, what changed between two, and a rule nobody knew set with its source."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from activities.casework.errors import FieldProblem, NotFoundError
from activities.casework.permits import demand
from activities.casework.plan_versions import set_unknown
from activities.plan.access import Verb
from activities.plan.checks import unconfirmed_wording, unknown_rules
from api.deps import Desk
from api.drawings import plan_svg
from api.pages.administration.sheet import Sheet, ask, carry_out, checked, draw, given_of
from api.pages.show import show, to
from api.pages.visitor import Posted, Visits, in_language_of
from api.pages.wording import Wording
from api.reads import plans as reads
from api.reads import rules
from api.rest.plans import UnknownBody
from api.words import marked

ROOM = "/administration/plans"
BUDGET_HELP = marked("PT4H: hours; P3D: days; P5WD: working days; P12M: months. Empty: the length stays as it is.")
router = APIRouter(prefix=ROOM, include_in_schema=False)
Version = Annotated[str, Path(max_length=64, pattern=r"^[a-z0-9-]+$")]
RulePath = Annotated[str, Query(max_length=200)]


@router.get("")
async def listed(visitor: Visits) -> Response:
    """Every version of every plan."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.ADMINISTER)
        found = (await reads.versions(desk))["items"]
        return await show(visitor, desk, "administration/plans.html", versions=found)


@router.get("/wording")
async def wording(visitor: Visits) -> Response:
    """Labels no serving officer has confirmed, in both languages."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.ADMINISTER)
        plan = desk.office.shelf.on(desk.office.today())
        kinds = [plan.kind(code) for code in unconfirmed_wording(plan)]
        return await show(visitor, desk, "administration/wording.html", plan=plan, kinds=kinds)


@router.get("/{version}")
async def one(version: Version, visitor: Visits, against: Annotated[str, Query(max_length=64)] = "") -> Response:
    """One version; `against`: the hash of another it is compared with."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.ADMINISTER)
        versions = (await reads.versions(desk))["items"]  # first, so that none is asked for a second time
        plan = await reads.plan_of(desk, version)
        other = await reads.plan_of(desk, against) if against else None
        language = in_language_of(visitor, desk).language
        return await show(
            visitor, desk, "administration/plan.html", plan=plan, rules=rules.rules(plan, language), other=other,
            versions=versions, drawn=plan_svg.draw(plan, language),
            differences=rules.differences(other, plan, language) if other else [],
            current=plan.hash in {each.hash for each in desk.office.shelf.current},
        )  # fmt: skip


@router.get("/{version}/set")
async def set_form(version: Version, visitor: Visits, path: RulePath = "") -> Response:
    """The article that says so, and the length where it says another."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.ADMINISTER)
        plan = await reads.plan_of(desk, version)
        if plan.hash not in {each.hash for each in desk.office.shelf.current} or path not in unknown_rules(plan):
            raise NotFoundError("not-found")
        sheet = await _setting(desk, Wording(in_language_of(visitor, desk).language), version, path)
        return await draw(visitor, desk, sheet, {})


@router.post("/{version}/set")
async def set_rule(version: Version, visitor: Visits, form: Posted, path: RulePath = "") -> Response:
    """A new version, for journeys that start from now; running ones keep theirs."""
    given = given_of(form, ("cites", "budget"))

    async def work(desk: Desk) -> dict[str, Any]:
        slips = () if given["cites"] else (FieldProblem(("cites",), "source-missing", "say which article says so"),)
        body = checked(UnknownBody, given | {"path": path}, slips)
        return {"hash": (await set_unknown(desk.session, desk.office, desk.actor, version, body)).hash}

    done = await carry_out(
        visitor, form, f"rules/{version}/{path}", lambda desk, wording: _setting(desk, wording, version, path), given, work
    )  # fmt: skip
    return done if isinstance(done, Response) else to(f"{ROOM}/{done['hash']}?against={version}", "rule-set")


async def _setting(desk: Desk, wording: Wording, version: str, path: str) -> Sheet:
    plan = await reads.plan_of(desk, version)
    rule = next((each for each in rules.rules(plan, wording.language) if each.path == path), None)
    if rule is None:
        raise NotFoundError("not-found")
    told = (
        f"{rule.about}: {wording.said(rule.part, 'rule')}" + (f" ({rule.value})" if rule.value else ""),
        wording.gettext(marked("A new version of the plan is made, for journeys that start from now on. Running journeys keep theirs.")),
    )  # fmt: skip
    cites = ask(wording, "cites", marked("Article that says so"), required=True)
    budget = ask(wording, "budget", marked("Length it sets"), help_=BUDGET_HELP)
    title = wording.gettext(marked("Set with source"))
    fields = (cites, budget) if path.endswith((".clock", ".reply")) else (cites,)
    return Sheet(title, f"{ROOM}/{version}/set?path={path}", fields, title, (f"{ROOM}/{version}", plan.code), told)
