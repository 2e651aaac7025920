"""What every connection tells the database of the questions to come."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine


async def test_a_server_that_can_compile_questions_is_told_not_to(engine: AsyncEngine) -> None:
    """Debian's can, the one in our wheel cannot: an office would wait for what no run here shows."""
    async with engine.connect() as connection:
        assert "off" == await connection.scalar(text("SHOW jit"))
        assert "1.1" == await connection.scalar(text("SHOW random_page_cost"))
