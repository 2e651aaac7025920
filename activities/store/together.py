"""Several questions asked as one: a page that shows one thing whole asks for all that belongs to it at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import FromClause, Select, false, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

Answers = dict[str, list[Any]]


class Together:
    """Questions put together once and asked often; what differs from one asking to the next is a bound parameter of theirs.

    Each stays the question it is alone. Its rows are numbered in its own order, and a full join on nothing lays them side by side: a
    row of the answer holds one row of one question. Putting a dozen together takes longer than asking them, so it is kept.
    """

    def __init__(self, **questions: Select[*tuple[Any, ...]]) -> None:
        self._names, widths, wanted = tuple(questions), list[int](), list[Any]()
        joined: FromClause | None = None
        for name, question in questions.items():
            rows = question.subquery(f"{name}_rows")
            part = select(rows, func.row_number().over().label("place")).subquery(name)
            joined = part if joined is None else joined.outerjoin(part, false(), full=True)
            fields = [_of(part, each) for each in question.column_descriptions]
            widths.append(len(fields))
            wanted += [part.c.place, *fields]
        self._widths, self._asked = widths, select(*wanted).select_from(*([joined] if joined is not None else []))

    async def ask(self, session: AsyncSession, given: Mapping[str, Any]) -> Answers:
        """The rows of each question by its name, in its order: a value where it asks for one thing, a tuple where for several."""
        found = dict[str, list[tuple[int, Any]]]((name, []) for name in self._names)
        for row in await session.execute(self._asked, given):
            name, place, values = self._one(row)
            found[name].append((place, values))
        return {name: [values for _, values in sorted(rows, key=lambda row: row[0])] for name, rows in found.items()}

    def _one(self, row: Sequence[Any]) -> tuple[str, int, Any]:
        """Which question a row answers, its place there, and what it says."""
        at = 0
        for name, width in zip(self._names, self._widths, strict=True):
            if row[at] is not None:
                return name, row[at], row[at + 1] if width == 1 else tuple(row[at + 1 : at + 1 + width])
            at += width + 1
        raise AssertionError("a row of no question")  # pragma: no cover - the join has none


def _of(part: FromClause, asked: Mapping[str, Any]) -> Any:
    """What a question asks for, as it stands in its part of the whole: a row of a table, or a value."""
    expression = asked["expr"]
    if "entity" in asked and expression is asked["entity"]:
        return aliased(asked["entity"], part)
    return part.corresponding_column(getattr(expression, "__clause_element__", lambda: expression)())
