"""One task from its opening to its end: the row decides, the story follows."""

import asyncio
import uuid

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.service import RPCError, RPCStatusCode

from activities.domain.ids import activity_id, task_id
from activities.domain.messages import Ended
from activities.domain.states import TaskState
from tests.workflows.desk import Desk, at_desk
from tests.workflows.rows import Row, Rows

pytestmark = pytest.mark.temporal
HEALTH = "examine_health"


async def begun(desk: Desk, name: str = HEALTH) -> Row:
    """The journey under way, with this task's activity open on the server (none while paused)."""
    await desk.begin()
    await desk.answer("receive_person")
    row = await desk.opens(name)
    if row.state is not TaskState.PAUSED:
        await held(desk, row)
    return row


async def held(desk: Desk, row: Row) -> None:
    """Wait until the server holds exactly this row's generation."""
    for _ in range(200):
        of_row = {each for each in await desk.pending() if each.startswith(row.task)}
        if {activity_id(row.task, row.generation)} == of_row:
            return
    raise AssertionError(of_row, row)


async def test_a_returned_task_keeps_its_activity_for_the_clock_does_not_stop(desk: Desk) -> None:
    """Resent, it is the same generation still, and its answer ends it."""
    row = await begun(desk)
    row.state = TaskState.RETURNED
    await desk.look(row.task)
    await desk.until(lambda: row.whys[-1] == "look")
    await held(desk, row)
    row.state = TaskState.OPEN
    await desk.look(row.task)
    await desk.until_closed()
    assert (1, ["open", "look", "look"]) == (row.generation, row.whys)


async def test_a_paused_task_has_no_activity_and_wakes_on_its_date(desk: Desk) -> None:
    """Its review date is a timer of the story; then a new generation is open."""
    desk.rows.firsts[HEALTH] = Row(task="", state=TaskState.PAUSED, wake=2.0)
    row = await begun(desk)
    assert not {each for each in await desk.pending() if each.startswith(row.task)}
    await desk.until(lambda: row.state is TaskState.OPEN)
    await held(desk, row)
    assert (["open", "rung"], 2) == (row.whys, row.generation)
    await desk.until_closed()


async def test_a_pause_ends_the_open_generation_by_an_empty_completion(desk: Desk) -> None:
    """Empty means: look at the row."""
    row = await begun(desk)
    row.state, row.wake = TaskState.PAUSED, None
    await desk.deliver(row, 1, Ended())
    await desk.until(lambda: row.whys[-1] == "ended")
    assert not {each for each in await desk.pending() if each.startswith(row.task)}
    row.state = TaskState.OPEN
    await desk.look(row.task)
    await held(desk, row)
    await desk.until_closed()
    assert row.answers == 1


async def test_late_work_counts_after_the_one_overdue_mark(desk: Desk) -> None:
    """The deadline passes, grace runs as a generation of its own, the answer ends it."""
    desk.rows.firsts[HEALTH] = Row(task="", left=1.0)
    row = await begun(desk)
    await desk.until(lambda: row.overdue)
    await held(desk, row)
    await desk.until_closed()
    assert (["open", "expired"], 1, 2) == (row.whys, row.overdue, row.generation)


async def test_a_deadline_already_past_opens_and_is_overdue_at_once(desk: Desk) -> None:
    """No time left is the least the server takes, not a wedged story."""
    desk.rows.firsts[HEALTH] = Row(task="", left=-5.0)
    row = await begun(desk)
    await desk.until(lambda: row.overdue)
    await desk.until_closed()


async def test_an_answer_is_final_and_not_read_again(desk: Desk) -> None:
    """One step for a task on time: the code that was delivered is the committed answer."""
    row = await begun(desk)
    await desk.until_closed()
    assert ["open"] == row.whys


@pytest.mark.parametrize("state", [TaskState.WAIVED, TaskState.DECLINED, TaskState.WITHDRAWN])
async def test_a_task_ended_without_an_answer_leaves_nothing_open(desk: Desk, state: TaskState) -> None:
    """Waived, declined, withdrawn: the story goes on without it."""
    row = await begun(desk)
    row.state = state
    await desk.deliver(row, 1, Ended())
    await desk.until_closed()
    assert (state, 0) == (row.state, row.answers)


async def test_looks_may_come_early_and_twice(desk: Desk) -> None:
    """A look at a task that is not open yet, or at nobody's, harms nothing; two looks are one."""
    desk.rows.firsts["close_journey"] = Row(task="", state=TaskState.DONE, code="moved")
    await desk.begin()
    early = task_id(desk.journey, "close_journey")
    await desk.look(early, f"task-{uuid.uuid4()}")
    await desk.answer("receive_person")
    row = await desk.opens(HEALTH)
    await held(desk, row)
    await desk.look(row.task, row.task)
    await desk.look(row.task)
    await desk.until(lambda: row.whys[-1] == "look")
    assert await desk.until_closed() == "moved"


