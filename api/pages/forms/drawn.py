"""What a form shows of an outcome: one control a field, with its label, help and choices in one language."""

import types
from dataclasses import dataclass
from datetime import date
from typing import Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from activities.agencies.papers import Vnd
from activities.domain.outcomes import CodeList, Outcome, notes
from activities.domain.text import Text

ABSENT = "absent"  # an optional choice left open


@dataclass(frozen=True)
class Control:
    """One field of a form. `kind`: text, number, money, date, yes, one or many; `options`: code and label.

    `goes_with`: `field=value|value`, asked only beside these; `when`: the same in words. `derived`: never asked, only read back.
    """

    name: str
    kind: str
    label: str
    help: str
    required: bool
    options: tuple[tuple[str, str], ...] = ()
    sensitive: str = ""
    goes_with: str = ""
    when: str = ""
    derived: bool = False


def draw(outcome: type[Outcome], language: str) -> tuple[Control, ...]:
    """The controls of an outcome, in the order of its model."""
    return tuple(_control(outcome, name, info, language) for name, info in outcome.model_fields.items())


def _control(outcome: type[Outcome], name: str, info: FieldInfo, language: str) -> Control:
    said, type_ = notes(info), bare(info.annotation)
    kind, codes = kind_of(type_, info), code_list(type_)
    return Control(
        name=name,
        kind=kind,
        label=Text(**said["x-label"]).in_(language),
        help=Text(**said["x-help"]).in_(language),
        required=info.is_required() and kind != "yes",
        options=_options(codes, language),
        sensitive=str(said.get("x-sensitive", "")),
        goes_with=";".join(f"{other}={'|'.join(values)}" for other, values in said.get("x-with", {}).items()),
        when="; ".join(_when(outcome, other, values, language) for other, values in said.get("x-with", {}).items()),
        derived=bool(said.get("x-derived")),
    )


def _options(codes: type[CodeList] | None, language: str) -> tuple[tuple[str, str], ...]:
    return tuple((code.value, code.en if language == "en" else code.vi) for code in codes) if codes else ()


def _when(outcome: type[Outcome], other: str, values: list[str], language: str) -> str:
    """Beside which answers a field is asked, as the form shows them: "Kết quả: Đã trợ cấp"."""
    info = outcome.model_fields[other]
    labels = dict(_options(code_list(bare(info.annotation)), language))
    chosen = ", ".join(labels[each] for each in values)
    return f"{Text(**notes(info)['x-label']).in_(language)}: {chosen}"


def kind_of(type_: Any, info: FieldInfo) -> str:
    """Which control a type gets."""
    if type_ is bool:
        return "yes"
    if type_ is date:
        return "date"
    if type_ is int:
        return "money" if info.annotation in (Vnd, Vnd | None) or _money(info) else "number"
    if get_origin(type_) is tuple:
        return "many"
    return "one" if code_list(type_) else "text"


def _money(info: FieldInfo) -> bool:
    return any(mark in notes(info)["x-label"]["en"] for mark in ("VND", "Amount"))


def bare(annotation: Any) -> Any:
    """A type without `None` and without its constraints."""
    if get_origin(annotation) in (Union, types.UnionType):
        return bare(next(each for each in get_args(annotation) if each is not type(None)))
    return bare(annotation.__origin__) if hasattr(annotation, "__metadata__") else annotation


def code_list(type_: Any) -> type[CodeList] | None:
    """The closed list a field chooses from, if it does."""
    inner = bare(get_args(type_)[0]) if get_origin(type_) is tuple else type_
    return inner if isinstance(inner, type) and issubclass(inner, CodeList) else None
