"""What pages were drawn from, kept and given other shapes: nothing, one, many, and very long Vietnamese."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, cast

from jinja2 import Environment, nodes
from sqlalchemy import inspect

from activities.domain.text import Text
from activities.store.base import Base
from api.pages.show import environment
from api.words import catalogue

SHAPES = ("empty", "one", "many", "long")
MANY = 30
LONG = "Ủy ban nhân dân xã Nguyễn Thị Thử Nghiệm Đường Dài Không Có Chỗ Ngắt " * 8 + "<script>alert('x')</script>\"><b>"
TEXTS = frozenset(
    {
        "name",
        "name_vi",
        "name_en",
        "vi",
        "en",
        "reason",
        "note",
        "text",
        "whom",
        "promised",
        "answer",
        "why",
        "purpose",
        "phone",
        "hours",
        "return_note",
        "who",
        "paper_number",
        "paper_signer",
        "full_name",
        "own_name",
        "ended_reason",
        "mail",
        "told",
    }
)  # fmt: skip - what people type, or what offices and tasks are called
FIXED = frozenset({"controls", "numbers", "profile", "rooms", "options"})  # lists that are what they are


class Drawn:
    """Stands before the templates and keeps what each page was drawn from, as it was at that moment.

    `met`: template and facts; `rows`: the places of lists, as `places` names them, at which a row stood.
    """

    def __init__(self) -> None:
        self.met: list[tuple[str, dict[str, Any]]] = []
        self.rows = set[str]()
        self._watching = dict[str, Environment]()

    def environment(self, language: str) -> "_Keeping":
        """In place of the environment of a language."""
        if language not in self._watching:
            self._watching[language] = _watching(language, self.rows)
        return _Keeping(self._watching[language], self)


def places() -> set[str]:
    """Every place of every template where a list is gone through: `officer/work.html:14 rows`, counted where a line has several."""
    found = environment("vi")
    assert found.loader
    trees = ((name, found.parse(found.loader.get_source(found, name)[0])) for name in found.list_templates(["html"]))
    return {place for name, tree in trees for place, _ in _loops(tree, name)}


def _loops(tree: nodes.Template, name: str) -> list[tuple[str, nodes.For]]:
    found, before = list[tuple[str, nodes.For]](), Counter[str]()
    for each in tree.find_all(nodes.For):
        place = f"{name}:{each.lineno} {_called(each.iter)}"
        before[place] += 1
        found.append((place if before[place] == 1 else f"{place} ({before[place]})", each))
    return found


def _called(given: nodes.Node) -> str:
    """What a template goes through, roughly as it is written there."""
    match given:
        case nodes.Name(name=name):
            return str(name)
        case nodes.Getattr(node=node, attr=attr):
            return f"{_called(node)}.{attr}"
        case nodes.Filter(node=node, name=name) if node is not None:
            return f"{_called(node)}|{name}"
        case nodes.Call(node=node) | nodes.Getitem(node=node):
            return f"{_called(node)}(…)"
    return "(…)"


def _watching(language: str, rows: set[str]) -> Environment:
    """An environment whose lists tell that a row of theirs was drawn."""
    found: Any = environment.__wrapped__(language)
    found.globals["row_of"] = rows.add
    parse = found._parse

    def parsed(source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree: nodes.Template = parse(source, name, filename)
        for place, each in _loops(tree, str(name)):
            told = nodes.Call(nodes.Name("row_of", "load"), [nodes.Const(place)], [], None, None)
            each.body.insert(0, nodes.ExprStmt(told).set_lineno(each.lineno, override=True))
        return tree

    found._parse = parsed
    return cast(Environment, found)


class _Keeping:
    def __init__(self, real: Environment, kept: Drawn) -> None:
        self._real, self._kept, self._name = real, kept, ""

    def get_template(self, name: str) -> "_Keeping":
        """The template, to be drawn."""
        self._name = name
        return self

    def render(self, **facts: Any) -> str:
        """Keep, then draw."""
        self._kept.met.append((self._name, {name: shaped(each, "", name) for name, each in facts.items()}))
        return self._real.get_template(self._name).render(**facts)


def shaped(value: Any, shape: str, name: str = "") -> Any:
    """A value in this shape; `name`: what it is called where it stands. Without a shape, a copy that no session holds."""
    if isinstance(value, str):
        return _text(value, shape) if name in TEXTS else value
    if isinstance(value, Text):
        return Text(vi=_text(value.vi, shape) or "–", en=_text(value.en, shape) or "–")
    if isinstance(value, Mapping):
        return {key: shaped(each, shape, str(key)) for key, each in value.items()}
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        shape = "" if name in FIXED else shape
        return type(value)(_row(each, shape, name) for each in _many(value, shape))
    return _thing(value, shape)


def _row(value: Any, shape: str, name: str) -> Any:
    """One of a list; a pair in it stays a pair."""
    paired = isinstance(value, tuple) and not hasattr(value, "_fields")
    return tuple(shaped(each, shape, name) for each in value) if paired else shaped(value, shape, name)


def _thing(value: Any, shape: str) -> Any:
    """A row of the store, or what a page made for its template; anything else is what it is."""
    if isinstance(value, Base):
        columns = inspect(type(value)).mapper.column_attrs
        return type(value)(**{each.key: shaped(getattr(value, each.key), shape, each.key) for each in columns})
    if is_dataclass(value) and not isinstance(value, type) and type(value).__module__.startswith("api.pages"):
        own = [each.name for each in fields(value) if each.init]
        return replace(value, **{each: shaped(getattr(value, each), shape, each) for each in own})
    return value


def _text(given: str, shape: str) -> str:
    if given in catalogue("vi"):
        return given  # the product's own words, such as the label of a field: nobody typed them
    return {"empty": "", "long": LONG}.get(shape, given)


def _many(given: list[Any] | tuple[Any, ...], shape: str) -> list[Any]:
    """Rows, more or fewer of them; lists of plain codes, and pairs of unlike things, are what they are."""
    if not given or isinstance(given[0], str | int) or len(set(map(type, given))) > 1:
        return list(given)
    return {"empty": [], "one": list(given[:1]), "many": (list(given) * MANY)[:MANY]}.get(shape, list(given))
