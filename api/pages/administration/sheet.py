"""A form of the administrator's: drawn, checked by the model of the JSON interface, and drawn again with what was typed."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import uuid4

from fastapi import Response
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from activities.casework.errors import CaseError, ConflictError, FieldProblem, InvalidError
from api.deps import Desk
from api.errors import AnsweredError, status_of
from api.pages.forms.drawn import Control
from api.pages.forms.reading import beside, read
from api.pages.show import show
from api.pages.visitor import Visitor, in_language_of
from api.pages.wording import Wording

BESIDE = {  # the field a refusal is about that names none
    "organisation-exists": "code", "officer-exists": "username", "reason-missing": "reason", "budget-invalid": "budget",
}  # fmt: skip
Model = TypeVar("Model", bound=BaseModel)
Draw = Callable[[Desk, Wording], Awaitable["Sheet"]]
Work = Callable[[Desk], Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class Sheet:
    """One form on a page of its own. Texts in the reader's language; `back`: where it is left to, and its name."""

    title: str
    action: str
    controls: tuple[Control, ...]
    submit: str
    back: tuple[str, str]
    told: tuple[str, ...] = ()

    @property
    def labels(self) -> dict[str, str]:
        """What each field is called."""
        return {each.name: each.label for each in self.controls}


def ask(
    wording: Wording, name: str, label: str, kind: str = "text", help_: str = "", *, required: bool = False,
    options: Iterable[tuple[str, str]] = (),
) -> Control:  # fmt: skip
    """One field. `label` and `help_`: messages written in English; `kind`: a control's, or `pick` for a list to unfold."""
    said = wording.gettext(help_) if help_ else ""
    return Control(name, kind, wording.gettext(label), said, required, tuple(options))


def typed(controls: Iterable[Control], form: FormData) -> dict[str, Any]:
    """What was typed, every field of it: what is empty is empty, so that it can be emptied."""
    fields = tuple(controls)
    return {each.name: [] if each.kind == "many" else "" for each in fields} | read(fields, form)


def given_of(form: FormData, names: Iterable[str]) -> dict[str, Any]:
    """The texts of these fields."""
    return {name: str(form.get(name, "")).strip() for name in names}


def checked(model: type[Model], given: dict[str, Any], also: Iterable[FieldProblem] = ()) -> Model:
    """The body as the JSON interface takes it; InvalidError names every field that does not fit, `also` those found before."""
    problems = (*also, *misfits(model, given))
    if problems:
        raise InvalidError("request-invalid", problems)
    return model.model_validate(given)


def misfits(model: type[BaseModel], given: dict[str, Any]) -> tuple[FieldProblem, ...]:
    """What the model finds wrong, field by field."""
    try:
        model.model_validate(given)
    except ValidationError as error:
        return tuple(
            FieldProblem(tuple(str(part) for part in each["loc"]), f"unfit-{each['loc'][0] if each['loc'] else 'form'}", each["msg"])
            for each in error.errors()
        )  # fmt: skip
    return ()


async def draw(
    visitor: Visitor, desk: Desk, sheet: Sheet, given: dict[str, Any], refusal: CaseError | None = None
) -> Response:
    """The page of the form."""
    wording = Wording(in_language_of(visitor, desk).language)
    problems = beside(refusal.problems, sheet.labels, wording) if isinstance(refusal, InvalidError) else {}
    if refusal is not None and not problems:
        field = BESIDE.get(refusal.code, "")
        problems = {field if field in sheet.labels else "": wording.gettext(refusal.code)}
    problems = {name: problems[name] for name in ("", *sheet.labels) if name in problems}  # as the form is read
    return await show(
        visitor, desk, "administration/form.html", status_of(refusal) if refusal else 200, sheet=sheet, given=given,
        problems=problems, key=str(uuid4()),
    )  # fmt: skip


async def carry_out(
    visitor: Visitor, form: FormData, route: str, sheet: Draw, given: dict[str, Any], work: Work, *, withheld: str = ""
) -> Response | dict[str, Any]:
    """Do it once, having the office alone: what was done, or the form again with what stands in the way."""
    key = str(form.get("key", "")) or str(uuid4())
    done: dict[str, Any] = {}

    async def once(desk: Desk) -> dict[str, Any]:
        done.update(await work(desk))
        return done

    try:
        async with visitor.desk(alone=True) as desk:
            await desk.once(key, f"page/{route}", given, 200, lambda: once(desk), withheld=withheld)
    except AnsweredError as again:
        return dict(again.before.body)
    except (InvalidError, ConflictError) as refusal:
        async with visitor.desk() as desk:
            wording = Wording(in_language_of(visitor, desk).language)
            return await draw(visitor, desk, await sheet(desk, wording), given, refusal)
    return done
