"""Stories of the logs: they tell what the system does, and cannot tell who a person is."""

import asyncio
import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import structlog
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from activities.logs import ALLOWED, WITHHELD, bind, configure_logs, flush, logger
from activities.settings import LogSettings

NAME = "Nguyễn Thị Lan"
JOURNEY = UUID("018f0000-0000-7000-8000-000000000001")


class Paper(io.StringIO):
    """What was written."""

    def lines(self) -> list[dict[str, Any]]:
        """Each record, and the proof that none holds the name or a part of it."""
        written = self.getvalue()
        assert not [part for part in (*NAME.split(), "Lan", "0912345678") if part in written], written
        return [json.loads(line) for line in written.splitlines()]


@pytest.fixture
def paper() -> Iterator[Paper]:
    """A log chain that writes here, taken down afterwards."""
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = root.handlers[:], root.level
    paper = Paper()
    configure_logs(LogSettings(level="DEBUG"), paper)
    yield paper
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook = hook
    logging.getLogger("uvicorn.access").disabled = False
    structlog.reset_defaults()


class DatabaseLostError(Exception):
    """An error of ours with a code."""

    code = "database_lost"


def test_a_record_says_what_happened_with_ids_and_codes(paper: Paper) -> None:
    """Enough to find the task and to count."""
    logger("activities.casework").info("task settled", task_id=JOURNEY, code="done", attempt=2)
    [line] = paper.lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "task settled",
        "level": "info",
        "logger": "activities.casework",
        "task_id": str(JOURNEY),
        "code": "done",
        "attempt": 2,
    }


def test_a_name_under_any_key_never_appears(paper: Paper) -> None:
    """Keys that are not on the list are named, without their values; so are allowed keys with text in them."""
    logger("x").info("saved", name=NAME, phone="0912345678", error=NAME, code=NAME, task_id=[NAME], status="done")
    [line] = paper.lines()
    assert line["dropped"] == ["code", "error", "name", "phone", "task_id"]
    assert line["status"] == "done"


def test_a_name_put_into_the_message_never_appears(paper: Paper) -> None:
    """A message that is not a literal of the code is withheld; the line that logged it is named."""
    person = NAME.upper().title()
    logger("x").warning(f"saved {person}")
    logger("x").warning("saved %s", person)
    joined = "saved " + person
    logging.getLogger("library").warning(joined)
    logging.getLogger("library").warning("saved %s", person)
    events = [line["event"] for line in paper.lines()]
    assert events == [WITHHELD, "saved %s", WITHHELD, "saved %s"]
    assert paper.lines()[0]["at"].startswith("test_logs.py:")


def test_a_name_as_a_key_never_appears(paper: Paper) -> None:
    """A carelessly spread dictionary gives nothing away."""
    logger("x").info("saved", **{NAME: 1})
    assert paper.lines()[0]["dropped"] == ["?"]


def test_an_exception_is_its_type_and_our_lines(paper: Paper) -> None:
    """Neither its text, nor its causes' texts, nor the variables of any frame."""
    person = NAME

    def lookup() -> None:
        error = DatabaseLostError(f"row of {person}")
        try:
            int(person)
        except ValueError as cause:
            raise error from cause

    try:
        lookup()
    except DatabaseLostError:
        logger("x").exception("look-up failed")
        logging.getLogger("library").exception("look-up failed")
    for line in paper.lines():
        assert (line["error"], line["error_code"]) == ("DatabaseLostError", "database_lost")
        assert len(line["frames"]) == 2
        assert all(frame.startswith("test_logs.py:") for frame in line["frames"])
        assert line["causes"][0].startswith("ValueError test_logs.py:")


def test_groups_of_exceptions_name_their_members(paper: Paper) -> None:
    """Parallel tasks that fail together are all told."""
    group = ExceptionGroup(NAME, [ValueError(NAME), DatabaseLostError(NAME)])
    logger("x").error("stage failed", exc_info=group)
    assert paper.lines()[0]["causes"] == ["ValueError", "DatabaseLostError"]


