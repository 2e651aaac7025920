"""Which answer leads where: the branches of the plan as a table, to be drawn and checked against the stories.

An answer is written `kind` (it ended in any way), `kind!` (an agency answered), `kind=code` (with this code), `kind/code`
(it ended, but not with this code), `kind+flag` (answered with this flag) or `kind-flag` (it ended at last without the flag).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from activities.plan.model import Kind, Plan

_ANSWER = re.compile(r"([a-z_]+)([!=/+-]?)([a-z_]*)")


@dataclass(frozen=True)
class Ending:
    """How one round of a kind ended. `answered`: by an agency; else waived, declined or withdrawn."""

    answered: bool
    code: str = ""
    flags: frozenset[str] = frozenset()


Ended = Mapping[str, Mapping[int, Ending]]  # by kind and round


@dataclass(frozen=True)
class Branch:
    """After `answer`, and where all of `also` have ended so, `to` opens. What is said of one round is looked up in that round."""

    answer: str
    to: str
    also: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """The kind it leads from."""
        return parts_of(self.answer)[0]

    @property
    def always(self) -> bool:
        """Any answer leads there."""
        return parts_of(self.answer)[1] in ("", "!")

    def taken(self, ended: Ended) -> bool:
        """Whether the branch is taken once these have ended."""
        rounds = ended.get(self.source, {})
        return any(all(_holds(each, ended, round_) for each in (self.answer, *self.also)) for round_ in rounds)


@dataclass(frozen=True)
class Join:
    """`to` opens once every kind that opened in these stages has ended; none of them named: in all stages."""

    to: str
    stages: tuple[str, ...] = ()


def parts_of(answer: str) -> tuple[str, str, str]:
    """Kind, mark and code or flag of an answer."""
    found = _ANSWER.fullmatch(answer)
    if found is None:
        raise ValueError(f"`{answer}` is no answer")
    return found[1], found[2], found[3]


def _holds(answer: str, ended: Ended, round_: int) -> bool:
    """Whether the kind ended so in this round, or where it has no such round in any; `-` looks at all of its rounds."""
    kind, mark, word = parts_of(answer)
    known = ended.get(kind, {})
    if mark == "-":
        return any(word not in each.flags for each in known.values())
    looked_at = [known[round_]] if round_ in known else list(known.values())
    return any(_is(each, mark, word) for each in looked_at)


def _is(ending: Ending, mark: str, word: str) -> bool:
    return {
        "": True,
        "!": ending.answered,
        "=": ending.answered and ending.code == word,
        "/": not (ending.answered and ending.code == word),
        "+": ending.answered and word in ending.flags,
    }[mark]


def _community() -> Iterator[Branch]:
    """What the needs list opens once the person is entitled, the residence is looked at and counselling has ended."""
    opened = {
        "schooling": "confirm_application", "vocational": "confirm_application", "hardship": "confirm_application",
        "job": "find_job", "loan": "arrange_loan", "social": "support_socially", "programmes": "open_programmes",
    }  # fmt: skip
    for entitled in (("check_information=proven", "check_records"), ("issue_certificate",)):
        for counsel in ("assess_needs-counselling", "counsel_person-again"):
            for need, kind in opened.items():
                yield Branch(f"assess_needs+{need}", kind, (*entitled, "confirm_residence", counsel))


AT_ONCE = (
    "meet_essential_needs", "check_information", "check_records", "confirm_residence", "assess_needs", "record_choice",
    "examine_health", "inform_of_rights",
)  # fmt: skip

BRANCHES: tuple[Branch, ...] = (
    *(Branch("receive_person", kind) for kind in AT_ONCE),
    Branch("receive_person+child", "plan_child_protection"),
    Branch("receive_person+danger", "assess_danger"),
    Branch("check_information/proven", "request_identification", ("check_records",)),
    Branch("request_identification!", "identify_victim"),
    Branch("identify_victim=identified", "issue_certificate"),
    Branch("identify_victim=not_identified", "explain_result"),
    Branch("assess_danger=danger", "request_protection"),
    Branch("request_protection!", "protect_person"),
    Branch("assess_needs+counselling", "counsel_person", ("confirm_residence",)),
    *_community(),
    Branch("record_choice=centre", "refer_to_centre"),
    Branch("record_choice=home", "pay_journey_home", ("record_choice+cannot_pay",)),
    Branch("record_choice=home", "pay_journey_home", ("receive_person+child",)),
    Branch("record_choice=home", "escort_home", ("record_choice+labour_escorts",)),
    Branch("record_choice=home", "escort_home", ("receive_person+child",)),
    Branch("refer_to_centre!", "accept_at_centre"),
    Branch("accept_at_centre=place", "escort_to_centre"),
    Branch("accept_at_centre=no_place", "record_choice"),
    Branch("accept_at_centre=not_ours", "record_choice"),
    Branch("escort_to_centre", "confirm_arrival"),
    Branch("confirm_arrival=arrived", "leave_centre"),
    Branch("leave_centre!", "pay_journey_home", ("record_choice+cannot_pay",)),
    Branch("leave_centre!", "pay_journey_home", ("receive_person+child",)),
    Branch("leave_centre!", "escort_home", ("receive_person+child",)),
    Branch("pay_journey_home+needs_funds", "confirm_funds"),
    Branch("examine_health+again", "examine_health"),
    Branch("counsel_person+again", "counsel_person"),
    Branch("inform_of_rights+wants_legal_aid", "refer_to_legal_aid"),
    Branch("inform_of_rights+proceedings", "protect_rights_in_proceedings"),
    Branch("confirm_application=confirmed", "appraise_support"),
    Branch("appraise_support", "approve_support"),
    Branch("approve_support+schooling", "enrol_in_school", ("approve_support=approved",)),
    Branch("approve_support+schooling", "pay_schooling", ("approve_support=approved",)),
    Branch("approve_support+vocational", "arrange_training", ("approve_support=approved",)),
    Branch("approve_support+hardship", "pay_hardship_allowance", ("approve_support=approved",)),
    Branch("pay_schooling+needs_funds", "confirm_funds"),
    Branch("pay_hardship_allowance+needs_funds", "confirm_funds"),
    Branch("follow_up=needs", "follow_up"),
    Branch("follow_up=at_risk", "follow_up"),
)
JOINS = (Join("follow_up", ("community",)), Join("close_journey"))
ANY_MOMENT = {
    "danger": ("assess_danger",),
    "home": ("pay_journey_home", "escort_home"),
}  # raised by an officer; the person stops


def opened_at(moment: str, plan: Plan) -> list[Kind]:
    """The kinds of the plan that open at such a moment (of ANY_MOMENT), whatever stage the journey is in."""
    return [kind for kind in plan.kinds if kind.code in ANY_MOMENT[moment]]


def certain(known: Iterable[str]) -> set[str]:
    """Kinds the plan opens from where it is, whatever anybody answers; `known`: those that opened."""
    found = set(known)
    while True:
        opened = {each.to for each in BRANCHES if each.source in found and not each.also and each.always}
        if opened <= found:
            return found | {each.to for each in JOINS}
        found |= opened
