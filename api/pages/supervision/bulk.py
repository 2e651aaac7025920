"""One act on many rows: chosen, seen row by row before it is done, done some at a time, with a result for each row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, HTTPException, Response
from starlette.datastructures import FormData

from activities.casework.errors import CaseError
from activities.casework.foreseeing import Foreseen, foreseen
from activities.casework.permits import demand
from activities.domain.reasons import REASONS
from activities.plan.access import Verb
from api.deps import number_in
from api.errors import AnsweredError
from api.pages.show import show, within
from api.pages.supervision.acts import BULK, FIELDS, LABELS, UNITS, carry_out, problems_of, typed_of
from api.pages.visitor import Posted, Visitor, Visits, in_language_of
from api.pages.wording import Wording
from api.reads import agencies, tasks

router = APIRouter(prefix="/board/bulk")
MOST = 50  # rows one page offers
AT_ONCE = 20  # rows one request does: the rest go on with the next press


@dataclass(frozen=True)
class Chosen:
    """A row that was chosen: as it was drawn (`revision`), and what would come or came of it, or why not."""

    task: str
    revision: int
    shape: dict[str, Any]
    effect: Foreseen | None = None
    refusal: CaseError | None = None
    done: bool = False

    @property
    def mark(self) -> str:
        """How a form names it."""
        return f"{self.task}@{self.revision}"


@router.post("")
async def bulk(visitor: Visits, form: Posted) -> Response:
    """The fields of the act, then what it would do to each row, then the doing."""
    act, step = str(form.get("act", "")), str(form.get("step", ""))
    if act not in BULK:
        raise HTTPException(404)
    given = dict.fromkeys(LABELS, "") | {"unit": "wd"} | ({} if not step else typed_of(form))
    if step == "do":
        return await _do(visitor, form, act, given)
    rows = await _rows(visitor, _ids(form))
    if step == "preview":
        rows = [await _foreseen(visitor, act, row, given) for row in rows]
    return await _page(visitor, form, act, given, rows, step=step)


def _ids(form: FormData) -> list[str]:
    whole = form.get("all") or form.get("step") == "edit"
    chosen = form.getlist("shown" if whole else "task")
    return list(dict.fromkeys(str(each).partition("@")[0] for each in chosen))[:MOST]


async def _rows(visitor: Visitor, ids: list[str]) -> list[Chosen]:
    """The chosen rows the caller may know of, soonest due first, as they are now: what ended meanwhile is told as well."""
    async with visitor.desk() as desk:
        demand(desk.actor, Verb.READ_BOARD)
        found = (await tasks.page(desk, tasks.chosen(desk, ids), "", MOST))["items"]
    return [Chosen(each["id"], each["revision"], each) for each in found]


async def _foreseen(visitor: Visitor, act: str, row: Chosen, given: dict[str, str]) -> Chosen:
    """What it would do. Each row in a transaction of its own: one that is refused spoils no other, none waits for another's lock."""
    try:
        async with visitor.desk() as desk:
            work = partial(carry_out, desk, act, row.task, row.revision, given)
            return replace(row, effect=await foreseen(desk.session, desk.office, row.task, work))
    except CaseError as refusal:
        return replace(row, refusal=refusal)


async def _done(visitor: Visitor, act: str, row: Chosen, given: dict[str, str], key: str) -> Chosen:
    """The act itself, once a key."""
    try:
        async with visitor.desk() as desk:

            async def work() -> dict[str, Any]:
                await carry_out(desk, act, row.task, row.revision, given)
                return {"act": act}

            await desk.once(f"{key}/{row.task}", f"act/{act}/{row.task}", given, 200, work)
    except AnsweredError:
        pass
    except CaseError as refusal:
        return replace(row, refusal=refusal)
    return replace(row, done=True)


async def _do(visitor: Visitor, form: FormData, act: str, given: dict[str, str]) -> Response:
    marks = list(dict.fromkeys(str(each) for each in form.getlist("task")))[:MOST]
    now = {row.task: row for row in await _rows(visitor, [each.partition("@")[0] for each in marks])}
    drawn = [(task, number_in(revision)) for task, _, revision in (each.partition("@") for each in marks)]
    wanted = [replace(now[task], revision=revision) for task, revision in drawn if task in now and revision is not None]
    first, rest = wanted[:AT_ONCE], wanted[AT_ONCE:]
    key = str(form.get("key", "")) or str(uuid4())
    done = [await _done(visitor, act, row, given, key) for row in first]
    so_far = (number_in(str(form.get("so_far", ""))) or 0) + len(marks) - len(rest)
    return await _page(visitor, form, act, given, done, step="done", rest=rest, so_far=so_far, key=key)


async def _page(
    visitor: Visitor,
    form: FormData,
    act: str,
    given: dict[str, str],
    rows: list[Chosen],
    *,
    step: str,
    rest: Sequence[Chosen] = (),
    so_far: int = 0,
    key: str = "",
) -> Response:
    """`step`: empty (the fields), preview, or done. What concerns the fields themselves stands beside them."""
    async with visitor.desk() as desk:
        wording = Wording(in_language_of(visitor, desk).language)
        problems = problems_of(rows[0].refusal, wording) if rows and rows[0].refusal and step == "preview" else {}
        same = bool(problems) and all(row.refusal and problems_of(row.refusal, wording) == problems for row in rows)
        return await show(
            visitor, desk, "supervisor/bulk.html", 422 if same else 200, act=act, fields=FIELDS[act], given=given, rows=rows,
            reasons=REASONS[act], grounds=(), units=UNITS, problems=problems if same else {}, step="" if same else step,
            labels={name: wording.gettext(label) for name, label in LABELS.items()}, rest=rest, so_far=so_far,
            key=key or str(uuid4()), back=within(str(form.get("back", "/board/rows"))),
            candidates=await agencies.candidates(desk) if act == "reassign" else (),
        )  # fmt: skip
