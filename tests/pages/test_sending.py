"""A form that is sent while the network is away stays where it is and says so; where an answer comes it is followed as a browser follows it."""

import re

from playwright.async_api import BrowserContext, FilePayload, Locator, Page, Route, expect
from sqlalchemy import func, select

from activities.domain.states import TaskState
from activities.store.attachments import Attachment
from activities.store.comments import Comment
from activities.store.engine import Sessions
from activities.store.tasks import Task
from tests.build.files import pdf
from tests.pages.standing import DOCTOR, Opens, opens, reported
from tests.pages.window import address, sits, window

__all__ = ["address", "opens", "reported", "window"]
WORDS = "đã gọi cho gia đình\nchưa ai nghe máy"
UNSENT = "The server did not answer"
PDF: FilePayload = {"name": "phieu.pdf", "mimeType": "application/pdf", "buffer": pdf()}


async def unfolds(page: Page, act: str) -> None:
    """Open a short form."""
    await page.locator("summary").filter(has_text=re.compile(f"^{act}$")).click()


async def fails(window: BrowserContext, page: Page, button: Locator) -> None:
    """Press it while the network is away: the page says so beside it, and the network comes back."""
    at = page.url
    await window.set_offline(True)
    await button.click()
    await expect(page.get_by_role("alert").filter(has_text=UNSENT)).to_be_visible()
    assert at == page.url
    await expect(button).to_be_enabled()
    await window.set_offline(False)


async def count(sessions: Sessions, table: type[Comment | Attachment]) -> int:
    """How many rows there are."""
    async with sessions() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_an_answer_survives_the_network(window: BrowserContext, opens: Opens, sessions: Sessions) -> None:
    """At the form and at its readback: nothing is lost, the second press sends it, and what was done is where the reader begins."""
    task = await opens("examine_health")
    page = await sits(window, DOCTOR, f"/tasks/{task}")
    done = page.get_by_label("It took place")
    await done.check()
    review = page.get_by_role("button", name="Review and send")
    await fails(window, page, review)
    await expect(done).to_be_checked()
    await review.click()
    await expect(page).to_have_title(re.compile("^Review"))
    await expect(page.get_by_role("heading", level=1)).to_be_focused()
    send = page.get_by_role("button", name="Send", exact=True)
    await fails(window, page, send)
    await expect(page.get_by_role("definition").filter(has_text="Yes").first).to_be_visible()
    await send.click()
    await expect(page).to_have_url(re.compile(r"said="))
    async with sessions() as session:
        assert TaskState.DONE is (await session.get_one(Task, task)).state


async def test_a_short_form_survives_the_network(window: BrowserContext, opens: Opens, sessions: Sessions) -> None:
    """A return with its note: the field keeps it, and closing the page still asks."""
    task = await opens("examine_health")
    page = await sits(window, DOCTOR, f"/tasks/{task}")
    await unfolds(page, "Return it")
    form = page.locator("form[action$='/return']")
    await form.get_by_role("radio").first.check()
    note = form.get_by_label("Note for the coordinator")
    await note.fill("thiếu địa chỉ")
    await fails(window, page, form.get_by_role("button"))
    await expect(note).to_have_value("thiếu địa chỉ")
    await form.get_by_role("button").click()
    await expect(page.get_by_role("status").get_by_text("Returned to the coordinator.")).to_be_focused()
    async with sessions() as session:
        assert TaskState.RETURNED is (await session.get_one(Task, task)).state


async def test_a_comment_whose_answer_was_lost_is_written_once(
    window: BrowserContext, opens: Opens, sessions: Sessions
) -> None:
    """It arrived, the answer did not: nobody can tell, so it is sent again, and the key keeps the second from counting."""
    page = await sits(window, DOCTOR, f"/tasks/{await opens('examine_health')}")
    await unfolds(page, "Write a comment")
    await page.get_by_label("What you write").fill(WORDS)
    await page.get_by_role("checkbox", name="The coordinator").check()

    async def lose(route: Route) -> None:
        await route.fetch(max_redirects=0)
        await route.abort("connectionreset")

    await page.route("**/comment", lose)
    await page.get_by_role("button", name="Send the comment").click()
    await expect(page.get_by_role("alert").filter(has_text=UNSENT)).to_be_visible()
    await expect(page.get_by_label("What you write")).to_have_value(WORDS)
    assert 1 == await count(sessions, Comment)
    await page.unroute("**/comment", lose)
    await page.get_by_role("button", name="Send the comment").click()
    await expect(page.locator("#said").get_by_role("paragraph")).to_be_focused()
    assert 1 == await count(sessions, Comment)


async def test_a_refusal_is_a_page_of_its_own_in_the_history(window: BrowserContext, opens: Opens) -> None:
    """Its title, its focus and its words are those of the page without script; back is the page before, forward is no dead end."""
    at = f"/tasks/{await opens('examine_health')}"
    page = await sits(window, DOCTOR, at)
    await unfolds(page, "Write a comment")
    await page.get_by_label("What you write").fill(WORDS)
    await page.get_by_role("button", name="Send the comment").click()
    await expect(page.get_by_role("alert").first).to_be_focused()
    await expect(page.get_by_label("What you write")).to_have_value(WORDS)
    await page.evaluate("location.hash = 'files'")  # as a link within the page does
    await page.go_back()
    await expect(page.get_by_label("What you write")).to_have_value(WORDS)
    async with page.expect_request(f"**{at}"):
        await page.go_back()
    await expect(page.get_by_role("alert")).to_have_count(0)
    await expect(page.get_by_label("What you write")).to_have_value("")
    async with page.expect_request(f"**{at}*"):
        await page.go_forward()
    await expect(page.get_by_role("heading", level=1)).to_be_visible()


async def test_a_file_survives_the_network(window: BrowserContext, opens: Opens, sessions: Sessions) -> None:
    """The photograph chosen is still chosen, and is attached once."""
    page = await sits(window, DOCTOR, f"/tasks/{await opens('examine_health')}")
    await unfolds(page, "Attach a file")
    await page.get_by_label("File", exact=True).set_input_files(PDF)
    attach = page.get_by_role("button", name="Attach", exact=True)
    await fails(window, page, attach)
    await attach.click()
    await expect(page.locator("#said").get_by_role("paragraph")).to_be_focused()
    assert 1 == await count(sessions, Attachment)


async def test_a_screen_is_left_without_the_network_too(window: BrowserContext, reported: str) -> None:
    """Who signs out or locks while the line is away leaves no journey on the screen."""
    for act in ("Lock the screen", "Sign out"):
        page = await sits(window, "labour-division.coordinator", f"/journeys/{reported}")
        await page.locator("details.me summary").click()
        await window.set_offline(True)
        await page.get_by_role("button", name=act).click()
        await expect(page.get_by_role("heading", name="Stages of the plan")).to_have_count(0)
        await window.set_offline(False)
        await page.close()


async def test_what_is_said_where_a_field_waits_is_filled_in_after_the_page(window: BrowserContext) -> None:
    """The sign-in ended: the name's field has the focus, and the live region tells why once the page is there; so it is read out."""
    page = await window.new_page()
    await page.add_init_script(
        "addEventListener('DOMContentLoaded', () => new MutationObserver(seen => { document.body.dataset.told = seen.some(each => each.addedNodes.length); })"
        ".observe(document.querySelector('#said'), {childList: true}))"
    )
    await page.goto("/sign-in?said=session-ended")
    await expect(page.get_by_label("User name")).to_be_focused()
    await expect(page.locator("body[data-told=true]")).to_be_visible()
    await expect(page.get_by_role("status").get_by_role("paragraph")).to_be_visible()
