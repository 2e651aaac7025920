"""What is wrong with an answer whose fields do not fit together: stable codes with their texts."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from pydantic_core import PydanticCustomError

from activities.domain.outcomes import CodeList, Outcome
from activities.domain.text import Text

Code = TypeVar("Code", bound=CodeList)

MISFITS: Mapping[str, Text] = MappingProxyType(
    {
        "given-twice": Text(vi="Một mục được chọn hai lần.", en="The same entry is given twice."),
        "needed-for-result": Text(
            vi="Kết quả này cần có mục '{field}'.", en="This result needs the field '{field}' to be filled."
        ),
        "not-for-result": Text(
            vi="Kết quả này không đi cùng mục '{field}'; hãy để trống.",
            en="This result does not go with the field '{field}': leave it empty.",
        ),
        "dates-out-of-order": Text(
            vi="Ngày ở mục '{field}' sớm hơn ngày trước đó.",
            en="The date in '{field}' is before the one it must follow.",
        ),
        "commitment-missing": Text(
            vi="Người từ chối bảo vệ phải có cam kết bằng văn bản.",
            en="A refusal of protection needs the person's written commitment.",
        ),
        "signatures-missing": Text(
            vi="Biên bản giao, nhận cần chữ ký của cả hai bên.", en="Both sides must have signed the handover minutes."
        ),
        "needed-now-and-later": Text(
            vi="Một nhu cầu không thể vừa cần ngay vừa để sau.", en="A need cannot be both for now and for later."
        ),
        "nobody-travels": Text(
            vi="Người ở lại thì không cần người đưa đi.", en="Nobody is escorted when the person stays."
        ),
        "meals-below-least": Text(
            vi="Tiền ăn đi đường thấp hơn mức tối thiểu {least} đồng/ngày.",
            en="Meals on the road are at least {least} VND a day.",
        ),
        "funds-and-line-disagree": Text(
            vi="Chỉ xin xác nhận nguồn kinh phí khi chưa có mục chi.",
            en="Funds are asked for exactly when the cost line is empty.",
        ),
        "visit-and-date-disagree": Text(
            vi="Hẹn lần sau thì phải có ngày hẹn, và ngược lại.",
            en="A next visit needs its date, and a date means a next visit.",
        ),
        "school-year-not-consecutive": Text(
            vi="Năm học gồm hai năm liền nhau, ví dụ 2024-2025.",
            en="A school year is two years in a row, such as 2024-2025.",
        ),
    }
)


def misfit(code: str, field: str, **facts: int) -> PydanticCustomError:
    """The error to raise for `code`; its context carries the field to mark on the form and the Vietnamese text."""
    text = MISFITS[code]
    told = {"field": field, **facts}
    return PydanticCustomError(code, text.en, told | {"vi": text.vi.format(**told)})


def once_each(given: tuple[Code, ...]) -> tuple[Code, ...]:
    """The entries as given; raises `given-twice` where one is repeated."""
    if len(set(given)) < len(given):
        raise misfit("given-twice", "")
    return given


def expect(outcome: Outcome, *, filled: tuple[str, ...] = (), empty: tuple[str, ...] = ()) -> None:
    """Raise `needed-for-result` for a field left empty, `not-for-result` for one that must be (a `False` is an answer)."""
    for field in filled:
        if _blank(getattr(outcome, field)):
            raise misfit("needed-for-result", field)
    for field in empty:
        if not _blank(getattr(outcome, field)):
            raise misfit("not-for-result", field)


def in_order(earlier: date | None, later: date | None, field: str) -> None:
    """Raise `dates-out-of-order` on `field` where the later of two known dates comes first."""
    if earlier and later and later < earlier:
        raise misfit("dates-out-of-order", field)


def _blank(value: object) -> bool:
    return value is None or value in ((), "")
