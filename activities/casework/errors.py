"""What a caller is told when a change cannot be made: a stable code and facts, never a status number."""

from collections.abc import Mapping
from dataclasses import dataclass, field


class CaseError(Exception):
    """A refusal. `code` is stable; `facts` are ids and codes the caller may see."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


class NotFoundError(CaseError):
    """There is no such thing, or it is not the caller's to know of."""


class ForbiddenError(CaseError):
    """The caller knows of the thing but this verb is not theirs."""


class ConflictError(CaseError):
    """The row moved on; `facts["winner"]` says how."""


class StaleError(CaseError):
    """The form was drawn from an older revision; `facts["revision"]` is today's."""


class MalformedError(CaseError):
    """The request cannot be understood."""


class DamagedError(CaseError):
    """What was kept cannot be given back whole."""


@dataclass(frozen=True)
class FieldProblem:
    """One thing wrong with one field. `facts`: numbers its text names, never what was sent."""

    loc: tuple[str, ...]
    code: str
    message: str
    facts: Mapping[str, int] = field(default_factory=dict)


class InvalidError(CaseError):
    """What was sent does not fit its model, field by field."""

    def __init__(self, code: str, problems: tuple[FieldProblem, ...] = (), **facts: object) -> None:
        super().__init__(code, **facts)
        self.problems = problems
