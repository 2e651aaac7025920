"""The file of organisations and officers: its shape, and every problem in it with its line."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from activities.domain.states import Role
from activities.plan.checks import Lines, Problem
from activities.plan.load import PlanError, read_lines

Code = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Mail = Annotated[str, Field(pattern=r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$", max_length=200)]


class FormError(Exception):
    """The file cannot be used. `problems`: all that was found, in the order of their lines."""

    code = "registration-unusable"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=lambda each: each.line)
        told = "\n".join(f"  {each}" for each in self.problems)
        super().__init__(f"{self.code}: nothing was entered; correct the file and start again\n{told}")


class Entry(BaseModel):
    """One entry of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Name(Entry):
    """An organisation's name; the Vietnamese one is the official one."""

    vi: Annotated[str, Field(min_length=1, max_length=200)]
    en: Annotated[str, Field(max_length=200)] = ""


class OrganisationForm(Entry):
    """An organisation, and the role of the plan it holds from a day on (`until` is the last day)."""

    code: Code
    name: Name
    role: Code | Annotated[str, Field(pattern=r"^[a-z_]+$", max_length=60)]
    territory: Code
    parent: Code | Literal[""] = ""
    commune: Code | Literal[""] = ""
    mail: Mail = ""
    since: date
    until: date | None = None


class OfficerForm(Entry):
    """Somebody who will sign in. `district`: a supervisor who watches the whole territory."""

    username: Annotated[str, Field(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$", min_length=3, max_length=60)]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    organisation: Code
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    district: bool = False
    mail: Mail = ""
    language: Literal["vi", "en"] = "vi"


class Form(Entry):
    """The whole file."""

    organisations: tuple[OrganisationForm, ...] = ()
    officers: tuple[OfficerForm, ...] = ()


def read_form(text: str) -> tuple[Form, Lines]:
    """The file's content and where everything stands in it; FormError with all problems."""
    try:
        body, lines, found = read_lines(text)
    except PlanError as error:
        raise FormError(error.problems) from None
    try:
        form = Form.model_validate(body)
    except ValidationError as error:
        raise FormError(found + lines.problems(error)) from None
    found += _twice(lines, "organisations", "code", [each.code for each in form.organisations])
    found += _twice(lines, "officers", "username", [each.username for each in form.officers])
    found += [
        lines.problem(("officers", at), "roles-apart", "an administrator sees no case: the role stands alone")
        for at, each in enumerate(form.officers)
        if Role.ADMINISTRATOR in each.roles and len(each.roles) > 1
    ]
    found += [
        lines.problem(
            ("officers", at, "district"), "district-needs-supervisor", "only a supervisor watches the district"
        )
        for at, each in enumerate(form.officers)
        if each.district and Role.SUPERVISOR not in each.roles
    ]
    if found:
        raise FormError(found)
    return form, lines


def _twice(lines: Lines, list_: str, key: str, names: list[Any]) -> list[Problem]:
    """Entries whose name an earlier entry has."""
    return [
        lines.problem((list_, at, key), "named-twice", f"{name} is in the file twice")
        for at, name in enumerate(names)
        if name in names[:at]
    ]
