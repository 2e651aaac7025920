"""What stands in the drawing of a plan, in words: lengths of time, sources, and the answers branches hang on."""

from typing import get_args

from activities.agencies.registry import REGISTRY
from activities.domain.outcomes import CodeList, Outcome, notes
from activities.domain.text import Text
from activities.plan.branches import ANY_MOMENT, JOINS, Branch, parts_of
from activities.plan.deadlines import Budget, Unit
from activities.plan.model import Kind, Plan, Source, Timing
from api.citations import cited

UNITS = {
    Unit.HOURS: Text(vi="giờ", en="hours"),
    Unit.DAYS: Text(vi="ngày", en="days"),
    Unit.WORKING_DAYS: Text(vi="ngày làm việc", en="working days"),
    Unit.MONTHS: Text(vi="tháng", en="months"),
}
LOCAL = Text(vi="tự đặt", en="local")
UNKNOWN = Text(vi="CHƯA RÕ CĂN CỨ", en="SOURCE UNKNOWN")
FROM = Text(vi="từ việc", en="from no.")
DONE = Text(vi="xong", en="done")
REPORTER = Text(vi="Cơ quan tiếp nhận người đến", en="Whoever received the person")
PLACES = {
    "": Text(vi="", en=""),
    "reception": Text(vi=" (nơi tiếp nhận)", en=" (of reception)"),
    "residence": Text(vi=" (nơi cư trú)", en=" (of residence)"),
}
AFTER_ALL = Text(vi="Mọi việc đã xong", en="Everything has ended")
AFTER_STAGE = Text(vi="Mọi việc đã xong của phần", en="All has ended of")
MOMENTS = {
    "danger": Text(vi="Bất cứ lúc nào cán bộ báo nguy hiểm", en="An officer raises a danger, at any moment"),
    "home": Text(vi="Người được hỗ trợ xin dừng và muốn về", en="The person stops and wants the way home"),
}


def numbers(plan: Plan) -> dict[str, int]:
    """The number of each kind: its place in the plan, from 1."""
    return {kind.code: place for place, kind in enumerate(plan.kinds, 1)}


def length(budget: Budget, language: str) -> str:
    """`5 working days`."""
    unit = UNITS[budget.unit].in_(language)
    return f"{budget.count} {unit.removesuffix('s') if language == 'en' and budget.count == 1 else unit}"


def source(given: Source, language: str) -> str:
    """The article, or that it is our own choice, or that nobody knows."""
    return cited(given.cites, language) or (LOCAL if given.local else UNKNOWN).in_(language)


def clock(timing: Timing, plan: Plan, language: str) -> str:
    """Length, start and source of a clock in one line."""
    long = length(timing.budget, language) if timing.budget else "–"
    start = f" ({FROM.in_(language)} {numbers(plan)[timing.starts]})" if timing.starts != "opened" else ""
    return f"{long}{start} · {source(timing.source, language)}"


def holder(kind: Kind, plan: Plan, language: str) -> str:
    """Who answers for the kind."""
    role, _, place = kind.answerable.partition("@")
    if role == "reporter":
        return REPORTER.in_(language)
    return plan.role(role).label.in_(language) + PLACES[place].in_(language)


def answer(branch: Branch, language: str) -> str:
    """The answer a branch hangs on: what was answered, and what else is known of the person."""
    said = [branch.answer, *(each for each in branch.also if parts_of(each)[1] == "+")]
    return ", ".join(dict.fromkeys(filter(None, (_said(each, language) for each in said)))) or DONE.in_(language)


def _said(given: str, language: str) -> str:
    kind, mark, word = parts_of(given)
    if mark == "/":
        others = [each for each in _codes(REGISTRY[kind].outcome) if each.value != word]
        return " / ".join(_label(each, language) for each in others)
    return _word(REGISTRY[kind].outcome, word, language) if word else ""


def _word(outcome: type[Outcome], word: str, language: str) -> str:
    """The label of a code or a flag of a form."""
    for name, info in outcome.model_fields.items():
        if name == word:
            return str(notes(info)["x-label"][language])
    for name in outcome.model_fields:
        for member in _members(outcome, name):
            if member.value == word:
                return _label(member, language)
    return word


def _codes(outcome: type[Outcome]) -> list[CodeList]:
    """The codes of the field that decides."""
    deciding = (name for name, info in outcome.model_fields.items() if notes(info).get("x-deciding"))
    return next(members for name in deciding if (members := _members(outcome, name)))


def _members(outcome: type[Outcome], name: str) -> list[CodeList]:
    annotation = outcome.model_fields[name].annotation
    for each in (annotation, *get_args(annotation)):
        if isinstance(each, type) and issubclass(each, CodeList):
            return list(each)
    return []


def _label(member: CodeList, language: str) -> str:
    return member.en if language == "en" else member.vi


def footnotes(plan: Plan, language: str) -> list[str]:
    """What hangs on no single answer: joins, and what may happen at any moment; each with the numbers it opens."""
    number, stages = numbers(plan), {stage.code: stage.label.in_(language) for stage in plan.stages}
    told = []
    for join in JOINS:
        after = f"{AFTER_STAGE.in_(language)} {', '.join(stages[each] for each in join.stages)}" if join.stages else ""
        told.append(f"{after or AFTER_ALL.in_(language)} → {number[join.to]}")
    for moment, kinds in ANY_MOMENT.items():
        told.append(f"{MOMENTS[moment].in_(language)} → {', '.join(str(number[each]) for each in kinds)}")
    return told
