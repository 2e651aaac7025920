"""A request is decided: by whoever may, never by the one who asked; the decision reaches the asker."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import requests
from activities.casework.context import Office
from activities.casework.decisions import Decide, carry_out
from activities.casework.errors import ForbiddenError, InvalidError
from activities.casework.permits import demand, in_full, of_task
from activities.casework.winners import still_live
from activities.domain.states import DecisionKind
from activities.plan.access import Actor, Verb, scope
from activities.store.requests import Request
from activities.store.tasks import Task


@dataclass(frozen=True)
class Answer:
    """A decision on a request. `answer`: the facts asked for. `budget`, `organisation`: other than was asked, if given."""

    grant: bool
    reason: str = ""
    answer: str = ""
    budget: str = ""
    organisation: str = ""


async def decide_request(
    session: AsyncSession, office: Office, actor: Actor, request_id: str, given: Answer
) -> Request:
    """Grant or refuse; a granted extension or new holder takes effect in the same transaction."""
    journey, task, request = await requests.lock_request(session, request_id)
    subject = of_task(journey, task)
    beyond = _named(actor, request) and not scope(actor).covers(subject)
    if not beyond:
        demand(actor, Verb.READ_TASK, subject, unknown="request-unknown")
    if request.asked_by == actor.officer_id:
        raise ForbiddenError("own-request")
    if request.kind == "facts":
        demand(actor, Verb.RECORD_WISH, subject)
    elif not beyond:
        demand(actor, Verb.DECIDE, subject, decision=DecisionKind(request.kind))
    if request.state == "open":
        still_live(task, told=in_full(actor, journey, task))
    state = "granted" if given.grant else "refused"
    await requests.close(session, office, journey, task, request, state, actor.officer_id)
    if not given.grant and not given.reason.strip():
        raise InvalidError("reason-missing")
    if given.grant and request.kind == "facts" and not given.answer.strip():
        raise InvalidError("answer-missing")
    if given.grant and request.kind != "facts":
        await carry_out(session, office, actor, journey, task, _decision(request, given))
    told = {"why": given.reason, "answer": given.answer}
    requests.write_words(office, request, requests.read_words(office, request) | told)
    return request


def waits_for(actor: Actor, task: Task, request: Request) -> bool:
    """Whether the request waits for this actor's decision: it names their body, or has come within the district's reach."""
    if request.state != "open" or task.state.final or request.asked_by == actor.officer_id:
        return False
    return _named(actor, request) or (actor.district and request.decider != "coordinator")


def _named(actor: Actor, request: Request) -> bool:
    """Whether the request waits for this actor's body: the law may name one that watches nothing else of the journey."""
    return request.decider_id == actor.organisation_id and request.decider in actor.roles


def _decision(request: Request, given: Answer) -> Decide:
    reason = given.reason.strip() or f"request {request.id}"
    if request.kind == "extend":
        budget = given.budget or request.budget
        return Decide(kind=DecisionKind.EXTEND, reason=reason, ground=request.ground, budget=budget)
    return Decide(kind=DecisionKind.REASSIGN, reason=reason, organisation=given.organisation or request.organisation)
