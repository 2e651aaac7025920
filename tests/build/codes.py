"""Every text that an argument of a call can be, read from the code: through names, choices, parameters and constants."""

import ast
import importlib
from collections.abc import Iterator
from enum import Enum
from functools import cached_property
from itertools import product
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGES = ("activities", "api", "deploy", "workers", "workflows")
Function = ast.FunctionDef | ast.AsyncFunctionDef
Known = dict[str, set[str]]


class Place(NamedTuple):
    """A call, the module it is in (`activities.casework.ending`), the function around it, and what conditions let names be."""

    module: str
    function: Function | None
    call: ast.Call
    bounds: Known


class Code:
    """All modules of the product.

    `known`: what an expression that no reading of the code can tell stands for, by `module:expression`; `met`: those that
    were asked for. An expression that neither tells is an AssertionError, so a new call site cannot pass unseen.
    """

    def __init__(self, known: Known) -> None:
        self.known, self.met = known, set[str]()

    @cached_property
    def trees(self) -> dict[str, ast.Module]:
        """Syntax by module."""
        files = (
            file for package in PACKAGES for file in (ROOT / package).rglob("*.py") if "migrations" not in file.parts
        )
        return {_module(file): ast.parse(file.read_text()) for file in files}

    @cached_property
    def calls(self) -> list[Place]:
        """Every call there is."""
        return [each for module, tree in self.trees.items() for each in _calls(module, tree, None, {})]

    def said(self, function: str, name: str) -> set[str]:
        """What the parameter `name` of a function (`activities.casework.notices.notify`) is given, wherever it is called."""
        return {text for _, texts in self.each(function, name) for text in texts}

    def each(self, function: str, name: str) -> Iterator[tuple[Place, set[str]]]:
        """The same call by call."""
        module, found = self._found(function)
        return self._given(module, found, name, ())

    def returned(self, function: str) -> set[str]:
        """What a function answers."""
        module, found = self._found(function)
        return self._returned(module, found, ())

    def entries(self, function: str, key: str) -> set[str]:
        """What stands under a key of the mappings that a function writes down."""
        module, found = self._found(function)
        written = [each for each in ast.walk(found) if isinstance(each, ast.Dict)]
        pairs = [pair for each in written for pair in zip(each.keys, each.values, strict=True)]
        return self._all(
            [value for name, value in pairs if isinstance(name, ast.Constant) and name.value == key],
            _in(module, found),
            (),
        )

    def keys(self, function: str, name: str) -> set[str]:
        """The keys of the mapping that a function calls by this name."""
        module, found = self._found(function)
        written = [each for each in _assigned(found, name) if isinstance(each, ast.Dict)]
        return self._all([key for each in written for key in each.keys if key], _in(module, found), ())

    def made(self, kind: type, argument: int | str, within: str = "") -> set[str]:
        """What whatever is made of a class is given in this place, or by this name; `within`: in modules that begin so."""
        places = (each for each in self.calls if each.module.startswith(within))
        of_kind = [each for each in places if _is(self._of(each.module, ast.unparse(each.call.func)), kind)]
        found = set[str]()
        for place in of_kind:
            named = {each.arg: each.value for each in place.call.keywords} | dict(enumerate(place.call.args))
            found |= self.values(named[argument], place) if argument in named else set()
        return found

    def put(self, module: str, target: str) -> set[str]:
        """What `row.state`, say, is set to in a module."""
        functions = [each for each in ast.walk(self.trees[module]) if isinstance(each, Function)]
        return {text for each in functions for text in self._all(list(_assigned(each, target)), _in(module, each), ())}

    def cases(self, function: str) -> set[str]:
        """What a statement's `case` answers."""
        module, found = self._found(function)
        asked = [each for each in ast.walk(found) if isinstance(each, ast.Call) and ast.unparse(each.func) == "case"]
        answers = [each.elts[1] for call in asked for each in call.args if isinstance(each, ast.Tuple)]
        return self._all(answers, _in(module, found), ())

    def firsts(self, function: str) -> set[str]:
        """The first text of every pair that a function writes down."""
        pairs = [each for each in ast.walk(self._found(function)[1]) if isinstance(each, ast.Tuple) and each.elts]
        return {str(each.elts[0].value) for each in pairs if isinstance(each.elts[0], ast.Constant)}

    def handed(self, function: str) -> set[Any]:
        """The objects that a function is given as its first argument, where they are constants of ours."""
        module, found = self._found(function)
        places = [each for each in self.calls if self._names(each, module, found.name, method=False)]
        return {self._of(each.module, ast.unparse(each.call.args[0])) for each in places}

    def _found(self, function: str) -> tuple[str, Function]:
        module, _, called = function.rpartition(".")
        return module, next(
            each for each in ast.walk(self.trees[module]) if isinstance(each, Function) and each.name == called
        )

    def _all(self, given: list[ast.expr], place: Place, through: tuple[str, ...]) -> set[str]:
        return {text for each in given for text in self.values(each, place, through)}

    def _returned(self, module: str, function: Function, through: tuple[str, ...]) -> set[str]:
        at = f"{module}.{function.name}"
        answers = [each.value for each in _own(function) if isinstance(each, ast.Return) and each.value]
        return set() if at in through else self._all(answers, _in(module, function), (*through, at))

    def _given(
        self, module: str, function: Function, name: str, through: tuple[str, ...]
    ) -> Iterator[tuple[Place, set[str]]]:
        at = f"{module}.{function.name}.{name}"
        if at in through:
            return
        if at in self.known:
            self.met.add(at)
            yield _in(module, function), self.known[at]
            return
        arguments = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
        method = bool(arguments) and arguments[0] == "self"
        places = [each for each in self.calls if self._names(each, module, function.name, method=method)]
        assert places, f"nothing tells what this can be: {at}"
        for place in places:
            passed = {each.arg: each.value for each in place.call.keywords}
            positions = dict(zip(arguments[method:], place.call.args, strict=False))
            given = passed.get(name, positions.get(name, _default(function, name)))
            yield place, set() if given is None else self.values(given, place, (*through, at))

    def _names(self, place: Place, module: str, name: str, *, method: bool) -> bool:
        """Whether this call is of that function: by its name where it is imported or at home, through its module or an object."""
        called = place.call.func
        if isinstance(called, ast.Attribute) and called.attr == name:
            owner = self._of(place.module, ast.unparse(called.value))
            at_home = place.module == module or not name.startswith("_")
            return getattr(owner, "__name__", "") == module or (method and owner is None and at_home)
        if not (isinstance(called, ast.Name) and called.id == name):
            return False
        return place.module == module or getattr(self._of(place.module, name), "__module__", "") == module

    def values(self, given: ast.expr, place: Place, through: tuple[str, ...] = ()) -> set[str]:
        """The texts an expression can be; empty ones are left out."""
        at = f"{place.module}:{ast.unparse(given)}"
        if at in self.known:
            self.met.add(at)
            return self.known[at]
        if isinstance(given, ast.Name) and given.id in place.bounds:
            return place.bounds[given.id]
        parts = _parts(given)
        return self._whole(given, place, through) if parts is None else self._all(parts, place, through)

    def _whole(self, given: ast.expr, place: Place, through: tuple[str, ...]) -> set[str]:
        """The same of what is no choice between others."""
        match given:
            case ast.Constant():
                return {given.value} if isinstance(given.value, str) and given.value else set()
            case ast.Call(func=ast.Name(id=name)) if called := self._home(place.module, name):
                return self._returned(*called, through)
            case ast.JoinedStr():
                pieces = [self.values(_plain(each), place, through) for each in given.values]
                return {"".join(each) for each in product(*pieces)}
        constant = self._constant(given, place.module)
        return constant if constant is not None else self._local(given, place, through)

    def _constant(self, given: ast.expr, module: str) -> set[str] | None:
        """Of a constant, a member of an enumeration, or any value of a constant mapping; None for anything else."""
        named = ast.unparse(given.value if isinstance(given, ast.Subscript) else given)
        try:
            found = attrgetter(named)(importlib.import_module(module))
        except AttributeError:
            return None
        found = list(found.values()) if isinstance(found, dict) else found
        texts = found if isinstance(found, list | tuple) else [found]
        return (
            {str(each.value if isinstance(each, Enum) else each) for each in texts}
            if all(isinstance(each, str) for each in texts)
            else None
        )

    def _local(self, given: ast.expr, place: Place, through: tuple[str, ...]) -> set[str]:
        module, function = place.module, place.function
        match given, function:
            case ast.Name(id=name), ast.FunctionDef() | ast.AsyncFunctionDef():
                if set_here := list(_assigned(function, name)):
                    return self._all(set_here, place, through)
                if name in {each.arg for each in (*function.args.args, *function.args.kwonlyargs)}:
                    return {text for _, texts in self._given(module, function, name, through) for text in texts}
            case ast.Subscript(value=ast.Name(id=name)), ast.FunctionDef() | ast.AsyncFunctionDef():
                if put := list(_appended(function, name)):
                    return self._all(put, place, through)
        raise AssertionError(f"nothing tells what this can be: {module}:{ast.unparse(given)}")

    def _home(self, module: str, name: str) -> tuple[str, Function] | None:
        """The function of ours that a name stands for in a module, with the module it is written in."""
        home = getattr(self._of(module, name), "__module__", "")
        written = (
            (each for each in ast.walk(self.trees[home]) if isinstance(each, Function) and each.name == name)
            if home in self.trees
            else ()
        )
        return next(((home, each) for each in written), None)

    @staticmethod
    def _of(module: str, name: str) -> Any:
        return getattr(importlib.import_module(module), name, None)


