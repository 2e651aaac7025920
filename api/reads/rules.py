"""Every rule of a plan in words, with its source; and what differs between two versions."""

from dataclasses import dataclass

from activities.plan.checks import sourced
from activities.plan.model import Kind, Plan, Source, Timing
from api.drawings import plan_words as words
from api.words import in_language

ALONE = ("objection", "silent_after")  # lengths of the plan that are no task's clock


@dataclass(frozen=True)
class Rule:
    """One rule. `path`: as `unknown` names it; `about`: what it is a rule of; `part`: which, as a code; `value`: in words.

    `standing`: cites | local | unknown.
    """

    path: str
    about: str
    part: str
    value: str
    source: str
    standing: str


def rules(plan: Plan, language: str) -> list[Rule]:
    """All of them, in the order of the plan's text."""
    return [_rule(plan, path, source, language) for path, source in sourced(plan).items()]


def differences(old: Plan, new: Plan, language: str) -> list[tuple[Rule | None, Rule | None]]:
    """Rules as they were and as they are, where they differ; None where one version has no such rule."""
    was, now = ({each.path: each for each in rules(plan, language)} for plan in (old, new))
    paths = list(dict.fromkeys([*was, *now]))
    return [(was.get(path), now.get(path)) for path in paths if was.get(path) != now.get(path)]


def _rule(plan: Plan, path: str, source: Source, language: str) -> Rule:
    group, _, rest = path.partition(".")
    code, _, field = rest.partition(".")
    standing = "cites" if source.cites else "local" if source.local else "unknown"
    about, part, value = "", group, ""
    if group == "kinds":
        kind = plan.kind(code)
        about, part, value = kind.label.in_(language), field or "duty", _of_kind(plan, kind, field, language)
    elif group == "roles":
        about, part = plan.role(code).label.in_(language), "role"
    elif group == "organisations":
        own = next(each for each in plan.organisations if each.code == code)
        about, part, value = own.name.in_(language), "organisation", _of_role(plan, own.role, language)
    elif group in ALONE:
        value = words.length(getattr(plan, group).budget, language)
    elif group == "quiet":
        value = f"{plan.quiet.start:%H:%M}–{plan.quiet.end:%H:%M}"
    elif group == "digest":
        value = f"{plan.digest.at:%H:%M}"
    return Rule(path, about, part.replace(".", "-").replace("_", "-"), value, words.source(source, language), standing)


def _of_role(plan: Plan, code: str, language: str) -> str:
    return next((role.label.in_(language) for role in plan.roles if role.code == code), code)


def _of_kind(plan: Plan, kind: Kind, field: str, language: str) -> str:
    if field in ("clock", "reply"):
        timing: Timing = getattr(kind, field)
        return words.length(timing.budget, language) if timing.budget else "–"
    if field == "eligibility":
        return in_language(language, "eligibility:all" if kind.eligibility.foreigner else "eligibility:citizens")
    if field == "eligibility.papers_source":
        return ", ".join(in_language(language, f"paper:{each}") for each in kind.eligibility.papers) or "–"
    if field == "part":
        return ", ".join(in_language(language, f"identity:{each}") for each in kind.part.identity) or "–"
    return words.holder(kind, plan, language)
