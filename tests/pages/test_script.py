"""What the pages' own script does, in a browser: it keeps drafts, warns who would lose what was typed, and locks the screen."""

import asyncio
import re

from playwright.async_api import BrowserContext, Dialog, FilePayload, Page, Route, expect
from sqlalchemy import func, select

from activities.casework.context import Office
from activities.casework.persons import write_person
from activities.store.comments import Comment
from activities.store.engine import Sessions
from tests.build.officers import PASSWORD, actor
from tests.pages.standing import Opens, opens, reported
from tests.pages.window import address, sits, window

__all__ = ["address", "opens", "reported", "window"]
COORDINATOR = "labour-division.coordinator"
UNSEEN = "rgba(0, 0, 0, 0)"


async def asks(page: Page) -> bool:
    """Whether the browser asks before it closes the page; whoever is asked stays."""
    came: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def stay(dialog: Dialog) -> None:
        came.set_result(True)
        await dialog.dismiss()

    page.once("dialog", stay)
    page.once("close", lambda _: None if came.done() else came.set_result(False))
    await page.close(run_before_unload=True)
    return await came


async def test_who_would_lose_what_was_typed_is_asked(window: BrowserContext) -> None:
    """A hand that slips on the telephone does not throw away a report that is kept nowhere; an empty form lets one go."""
    assert not await asks(await sits(window, "commune-tri-an.officer", "/report"))
    page = await sits(window, "commune-tri-an.officer", "/report")
    await page.get_by_label("Hour").fill("06:00")
    assert await asks(page)


async def test_what_is_written_into_a_short_form_is_asked_for_too(
    window: BrowserContext, opens: Opens, reported: str
) -> None:
    """A comment, a return with its note, a consent: a hand that slips loses none of them; what is only looked for is no loss."""
    task = f"/tasks/{await opens('examine_health')}"
    forms = [
        ("medical-centre.officer", task, "Write a comment", "What you write"),
        ("medical-centre.officer", task, "Return it", "Note for the coordinator"),
        (COORDINATOR, f"/journeys/{reported}", "Consent", "For what"),
    ]
    for who, path, act, field in forms:
        page = await sits(window, who, path)
        await page.locator("summary").filter(has_text=re.compile(f"^{act}$")).click()
        await page.get_by_label(field).fill("đã gọi cho gia đình")
        assert await asks(page), act
    page = await sits(window, COORDINATOR, "/journeys")
    await page.locator("form[action='/journeys/search'] input[name=identity]").fill("Nguyễn")
    assert not await asks(page)


async def test_a_step_of_a_start_keeps_itself_while_it_is_typed(window: BrowserContext, sessions: Sessions) -> None:
    """The coordinator goes to answer the telephone and finds the name where it was; a step that is kept asks nothing."""
    page = await sits(window, COORDINATOR, "/journeys/start")
    await page.get_by_role("button", name="Begin").click()
    name = page.get_by_label("Full name")
    await name.fill("Nguyễn Thị Thử")
    await page.clock.fast_forward(2000)
    await expect(page.get_by_text("Draft kept.")).to_be_visible()
    step = page.url
    assert not await asks(page)
    again = await window.new_page()
    await again.goto(step)
    await expect(again.get_by_label("Full name")).to_have_value("Nguyễn Thị Thử")


async def test_an_answer_keeps_itself_while_it_is_typed(window: BrowserContext, opens: Opens) -> None:
    """The doctor is called away, and the page is closed unasked: what was typed and ticked is there the next time, and says of when it is."""
    page = await sits(window, "medical-centre.officer", f"/tasks/{await opens('examine_health')}")
    await page.get_by_label("It took place").check()
    await page.get_by_label("Next visit on").fill("12/06/2024")
    await page.clock.fast_forward(2000)
    await expect(page.get_by_text("Draft kept.")).to_be_visible()
    at = page.url
    assert not await asks(page)
    again = await window.new_page()
    await again.goto(at)
    await expect(again.get_by_role("status").filter(has_text="Your draft of")).to_be_visible()
    await expect(again.get_by_label("It took place")).to_be_checked()
    await expect(again.get_by_label("Next visit on")).to_have_value("12/06/2024")


async def test_a_step_that_could_not_be_kept_says_so_and_asks(window: BrowserContext) -> None:
    """The network is gone: nobody closes the page believing that the name is safe."""
    page = await sits(window, COORDINATOR, "/journeys/start")
    await page.get_by_role("button", name="Begin").click()
    await expect(page.get_by_label("Full name")).to_be_visible()
    await window.set_offline(True)
    await page.get_by_label("Full name").fill("Nguyễn Thị Thử")
    await page.clock.fast_forward(2000)
    await expect(page.get_by_text("The draft could not be kept")).to_be_visible()
    assert await asks(page)


async def test_the_screen_locks_itself_when_nobody_works(window: BrowserContext) -> None:
    """Who passes by sees no page of a colleague who went away; the password opens it there."""
    page = await sits(window, "commune-tri-an.officer", "/report")
    await page.clock.fast_forward(14 * 60_000)
    await expect(page.get_by_role("heading", name="Report a person who came")).to_be_visible()
    await page.clock.fast_forward(2 * 60_000)
    await expect(page.get_by_role("heading", name="The screen is locked")).to_be_visible()
    await gives(page, PASSWORD)
    await expect(page).to_have_url(re.compile(r"/report$"))


