"""What people may do in a journey, by noun: each act by its name, and who may do it."""

from collections.abc import Awaitable, Callable

from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.context import Office
from activities.plan.access import Actor
from activities.store.tasks import Task

EVENLY = st.randoms(use_true_random=True)  # by a seed: left to itself, a search dwells on a few acts
COORDINATOR, DISTRICT = "labour-division.coordinator", "district.supervisor"
Do = Callable[[AsyncSession, Office, Actor, Task], Awaitable[object]]
Who = Callable[[AsyncSession, Task], Awaitable[str]]  # the username of whose turn it is
