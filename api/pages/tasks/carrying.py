"""A short form carried out: once however often it is sent; what refuses it is told, and the text stays."""

from collections.abc import Awaitable, Callable

from fastapi import Response
from starlette.datastructures import FormData

from activities.casework.errors import ConflictError, ForbiddenError, InvalidError, StaleError
from api.deps import Desk
from api.errors import AnsweredError
from api.pages.show import to
from api.pages.tasks.drawing import Sent, content_of, key_of, page
from api.pages.visitor import Visitor

Work = Callable[[Desk], Awaitable[object]]
REFUSALS = (InvalidError, ConflictError, StaleError, ForbiddenError)


async def carried_out(
    visitor: Visitor, task_id: str, act: str, form: FormData, work: Work, *, said: str = "", onward: str = ""
) -> Response:
    """Do the work and go on to `onward` (the task's own page), where the page says what was done.

    `said`: its code, unless the work gives one itself.
    """
    typed, own = content_of(form), list[str]()
    try:
        async with visitor.desk() as desk:

            async def once() -> dict[str, str]:
                done = await work(desk)
                if isinstance(done, str):
                    own.append(done)
                return {}

            await desk.once(key_of(form), f"page/{act}/{task_id}", typed, 200, once)
    except AnsweredError:
        pass
    except REFUSALS as refusal:
        async with visitor.desk() as desk:
            return await page(visitor, desk, task_id, sent=Sent(act, typed, refusal))
    return to(onward or f"/tasks/{task_id}", own[0] if own else said or f"{act}-done")
