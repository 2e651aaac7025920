"""Synthetic officers for the local stack and the rehearsal: one officer and one head an organisation, the lead's coordinator, the district."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.staffing import enter_officer, enter_plan
from activities.domain.states import Role
from activities.plan.model import Plan
from activities.security.passwords import hash_password


async def station(session: AsyncSession, plan: Plan, password: str, today: date) -> list[str]:
    """Enter the plan's organisations and their synthetic officers; their usernames."""
    await enter_plan(session, plan, today)
    hashed = hash_password(password)
    names: list[str] = []

    async def enter(username: str, organisation: str, *roles: Role, district: bool = False) -> None:
        await enter_officer(
            session,
            username,
            f"{username} (synthetic)",
            organisation,
            roles,
            password,
            district=district,
            password_hash=hashed,
        )
        names.append(username)

    for entry in plan.organisations:
        await enter(f"{entry.code}.officer", entry.code, Role.OFFICER)
        await enter(f"{entry.code}.head", entry.code, Role.SUPERVISOR)
    leads = [entry.code for entry in plan.organisations if entry.role == plan.lead]
    for lead in leads:
        await enter(f"{lead}.coordinator", lead, Role.COORDINATOR, Role.OFFICER)
    await enter("district.supervisor", leads[0], Role.SUPERVISOR, district=True)
    await enter("administrator", leads[0], Role.ADMINISTRATOR)
    return names