async def gives(page: Page, password: str) -> None:
    """The password at a locked screen."""
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Go on").click()


async def test_what_stood_unsent_on_a_screen_that_locked_is_shown_after_the_password(
    window: BrowserContext, opens: Opens, sessions: Sessions
) -> None:
    """Who passes by reads none of it; the nurse who comes back copies it. Half a comment was sent to nobody."""
    page = await sits(window, "medical-centre.officer", f"/tasks/{await opens('examine_health')}")
    await page.locator("summary").filter(has_text=re.compile("^Write a comment$")).click()
    await page.get_by_label("What you write").fill("đã gọi cho gia đình\nchưa ai nghe máy")
    await page.get_by_role("checkbox", name="The coordinator").check()
    await page.clock.fast_forward(16 * 60_000)
    for password in ("nothing like it", PASSWORD):
        await expect(page.get_by_role("heading", name="The screen is locked")).to_be_visible()
        assert "gia đình" not in await page.content()
        await gives(page, password)
    await expect(page.get_by_text("What you write: đã gọi cho gia đình chưa ai nghe máy")).to_be_visible()
    await expect(page.get_by_text("The coordinator")).to_be_visible()
    async with sessions() as session:
        assert 0 == await session.scalar(select(func.count()).select_from(Comment))
    await page.get_by_role("link", name="Back to where you were").click()
    await expect(page.get_by_text("Write a comment")).to_be_visible()


async def test_a_screen_that_locks_tells_no_password(window: BrowserContext) -> None:
    """Somebody was changing it when the telephone rang: nothing of it leaves the form it was typed into."""
    page = await sits(window, COORDINATOR, "/account")
    await page.get_by_label("Password so far").fill("một mật khẩu dài")
    async with page.expect_request("**/lock*") as sent:
        await page.clock.fast_forward(16 * 60_000)
    await expect(page.get_by_role("heading", name="The screen is locked")).to_be_visible()
    assert "d%C3%A0i" not in ((await sent.value).post_data or "")
    await expect(page.get_by_text("unsent")).to_have_count(0)


async def test_a_shown_identity_does_not_cost_the_stages(window: BrowserContext, reported: str) -> None:
    """Others act on the journey while the coordinator reads who it is: the stages follow, they do not give way to an error."""
    page = await sits(window, COORDINATOR, f"/journeys/{reported}")
    await page.get_by_role("button", name="Show who it is").click()
    async with page.expect_response(lambda answer: answer.request.method == "GET" and reported in answer.url) as drawn:
        await page.evaluate("document.body.dispatchEvent(new CustomEvent('live'))")
    assert (await drawn.value).ok
    await expect(page.get_by_role("heading", name="Stages of the plan")).to_be_visible()


async def test_what_a_page_shows_stays_while_the_site_refuses(window: BrowserContext, reported: str) -> None:
    """A sign-in that ended in another tab takes nothing off the page: what is read there stays."""
    page = await sits(window, COORDINATOR, f"/journeys/{reported}")
    await page.route(f"**/journeys/{reported}", lambda route: route.fulfill(status=503, body="<p>away</p>"))
    async with page.expect_response(lambda answer: answer.status == 503):
        await page.evaluate("document.body.dispatchEvent(new CustomEvent('live'))")
    await expect(page.get_by_role("heading", name="Stages of the plan")).to_be_visible()


async def test_counts_move_again_after_the_site_refused(window: BrowserContext) -> None:
    """The database is away for a moment: a browser gives the stream up for good, the page begins another."""
    refused = asyncio.Event()

    async def once(route: Route) -> None:
        if refused.is_set():
            await route.continue_()
        else:
            refused.set()
            await route.fulfill(status=503, body="away")

    await window.route("**/live", once)
    page = await sits(window, COORDINATOR, "/journeys")
    await asyncio.wait_for(refused.wait(), 60)
    async with page.expect_response(lambda answer: answer.url.endswith("/live") and answer.ok):
        await page.clock.fast_forward(6000)


async def test_who_the_person_is_leaves_a_tasks_page_after_a_minute(
    window: BrowserContext, opens: Opens, reported: str, sessions: Sessions, office: Office
) -> None:
    """The nurse was shown the name for the examination: half a minute later it is there, after a minute nothing of it is left."""
    task = await opens("examine_health")
    async with sessions.begin() as session:
        lead = await actor(session, COORDINATOR)
        await write_person(session, office, lead, reported, None, {"full_name": "Nguyễn Thị Thử Ẩn"})
    page = await sits(window, "medical-centre.officer", f"/tasks/{task}")
    await page.get_by_role("button", name="Show who it is").click()
    name = page.get_by_role("definition").filter(has_text="Nguyễn Thị Thử Ẩn")
    await expect(name).to_be_visible()
    await page.clock.run_for(50_000)
    await expect(name).to_be_visible()
    await page.clock.run_for(15_000)
    await expect(page.get_by_role("status").filter(has_text="Hidden again")).to_be_visible()
    assert "Thử Ẩn" not in await page.content()


