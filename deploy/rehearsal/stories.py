"""What happens to each synthetic person, decided before the first request: the same seed, the same stories."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from deploy.chance import chance
from deploy.rehearsal.people import Person, draw_person

COMMUNES = ("tri-an", "thien-tan", "phu-ly", "vinh-tan")
ALL_NEEDS = ("schooling", "vocational", "hardship", "job", "loan", "social", "programmes")
POOR = "poor_household"


@dataclass(frozen=True)
class Story:
    """One journey's script. `answers`: outcome fields by `kind` or `kind#round` that differ from the usual ones.

    `wish`: the choice the person states through the coordinator; empty: Labour writes it down itself. `danger_after`,
    `again_after`, `withdraws_after`: the kind after whose answer it happens. `refuses`: a service the person declines.
    """

    number: int
    name: str
    person: Person
    commune: str
    by: str  # who opens it: commune | police | coordinator
    child: bool = False
    foreigner: bool = False
    danger: bool = False
    wish: str = ""
    cannot_pay: bool = False
    papers: tuple[str, ...] = (POOR,)
    needs: tuple[str, ...] = ()
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}))
    refuses: str = ""
    danger_after: str = ""
    again_after: str = ""
    withdraws_after: str = ""
    home_after_withdrawal: bool = False


_AT_CENTRE: dict[str, Any] = {
    "answers": {"record_choice": {"choice": "centre", "cannot_pay": True}, "assess_needs": {"counselling": True}}
}
PLOTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("community", {"wish": "stay", "again_after": "examine_health"}),
    ("centre", _AT_CENTRE),
    ("child home", {"child": True, "wish": "home"}),
    ("danger", {"danger": True, "wish": "stay", "refuses": "arrange_loan"}),
    ("not identified", {"wish": "home", "cannot_pay": True, "answers": {
        "identify_victim": {"result": "not_identified"}, "close_journey": {"reason": "not_identified"}}}),
    ("proven by paper", {"wish": "stay", "answers": {"check_information": {"result": "proven"}}}),
    ("withdraws", {"withdraws_after": "assess_needs", "home_after_withdrawal": True}),
    ("Centre full", {"answers": {"record_choice": {"choice": "centre"}, "accept_at_centre": {"result": "no_place"},
                                 "record_choice#2": {"choice": "stay"}}}),
    ("foreigner", {"foreigner": True, "wish": "home", "cannot_pay": True, "papers": (),
                   "answers": {"close_journey": {"reason": "home"}}}),
    ("danger later", {"wish": "stay", "danger_after": "inform_of_rights"}),
    ("home at once", {"wish": "home", "cannot_pay": True, "needs": ("none",), "answers": {"close_journey": {"reason": "no_service"}}}),
    ("funds awaited", {"wish": "stay", "answers": {"pay_schooling": {"cost_line": ""}, "pay_hardship_allowance": {"cost_line": ""}}}),
    ("moves away", {"wish": "stay", "answers": {"follow_up": {"result": "moved"}, "close_journey": {"reason": "moved"}}}),
    ("stops", {"wish": "stay", "withdraws_after": "examine_health"}),
)  # fmt: skip


HALF = 0.5  # of the people have each need


def write_stories(journeys: int, seed: int) -> list[Story]:
    """So many stories, every plot in turn, people and needs drawn from the seed."""
    return [_story(number, seed) for number in range(1, journeys + 1)]


def _story(number: int, seed: int) -> Story:
    random = chance(seed, number)
    name, plot = PLOTS[(number - 1) % len(PLOTS)]
    needs = plot.get("needs") or tuple(need for need in ALL_NEEDS if random.random() < HALF)
    person = draw_person(random, number, child=bool(plot.get("child")), foreigner=bool(plot.get("foreigner")))
    given = {key: value for key, value in plot.items() if key != "needs"}
    by = random.choice(("commune", "commune", "police", "coordinator"))
    return Story(
        number=number,
        name=name,
        person=person,
        commune=random.choice(COMMUNES),
        by="coordinator" if name == "proven by paper" else by,  # who brings a paper comes to the lead agency
        needs=() if needs == ("none",) else needs or ("social",),
        **given,
    )