def _in(module: str, function: Function) -> Place:
    """A place in the middle of a function."""
    return Place(module, function, ast.Call(ast.Name(function.name), [], []), {})


def _is(found: Any, kind: type) -> bool:
    return isinstance(found, type) and issubclass(found, kind)


def _calls(module: str, node: ast.AST, function: Function | None, bounds: Known) -> Iterator[Place]:
    for each in ast.iter_child_nodes(node):
        within = bounds
        if isinstance(node, ast.If) and each in node.body:
            within = bounds | _bounds(node.test)
        if isinstance(each, ast.Call):
            yield Place(module, function, each, within)
        yield from _calls(module, each, each if isinstance(each, Function) else function, within)


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function, without the functions within it."""
    for each in ast.iter_child_nodes(node):
        if not isinstance(each, Function):
            yield each
            yield from _own(each)


def _bounds(test: ast.expr) -> Known:
    """What `name in ("one", "other")` leaves of a name."""
    if isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and isinstance(test.ops[0], ast.In):
        among = test.comparators[0]
        if isinstance(among, ast.Tuple) and all(isinstance(each, ast.Constant) for each in among.elts):
            return {test.left.id: {str(each.value) for each in among.elts if isinstance(each, ast.Constant)}}
    return {}


def _parts(given: ast.expr) -> list[ast.expr] | None:
    """What an expression chooses from, or hands through, where it does."""
    match given:
        case ast.IfExp():
            found = [given.body, given.orelse]
        case ast.BoolOp():
            found = given.values
        case ast.Tuple() | ast.List():
            found = given.elts
        case ast.DictComp() | ast.Await() | ast.Attribute(attr="value"):
            found = [given.value]
        case ast.Call(func=ast.Attribute(value=ast.Dict(values=values))):  # {…}.get(one, or else)
            found = [*values, *given.args[1:]]
        case _:
            return None
    return found


def _plain(given: ast.expr) -> ast.expr:
    return given.value if isinstance(given, ast.FormattedValue) else given


def _assigned(function: Function, name: str) -> Iterator[ast.expr]:
    """What a name is set to in a function: by assignment, one by one in a tuple, or going through something."""
    for each in ast.walk(function):
        if isinstance(each, ast.Assign):
            yield from (value for target in each.targets for value in _paired(target, each.value, name))
        elif isinstance(each, ast.NamedExpr) and each.target.id == name:
            yield each.value
        elif (
            isinstance(each, ast.For | ast.comprehension)
            and isinstance(each.target, ast.Name)
            and each.target.id == name
        ):
            yield each.iter


def _appended(function: Function, name: str) -> Iterator[ast.expr]:
    """What is put into a list of this name in a function."""
    for each in ast.walk(function):
        if isinstance(each, ast.Call) and ast.unparse(each.func) == f"{name}.append":
            yield each.args[0]


def _paired(target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.expr]:
    if ast.unparse(target) == name:
        yield value
    elif isinstance(target, ast.Tuple):
        one_by_one = isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts)
        values = value.elts if isinstance(value, ast.Tuple) and one_by_one else [value] * len(target.elts)
        for one, other in zip(target.elts, values, strict=True):
            yield from _paired(one, other, name)


def _default(function: Function, name: str) -> ast.expr | None:
    named = function.args
    pairs = [
        *zip(named.args[::-1], named.defaults[::-1], strict=False),
        *zip(named.kwonlyargs, named.kw_defaults, strict=True),
    ]
    return next((value for argument, value in pairs if argument.arg == name), None)


def _module(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
