"""The ways a journey may take, as the story asks for them."""

import pytest

from activities.domain.messages import Ended, Facts, NewsItem
from activities.domain.states import TaskState
from tests.workflows.desk import Desk
from tests.workflows.rows import Row

pytestmark = pytest.mark.temporal
NEEDED = ("confirm_application", "find_job", "support_socially")


async def test_who_is_identified_and_stays_gets_what_was_needed_and_granted(desk: Desk) -> None:
    """The whole path: nothing opened twice, nothing that nobody listed."""
    desk.rows.told = Facts(follow_up_rounds=2, services=NEEDED)
    desk.answers["approve_support"] = Ended(code="approved", flags=("hardship", "schooling"))
    desk.answers["pay_schooling"] = Ended(code="done", flags=("needs_funds",))
    desk.answers["pay_schooling#2"] = Ended(code="done")
    desk.answers["follow_up"] = Ended(code="needs")
    await desk.begin()
    assert await desk.until_closed() == "settled"
    opened = desk.rows.opened
    assert len(opened) == len(set(opened))
    assert {"issue_certificate", *NEEDED, "enrol_in_school", "pay_schooling#2", "pay_hardship_allowance"} <= {*opened}
    assert not {"arrange_training", "arrange_loan", "open_programmes", "explain_result", "escort_home"} & {*opened}
    assert ["follow_up", "follow_up#2", "close_journey"] == opened[-3:]
    assert ["settled"] == desk.rows.ends


async def test_a_child_in_danger_is_protected_planned_for_and_escorted_home(desk: Desk) -> None:
    """The danger of the reception is the first round; one raised later brings its own."""
    desk.answers |= {
        "receive_person": Ended(code="done", flags=("child", "danger")),
        "assess_danger": Ended(code="danger"),
        "record_choice": Ended(code="home"),
    }
    await desk.begin()
    await desk.answer("receive_person")
    await desk.opens("assess_danger")
    await desk.tell(NewsItem(code="danger", round=2))
    await desk.until_closed()
    wanted = {f"{kind}{n}" for kind in ("assess_danger", "request_protection", "protect_person") for n in ("", "#2")}
    assert wanted | {"plan_child_protection", "pay_journey_home", "escort_home"} <= set(desk.rows.opened)


async def test_who_is_not_identified_is_told_and_may_still_go_home(desk: Desk) -> None:
    """No community, no follow-up; the journey home stays a courtesy."""
    desk.rows.told = Facts(services=NEEDED)
    desk.answers |= {
        "identify_victim": Ended(code="not_identified"),
        "record_choice": Ended(code="home", flags=("cannot_pay",)),
        "close_journey": Ended(code="not_identified"),
    }
    await desk.begin()
    assert await desk.until_closed() == "not_identified"
    assert {"explain_result", "pay_journey_home"} <= set(desk.rows.opened)
    assert not {"issue_certificate", "follow_up", *NEEDED} & set(desk.rows.opened)


async def test_a_paper_that_proves_the_status_skips_the_identification(desk: Desk) -> None:
    """What was done on paper before is final as it opens, and nobody is asked."""
    desk.rows.firsts["check_information"] = Row(task="", state=TaskState.DONE, code="proven")
    desk.rows.told = Facts(services=("find_job",))
    await desk.begin()
    await desk.until_closed()
    assert not {"request_identification", "identify_victim"} & set(desk.rows.opened)
    assert "find_job" in desk.rows.opened
    assert desk.rows.rows["check_information"].answers == 0


async def test_a_centre_without_place_goes_back_to_the_choice_and_nobody_sets_out(desk: Desk) -> None:
    """The second Centre says yes; after the stay comes the way home."""
    desk.answers |= {
        "record_choice": Ended(code="centre", flags=("cannot_pay",)),
        "accept_at_centre": Ended(code="no_place"),
        "accept_at_centre#2": Ended(code="place"),
    }
    await desk.begin()
    await desk.until_closed()
    assert {"record_choice#2", "escort_to_centre#2", "leave_centre#2", "pay_journey_home"} <= set(desk.rows.opened)
    assert "escort_to_centre" not in desk.rows.opened


async def test_care_goes_on_as_long_as_the_last_visit_asks_for_another(desk: Desk) -> None:
    """And once more when the coordinator asks."""
    again = Ended(code="done", flags=("again",))
    desk.answers |= {"examine_health": again, "examine_health#3": Ended(code="done")}
    desk.answers["inform_of_rights"] = Ended(code="done", flags=("proceedings", "wants_legal_aid"))
    desk.answers["assess_needs"] = Ended(code="done", flags=("counselling",))
    await desk.begin()
    await desk.tell(NewsItem(code="again", kind="examine_health", round=101))
    await desk.until_closed()
    visits = [each for each in desk.rows.opened if each.startswith("examine_health")]
    assert {"examine_health", "examine_health#2", "examine_health#3", "examine_health#101"} == set(visits)
    assert {"refer_to_legal_aid", "protect_rights_in_proceedings", "counsel_person"} <= set(desk.rows.opened)


@pytest.mark.parametrize("home", [True, False])
async def test_a_withdrawal_midway_leaves_only_the_way_home(desk: Desk, home: bool) -> None:
    """Even when every task hears of it before the news does: the story reads the news once more before it ends."""
    await desk.begin()
    await desk.answer("receive_person")
    await desk.opens("assess_needs")
    await desk.opens("check_information")
    before = set(desk.rows.opened)
    await desk.withdraw(home=home)
    assert await desk.until_closed() == "withdrawn"
    way = {"pay_journey_home", "escort_home"} if home else set()
    assert way == {each for each in desk.rows.opened if desk.rows.rows[each].answers} - {"receive_person"}
    late = {each for each in set(desk.rows.opened) - before if desk.rows.rows[each].answers}
    assert way == late
    assert "close_journey" not in desk.rows.opened


async def test_two_lanes_that_want_the_same_way_home_share_one_task(desk: Desk) -> None:
    """The choice and a wish after the withdrawal may both ask for it; it is opened and followed once."""
    desk.answers["record_choice"] = Ended(code="home", flags=("cannot_pay", "labour_escorts"))
    await desk.begin()
    await desk.answer("receive_person")
    await desk.answer("record_choice")
    way = await desk.opens("pay_journey_home")
    await desk.opens("escort_home")
    await desk.tell(NewsItem(code="home"))
    await desk.until_closed()
    assert (1, ["open"]) == (desk.rows.opened.count("pay_journey_home"), way.whys)
