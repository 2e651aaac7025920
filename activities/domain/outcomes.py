"""How the outcome of a task is written down: a frozen model, closed code lists, fields plain or sensitive."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from activities.domain.messages import Ended

GoesWith = Mapping[str, tuple[str, ...]]
NO_OTHER: GoesWith = MappingProxyType({})


class CodeList(StrEnum):
    """A closed list whose codes carry their labels: `CENTRE = "centre", "Đến Trung tâm", "To the Centre"`."""

    vi: str
    en: str

    def __new__(cls, code: str, vi: str, en: str) -> Self:
        """Keep the labels beside the code."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.vi, member.en = vi, en
        return member


class Sensitivity(StrEnum):
    """Why a field is kept encrypted and shown only to kinds that list it."""

    PURPOSE = "purpose"
    HEALTH = "health"
    DANGER = "danger"
    EVIDENCE = "evidence"


def plain(
    vi: str, en: str, *, help_vi: str = "", help_en: str = "", deciding: bool = False, goes_with: GoesWith = NO_OTHER,
    derived: bool = False, ahead: bool = False, default: Any = ...,
) -> Any:  # fmt: skip
    """A field any reader of the task may see. `deciding`: its value steers the story (a code, or flags for a list or a yes).

    `goes_with`: asked only beside these values of another field. `derived`: follows from the other fields, so no form asks
    for it. `ahead`: a day on which the agency has the person before it again.
    """
    said = _notes(vi, en, help_vi, help_en, deciding=deciding, goes_with=goes_with)
    return Field(
        default,
        json_schema_extra=said | ({"x-derived": True} if derived else {}) | ({"x-ahead": True} if ahead else {}),
    )


def sensitive(
    why: Sensitivity, vi: str, en: str, *, help_vi: str = "", help_en: str = "", goes_with: GoesWith = NO_OTHER,
    default: Any = ...,
) -> Any:  # fmt: skip
    """A field kept encrypted, shown only to kinds whose entry in the plan lists `why`; never deciding."""
    said = _notes(vi, en, help_vi, help_en, deciding=False, goes_with=goes_with)
    return Field(default, json_schema_extra=said | {"x-sensitive": why.value})


def _notes(vi: str, en: str, help_vi: str, help_en: str, *, deciding: bool, goes_with: GoesWith) -> dict[str, Any]:
    said: dict[str, Any] = {
        "x-label": {"vi": vi, "en": en}, "x-help": {"vi": help_vi, "en": help_en}, "x-deciding": deciding,
    }  # fmt: skip
    return said | ({"x-with": {name: list(values) for name, values in goes_with.items()}} if goes_with else {})


class Outcome(BaseModel):
    """What an agency answers. Subclasses name each field's label; the first deciding code list gives the code."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    STATISTICS: ClassVar[tuple[str, ...]] = ()  # fields copied to the statistics facts
    NEXT_ROUND_ON: ClassVar[str] = ""  # the field with the day of the round this answer opens

    def ended(self) -> Ended:
        """The code and flags the story gets: code `done` where nothing decides; flags sorted, never empty strings."""
        code, flags = "", set[str]()
        for name, info in type(self).model_fields.items():
            if not notes(info).get("x-deciding"):
                continue
            value = getattr(self, name)
            if isinstance(value, CodeList):
                code = code or value.value
            elif value is True:
                flags.add(name)
            elif isinstance(value, tuple):
                flags.update(str(each) for each in value)
        return Ended(code=code or "done", flags=tuple(sorted(flags)))

    @classmethod
    def sensitive_fields(cls) -> dict[str, Sensitivity]:
        """Names of the fields kept encrypted, with the reason."""
        found = {name: notes(info).get("x-sensitive") for name, info in cls.model_fields.items()}
        return {name: Sensitivity(why) for name, why in found.items() if why}


def notes(info: FieldInfo) -> dict[str, Any]:
    """The labels and declarations of one field."""
    return info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