@pytest.mark.parametrize("looks", [0, 3])
async def test_an_operators_cancel_ends_the_rows_too(desk: Desk, looks: int) -> None:
    """Whatever reaches the story at the same moment, no row stays open behind a cancelled story."""
    row = await begun(desk)
    for _ in range(looks):
        await desk.look(*(each.task for each in desk.rows.rows.values()))
    await desk.story.cancel()
    with pytest.raises(WorkflowFailureError):
        await desk.story.result()
    assert (["cancelled"], TaskState.WITHDRAWN) == (desk.rows.ends, row.state)
    assert all(each.state.final for each in desk.rows.rows.values())


async def test_a_cancel_in_one_breath_with_an_answer_and_a_look_is_not_lost(desk: Desk) -> None:
    """They wait together with a rung while no worker runs, and reach the story as one."""
    journey, rows = desk.journey, Rows()
    rows.firsts["check_records"] = Row(task="", wake=1.0)
    other = Desk(desk.client, f"{desk.queue}-other", rows, journey)
    async with at_desk(desk.client, rows, other.queue):
        row = await begun(other)
    await other.look(*(each.task for each in rows.rows.values()))
    await other.deliver(row, 1, Ended(code="done"))
    await asyncio.sleep(1.2)
    await other.story.cancel()
    async with at_desk(desk.client, rows, other.queue):
        with pytest.raises(WorkflowFailureError):
            await other.story.result()
    assert ["cancelled"] == rows.ends


async def test_a_failing_step_delays_no_other_task(desk: Desk) -> None:
    """It is tried without end; meanwhile the other agencies work on."""
    desk.rows.failing = {HEALTH}
    await desk.begin()
    for name in ("receive_person", "check_information", "check_records", "request_identification"):
        await desk.answer(name)
    await desk.opens("identify_victim")
    assert HEALTH not in desk.rows.opened
    desk.rows.failing = set()
    await desk.until_closed()
    assert desk.rows.rows[HEALTH].answers == 1


async def test_a_cancel_while_a_step_fails_still_ends_the_rows(desk: Desk) -> None:
    """What the database could not say does not keep the story from ending it."""
    desk.rows.failing = {HEALTH}
    await desk.begin()
    await desk.answer("receive_person")
    await desk.opens("check_records")
    await desk.story.cancel()
    with pytest.raises(WorkflowFailureError):
        await desk.story.result()
    assert ["cancelled"] == desk.rows.ends


async def test_a_cancel_at_the_very_end_still_ends_the_rows(desk: Desk) -> None:
    """The closing step is under way and is cancelled with the story: it is not left half said."""
    desk.rows.failing = {"end_journey"}
    await desk.begin()
    closing = asyncio.create_task(desk.until_closed())
    row = await desk.opens("close_journey")
    await desk.until(lambda: row.state.final)
    await asyncio.sleep(0.5)
    await desk.story.cancel()
    desk.rows.failing = set()
    with pytest.raises(WorkflowFailureError):
        await closing
    assert "cancelled" == desk.rows.ends[-1]  # the closing may have come first: then this changes nothing


async def test_a_story_terminated_and_started_again_goes_on_from_the_rows(desk: Desk) -> None:
    """Each task is opened once; what was answered is not asked again."""
    row = await begun(desk)
    await desk.answer("check_records")
    await desk.story.terminate()
    before = list(desk.rows.opened)
    await desk.begin()
    await desk.until(lambda: row.whys == ["open", "open"])
    await held(desk, row)
    await desk.until_closed()
    assert before == desk.rows.opened[: len(before)]
    assert len(desk.rows.opened) == len(set(desk.rows.opened))
    assert all(each.answers == 1 for each in desk.rows.rows.values())


async def test_three_journeys_in_a_cache_of_two_replay_and_keep_apart(desk: Desk) -> None:
    """Whoever is put out of the cache comes back the same."""
    desks = [Desk(desk.client, f"{desk.queue}-{n}", Rows()) for n in range(2)]
    async with at_desk(desk.client, desks[0].rows, desks[0].queue), at_desk(desk.client, desks[1].rows, desks[1].queue):
        for each in (desk, *desks):
            await each.begin()
        for each in (desk, *desks):
            await each.until_closed()
    assert [["settled"]] * 3 == [each.rows.ends for each in (desk, *desks)]


async def test_a_completion_after_the_end_finds_nothing(desk: Desk) -> None:
    """The relay may come twice: the server says NOT_FOUND and nothing happens."""
    row = await begun(desk)
    await desk.until_closed()
    handle = desk.client.get_async_activity_handle(
        workflow_id=desk.journey, run_id=None, activity_id=activity_id(row.task, 1)
    )
    with pytest.raises(RPCError) as told:
        await handle.complete(Ended(code="done"))
    assert told.value.status is RPCStatusCode.NOT_FOUND
