"""Questions asked as one are answered as if each had been asked alone."""

from typing import Any

from sqlalchemy import Select, String, bindparam, func, literal, select
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import aliased

from activities.store.engine import Sessions
from activities.store.organisations import Officer, Organisation, RoleHolder
from activities.store.together import Together
from tests.build.statements import statements

above, below = aliased(Organisation), aliased(Organisation)
OF_ONE = bindparam("code", type_=String)
QUESTIONS: dict[str, Select[*tuple[Any, ...]]] = {
    "all": select(Organisation).order_by(Organisation.name_vi.desc(), Organisation.id),
    "few": select(Organisation).order_by(Organisation.code).limit(3),
    "pairs": select(below, above, above.code == OF_ONE).outerjoin(above, above.id == below.parent_id).order_by(below.code.desc()),
    "names": select(Officer.name, Organisation.code, Officer.id).join(Organisation, Organisation.id == Officer.organisation_id).order_by(Officer.id),
    "count": select(func.count()).select_from(Officer),
    "roles": select(RoleHolder).where(RoleHolder.role.in_(bindparam("roles", expanding=True))).order_by(RoleHolder.id),
    "nobody": select(Officer).where(Officer.username == "nobody"),
    "unknown": select(literal(None).label("nothing")),
}  # fmt: skip
GIVEN = {"code": "health-division", "roles": ["police", "labour"]}


async def test_each_is_answered_as_if_it_had_been_asked_alone(sessions: Sessions, engine: AsyncEngine) -> None:
    """Rows, their order, the same table twice, values beside rows, none at all, and an answer that is nothing."""
    whole = Together(**QUESTIONS)
    async with sessions() as session:
        alone = {
            name: [tuple(row) if len(question.column_descriptions) > 1 else row[0] for row in await session.execute(question, GIVEN)]
            for name, question in QUESTIONS.items()
        }  # fmt: skip
        with statements(engine) as asked:
            assert alone == await whole.ask(session, GIVEN)
        assert 1 == len(asked)
    assert (len(alone["pairs"]), len(alone["few"]), alone["unknown"]) == (len(alone["all"]), 3, [None])
    assert alone["names"]
    assert any(row[2] for row in alone["pairs"])


async def test_what_is_given_differs_from_one_asking_to_the_next(sessions: Sessions) -> None:
    """Put together once; no answer is that of the asking before."""
    whole = Together(roles=QUESTIONS["roles"], pairs=QUESTIONS["pairs"])
    async with sessions() as session:
        first = await whole.ask(session, GIVEN)
        second = await whole.ask(session, {"code": "nobody", "roles": []})
    assert first["roles"]
    assert [] == second["roles"]
    assert not any(row[2] for row in second["pairs"])