def test_a_database_error_does_not_quote_its_row(paper: Paper) -> None:
    """SQLAlchemy puts statement and parameters into its message; none of it is written, nor is its echo."""
    engine = create_engine("sqlite://", echo=True)
    with engine.connect() as connection, pytest.raises(SQLAlchemyError) as failed:
        connection.execute(text("select :name from nowhere"), {"name": NAME})
    engine.dispose()
    logger("x").error("statement failed", exc_info=failed.value)
    last = paper.lines()[-1]
    assert last["error"] == "OperationalError"
    assert "nowhere" not in paper.getvalue()


async def test_an_exception_nobody_awaited_is_reduced_too(paper: Paper) -> None:
    """What asyncio writes: it puts the exception into its message. Withheld, its type kept."""
    asyncio.get_running_loop().call_exception_handler({"message": f"lost {NAME}", "exception": ValueError(NAME)})
    line = paper.lines()[-1]
    assert (line["event"], line["error"], line["logger"]) == (WITHHELD, "ValueError", "asyncio")


def test_every_record_inside_a_request_carries_its_ids(paper: Paper) -> None:
    """One search shows all a request did, libraries included; nothing sticks to the next one."""
    with bind(request_id="r-1", journey_id=JOURNEY):
        logger("x").info("inside")
        logging.getLogger("library").info("inside")
    logger("x").info("after")
    first, second, third = paper.lines()
    assert first["request_id"] == second["request_id"] == "r-1"
    assert first["journey_id"] == second["journey_id"] == str(JOURNEY)
    assert "request_id" not in third


def test_a_request_id_from_outside_cannot_smuggle_text(paper: Paper) -> None:
    """A browser may send any header."""
    with bind(request_id=NAME):
        logger("x").info("inside")
    assert paper.lines()[0]["dropped"] == ["request_id"]


def test_the_sdks_ids_arrive_as_keys(paper: Paper) -> None:
    """A workflow's line can be found by its workflow id; other contents of the SDK's dictionary cannot slip in."""
    ids = {"workflow_id": "journey-1", "attempt": 1, "input": NAME}
    logging.getLogger("temporalio.workflow").warning("stage began", extra={"temporal_workflow": ids})
    [line] = paper.lines()
    assert (line["workflow_id"], line["attempt"]) == ("journey-1", 1)


def test_uvicorns_access_lines_are_off(paper: Paper) -> None:
    """They hold query strings, and so what officers search for."""
    logging.getLogger("uvicorn.access").info('%s - "%s %s"', "127.0.0.1", "GET", f"/journeys?name={NAME}")
    logging.getLogger("uvicorn.error").info("Started server process [%d]", 7, extra={"color_message": "x"})
    [line] = paper.lines()
    assert line["event"] == "Started server process [%d]"
    assert "dropped" not in line


def test_a_record_that_cannot_be_written_does_not_show_itself(paper: Paper, capsys: pytest.CaptureFixture[str]) -> None:
    """The standard library would print the record's arguments."""
    paper.close()
    logging.getLogger("library").warning("saved %s", NAME)
    shown = capsys.readouterr().err
    assert "could not be written" in shown
    assert NAME not in shown


def test_people_can_read_the_console_form(paper: Paper) -> None:
    """The same chain, for a terminal."""
    console = io.StringIO()
    configure_logs(LogSettings(level="INFO", format="console"), console)
    logger("x").info("task settled", code="done", name=NAME)
    logger("x").debug("too small")
    flush()
    assert "task settled" in console.getvalue()
    assert "code=done" in console.getvalue()
    assert NAME not in console.getvalue()
    assert "too small" not in console.getvalue()


def test_a_process_that_dies_of_an_exception_does_not_print_it() -> None:
    """The last words of a crash are reduced like any others."""
    program = (
        "from activities.logs import configure_logs; from activities.settings import LogSettings;"
        f"configure_logs(LogSettings()); raise ValueError({NAME!r})"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1]
    )
    assert ended.returncode == 1
    assert NAME not in ended.stderr
    line = json.loads(ended.stderr)
    assert (line["event"], line["error"]) == ("uncaught exception", "ValueError")


def test_nothing_a_person_is_known_by_is_on_the_list() -> None:
    """The list is read by a lawyer as well."""
    identity = {"name", "birth", "address", "phone", "paper", "photo", "narrative", "username", "email", "place"}
    assert not ALLOWED & identity
