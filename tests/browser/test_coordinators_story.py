"""The coordinator's story: a child comes, the journey is opened and followed, the person is heard, and it ends as they wish."""

import re
from uuid import uuid4

import pytest
from playwright.async_api import expect

from deploy.local.supervisor import Stack
from tests.browser.conftest import Sit
from tests.browser.seats import PHONE, WIDE
from tests.browser.stage import send_back
from tests.browser.telling import Teller

pytestmark = pytest.mark.xdist_group("browser")
PLAN = {
    "vi": {
        "commune": "xã Trị An", "doctors": "Trung tâm Y tế huyện Vĩnh Cửu", "reception": "Tiếp nhận", "needs": "Hỗ trợ nhu cầu thiết yếu",
        "lodging": "Chỗ ở tạm thời", "records": "Đối chiếu thông tin", "rights": "Phổ biến pháp luật, quyền lợi",
        "health": "Khám, chữa bệnh", "counsel": "Tư vấn, hỗ trợ tâm lý", "choice": "Ghi nhận nguyện vọng",
    },
    "en": {
        "commune": "Trị An commune", "doctors": "Medical Centre of Vĩnh Cửu", "reception": "Reception", "needs": "Meet essential needs",
        "lodging": "Lodging", "records": "Check the records", "rights": "Inform of rights", "health": "Examine and treat",
        "counsel": "Counsel the person", "choice": "Record the person's choice",
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("size", "language", "script"), [(PHONE, "vi", True), (WIDE, "vi", False), (PHONE, "en", False), (WIDE, "en", True)]
)
async def test_a_child_is_received_followed_and_heard(
    stack: Stack, sit: Sit, size: dict[str, int], language: str, script: bool
) -> None:  # fmt: skip
    """From the sign-in to the closed journey, without a manual and without JavaScript."""
    page = await sit("labour-division.coordinator", size=size, language=language, script=script)
    told, says = await Teller.at(page, language, "My work", script=script), PLAN[language]
    reference = await start(told, says)
    await see_where_it_is(told, says)
    await answer_own_task(told, says)
    await send_back(stack, reference)
    await put_right_what_was_returned(told, says, reference)
    await record_what_the_person_wants(told, says)
    await see_what_happened(told, reference)
    await close(told, says)


async def start(told: Teller, says: dict[str, str]) -> str:
    """The five steps of the start, and the slip; the reference on it."""
    await told.follow("Journeys")
    await told.follow("Start a journey")
    await told.press("Begin")
    name = f"Nguyễn Thị Thử {uuid4().hex[:6]}"
    await told.write("identity:full_name", name)
    await told.press("Go on")
    await told.choose("Commune where the person is received", says["commune"])
    await told.tick("way:self_returned")
    await told.tick("A child (under 18)")
    await told.press("Go on")
    await told.write("For what", "Khám sức khỏe")
    await told.unfold("Who may learn of it")
    await told.tick(says["doctors"])
    await told.press("Go on")
    await told.press("Go on")
    for read_back in (name, says["commune"], "Khám sức khỏe"):
        await told.sees(read_back)
    await told.press("Open the journey")
    await told.sees("The journey is open")
    await told.can_be_read()
    reference = await told.page.get_by_text(re.compile(r"^HW-")).inner_text()
    await told.follow("To the journey")
    await expect(told.page.get_by_role("heading", level=1, name=reference)).to_be_visible()
    return reference


async def see_where_it_is(told: Teller, says: dict[str, str]) -> None:
    """The stages of the plan with every open task: who has it, until when."""
    for task in ("needs", "records", "rights", "health"):
        await told.waits_for(told.page.get_by_role("link", name=says[task], exact=True))
    await expect(told.page.get_by_role("heading", name=says["reception"])).to_be_visible()
    await expect(told.row(says["health"], says["doctors"])).to_contain_text(told.word("state:open"))


async def answer_own_task(told: Teller, says: dict[str, str]) -> None:
    """The lead agency's own task, answered where it stands, and back to the journey."""
    await told.follow(says["needs"])
    await told.tick(says["lodging"])
    await told.press("Review and send")
    await told.sees(says["lodging"])
    await told.can_be_read()
    await told.press("Send")
    await told.hears("answer-sent")
    await told.can_be_read()


async def put_right_what_was_returned(told: Teller, says: dict[str, str], reference: str) -> None:
    """The police lack facts: the coordinator says them and sends the task once more."""
    await told.follow(reference)
    returned = told.row(says["records"], told.word("return:missing_facts"))
    await told.waits_for(returned)
    await told.follow(says["records"])
    await told.sees("Returned")
    await told.unfold("Answer the return")
    await told.tick("decide:resend")
    await told.write("Why", "Người đó khai ở xã Trị An từ năm 2019.")
    await told.press("Answer the return")
    await told.hears("decide-done")
    await told.follow(reference)
    await expect(told.row(says["records"])).to_contain_text(told.word("state:open"))


async def record_what_the_person_wants(told: Teller, says: dict[str, str]) -> None:
    """Where they want to be, which service they do not want, one more visit of another."""
    await told.unfold("The person's wish: Centre, home or stay")
    await told.tick("wish:stay")
    await told.press("Record the wish")
    await told.hears("wish-recorded")
    await expect(told.row(says["choice"])).to_contain_text(told.word("state:done"))
    await told.unfold("The person does not want a service")
    await told.choose("Service", says["rights"])
    await told.press(
        "Go on", told.page.get_by_role("group").filter(has_text=told.word("The person does not want a service"))
    )
    await told.sees("sure:refuse_service")
    await told.sees(says["rights"])
    await told.can_be_read()
    await told.press("Yes, record it")
    await told.hears("wish-recorded")
    await expect(told.row(says["rights"])).to_contain_text(told.word("state:declined"))
    await told.unfold("Once more: a visit, an examination …")
    await told.choose("Task", says["counsel"])
    await told.press("Ask once more")
    await told.hears("asked-again")
    again = f"{says['counsel']} ({told.word('once more, %(number)s', number=1)})"
    await told.waits_for(told.page.get_by_role("link", name=again, exact=True))


async def see_what_happened(told: Teller, reference: str) -> None:
    """Newest first, who and why; only the wishes, when that is the question."""
    await told.follow("What happened")
    happened = await told.page.get_by_role("main").inner_text()
    order = [
        happened.index(told.word(f"event:{event}")) for event in ("task-declined", "task-returned", "journey-opened")
    ]
    assert sorted(order) == order
    await told.follow("about:wish")
    await expect(told.page.get_by_role("main").get_by_role("listitem")).to_have_count(2)
    await told.follow(reference)


async def close(told: Teller, says: dict[str, str]) -> None:
    """Why the plan does not close it yet; the person's wish to stop does, and the journey may be opened again."""
    await told.unfold("Close the journey")
    await told.sees(
        "It cannot be closed yet: closing is the last task of the plan and opens for you when these have ended. Only the person's own wish to stop ends it sooner."
    )
    await told.unfold("The person asks to stop")
    await told.press("Go on", told.page.get_by_role("group").filter(has_text=told.word("but wants the way home")))
    await told.sees("sure:withdraw")
    await told.sees(says["health"])
    await told.press("Yes, record it")
    await told.hears("wish-recorded")
    await told.waits_for(told.page.get_by_text(re.compile(re.escape(told.word("closing:withdrawn")))))
    await told.sees("Open it again")
    await told.can_be_read()