async def test_who_writes_the_person_down_is_not_cut_off(window: BrowserContext, reported: str) -> None:
    """A minute after it was shown the identity goes and says so; what the coordinator is writing down stays where it is."""
    page = await sits(window, COORDINATOR, f"/journeys/{reported}")
    await page.get_by_role("button", name="Show who it is").click()
    await expect(page.get_by_text("Nothing was written down yet.")).to_be_visible()
    await page.get_by_text("Write down or correct").click()
    name = page.get_by_label("Full name")
    await name.fill("Nguyễn Thị")
    await page.clock.fast_forward(120_000)
    await expect(page.get_by_role("status").filter(has_text="Hidden again")).to_be_visible()
    await expect(page.get_by_text("Nothing was written down yet.")).to_have_count(0)
    await expect(name).to_have_value("Nguyễn Thị")
    await expect(name).to_be_focused()


async def test_who_goes_by_keys_stays_where_they_are_while_others_act(
    window: BrowserContext, opens: Opens, reported: str
) -> None:
    """Lists follow live; the link somebody stands on is not taken from under them."""
    task = await opens("record_choice")
    for path, link in (
        ("/work", f"/tasks/{task}"), (f"/journeys/{reported}", f"/tasks/{task}"), ("/notices", f"/tasks/{task}"),
    ):  # fmt: skip
        page = await sits(window, COORDINATOR, path)
        here = page.get_by_role("main").locator(f'a[href="{link}"]').first
        await here.focus()
        await here.evaluate("link => { window.stood = link.closest('[hx-get]'); }")
        async with page.expect_response(f"**{path}"):
            await page.evaluate("document.body.dispatchEvent(new CustomEvent('live'))")
        await expect(page.locator("[hx-get].htmx-swapping, [hx-get].htmx-request")).to_have_count(0)
        await expect(here).to_be_focused()
        await page.close()


async def test_what_does_not_fit_is_told_where_the_reader_is_put(window: BrowserContext, opens: Opens) -> None:
    """The summary that names the field takes the focus, and its link leads into the field."""
    page = await sits(window, "medical-centre.officer", f"/tasks/{await opens('examine_health')}")
    await page.get_by_label("Day", exact=True).first.fill("31/02/2024")
    await page.get_by_role("button", name="Review and send").click()
    summary = page.get_by_role("alert").filter(has_text="This cannot be sent yet:")
    await expect(summary).to_be_focused()
    await expect(page.get_by_role("alert")).to_have_count(1)
    await summary.get_by_role("link", name="When it happened").press("Enter")
    await expect(page.get_by_role("group", name="When it happened")).to_be_focused()


async def test_fields_of_one_answer_are_shown_with_it(window: BrowserContext, opens: Opens) -> None:
    """Who writes that no fare was needed is not asked for a voucher, and sends none; who paid is asked."""
    page = await sits(window, "labour-division.officer", f"/tasks/{await opens('pay_journey_home')}")
    fare = page.get_by_label("Fare (VND)")
    await page.get_by_role("radio", name="Paid", exact=True).check()
    await fare.fill("320000")
    await page.get_by_role("radio", name="Not needed", exact=True).check()
    await expect(fare).to_be_hidden()
    await expect(fare).to_be_disabled()
    await page.get_by_role("radio", name="Paid", exact=True).check()
    await expect(fare).to_have_value("320000")


async def test_a_file_field_speaks_the_language_of_the_page(window: BrowserContext, address: str, opens: Opens) -> None:
    """An English browser at a Vietnamese page: what is seen is Vietnamese until a file is chosen, then its name; of several, each name."""
    task = await opens("examine_health")
    page = await sits(window, "medical-centre.officer", f"/tasks/{task}")
    await window.add_cookies([{"name": "homeward-language", "value": "vi", "url": address}])
    await page.goto(f"{page.url}?#act-attachments")
    await page.get_by_text("Đính kèm tệp", exact=True).click()
    field = page.get_by_label("Tệp", exact=True)
    none, names = page.get_by_text("chưa chọn tệp"), page.locator("output[for=file]")
    await expect(page.get_by_text("Chọn tệp", exact=True)).to_be_visible()
    await expect(none).to_be_visible()
    await expect(field).to_have_css("color", UNSEEN)
    one, other = (FilePayload(name=name, mimeType="image/png", buffer=b"x") for name in ("giấy hẹn.png", "đơn.png"))
    await field.set_input_files([one])
    await expect(none).to_be_hidden()
    await expect(field).not_to_have_css("color", UNSEEN)
    await field.set_input_files([one, other])
    await expect(names).to_have_text("giấy hẹn.png; đơn.png")
    await expect(field).to_have_css("color", UNSEEN)
    await field.focus()
    await expect(field).to_be_focused()
    async with page.expect_file_chooser():
        await page.get_by_text("Chọn tệp", exact=True).click(force=True)
    async with page.expect_file_chooser():
        await field.press("Enter")
