"""A date in words: how long is left in working days, and the day itself as people say it."""

from datetime import datetime

import pytest

from activities.casework.context import Office
from api.pages.wording import Wording
from tests.casework.times import local

NOW = local(2026, 12, 16, 9)  # a Wednesday


@pytest.mark.parametrize(
    ("due", "vi", "en"),
    [
        (local(2026, 12, 18, 17), "còn 2 ngày làm việc, hạn thứ Sáu 18/12", "2 working days left, due Friday 18/12"),
        (local(2026, 12, 21, 17), "còn 3 ngày làm việc, hạn thứ Hai 21/12", "3 working days left, due Monday 21/12"),
        (local(2026, 12, 16, 11, 30), "còn 2 giờ, hạn 11:30 hôm nay", "2 hours left, due 11:30 today"),
        (
            local(2027, 1, 4, 17),
            "còn 13 ngày làm việc, hạn thứ Hai 04/01/2027",
            "13 working days left, due Monday 04/01/2027",
        ),
        (
            local(2026, 12, 14, 17),
            "quá hạn 2 ngày làm việc, hạn thứ Hai 14/12",
            "2 working days overdue, was due Monday 14/12",
        ),
    ],
)
def test_what_is_left_is_counted_in_days_people_work(office: Office, due: datetime, vi: str, en: str) -> None:
    """A week-end is no day left, and another year is named."""
    task = {"due_at": due, "state": "open"}
    assert (vi, en) == (Wording("vi").due(task, NOW, office.calendar), Wording("en").due(task, NOW, office.calendar))


def test_a_holiday_is_no_day_left(office: Office) -> None:
    """On the Monday before 30 April and 1 May, Thursday is one working day away."""
    task = {"due_at": local(2024, 5, 2, 17), "state": "open"}
    assert "còn 1 ngày làm việc, hạn thứ Năm 02/05" == Wording("vi").due(task, local(2024, 4, 29), office.calendar)


def test_days_nobody_works_are_told_as_days(office: Office) -> None:
    """On the Sunday after it was due on Friday it is two days late, not none."""
    task = {"due_at": local(2026, 12, 18, 8), "state": "open"}
    assert "quá hạn 2 ngày, hạn thứ Sáu 18/12" == Wording("vi").due(task, local(2026, 12, 20, 9), office.calendar)


def test_a_clock_that_stands_has_no_date(office: Office) -> None:
    """Nobody reads a date that will move."""
    assert "tạm dừng" in Wording("vi").due({"due_at": NOW, "state": "paused"}, NOW, office.calendar).lower()
