"""One log chain for our own, Temporal's, SQLAlchemy's and uvicorn's records; it cannot say who a person is.

Three locks: a message is written only when it is a literal of the code that logs it; a value only when its key is
allowed and it looks like an id, a code or a number; an exception as its type and our own lines, never its text.
"""

import inspect
import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, TextIO
from uuid import UUID

import structlog
import temporalio.activity
import temporalio.workflow
from typing_extensions import override

from activities.settings import LogSettings

# A key outside this list is only named in `dropped`. Ids, codes, counts: nothing a person is known by.
ALLOWED = frozenset({
    "activity_id", "activity_type", "agency", "attempt", "attempts", "box", "code", "command", "command_id", "count",
    "duration_ms", "event", "generation", "journey_id", "kind", "level", "logger", "method", "migration", "namespace",
    "officer_id", "outcome", "plan_version", "port", "process", "reference", "request_id", "revision", "role", "round",
    "route", "run_id", "rung", "scale", "seconds", "stage", "state", "status", "step", "task_id", "task_kind",
    "task_queue", "version", "worker", "workflow_id", "workflow_type",
})  # fmt: skip
WITHHELD = "message withheld"

_OWN = frozenset({"activities", "api", "deploy", "tests", "workers", "workflows"})
# The SDK's core sees sealed payloads only, so its sentences, written outside Python, hold no values of ours.
_SEALED_SOURCE = "temporalio.core"
_WORD = re.compile(r"[A-Za-z0-9_.:/{}-]{1,200}")
_CODE = re.compile(r"[a-z][a-z_]{0,59}")
# Where the SDK wraps a workflow's logger; the caller stands above it.
_SDK_ADAPTER = temporalio.workflow.logger.__class__.__module__
_SDK_EXTRAS = ("temporal_workflow", "temporal_activity")
_MOST = 12
# Keys of the chain itself: made, or taken off again, by its own steps.
_CHAIN = frozenset({"at", "event", "exc_info", "_from_structlog", "_record"})

Event = MutableMapping[str, Any]


def configure_logs(settings: LogSettings, stream: TextIO | None = None) -> None:
    """Sends every record of the process through the chain, to `stream` (standard error when None).

    Uncaught exceptions go the same way. Start uvicorn with `log_config=None`: its access lines, which hold
    query strings, are off.
    """
    handler = _QuietHandler(stream if stream is not None else sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
            ],
            processors=[_lift_sdk_extras, _literal_message, _allowed_only, _reduced_error, _stamp, _renderer(settings)],
            use_get_message=False,
        )
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    _route(handler, settings.level)
    sys.excepthook = _log_uncaught


def _route(handler: logging.Handler, level: str) -> None:
    """Leads every library's records to our one handler."""
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "sqlalchemy", "alembic", "temporalio"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.access").disabled = True
    # The SDK would otherwise write its ids into the sentence; they arrive as keys.
    temporalio.workflow.logger.workflow_info_on_message = False
    temporalio.activity.logger.activity_info_on_message = False


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger for `name` (the module's). Its first argument is a literal; facts go in allowed keys."""
    bound: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return bound


@contextmanager
def bind(*, request_id: str | None = None, journey_id: UUID | str | None = None) -> Iterator[None]:
    """Every record written inside, by whatever library, carries these ids."""
    given = {"request_id": request_id, "journey_id": journey_id}
    with structlog.contextvars.bound_contextvars(**{key: str(value) for key, value in given.items() if value}):
        yield


def flush() -> None:
    """Writes out what handlers still hold; called before a process leaves by `os._exit`."""
    for handler in logging.getLogger().handlers:
        handler.flush()


class _QuietHandler(logging.StreamHandler[TextIO]):
    """A stream handler whose own failures do not print the record they failed on."""

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        sys.stderr.write(f"a log record of {record.module}:{record.lineno} could not be written\n")


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logger("homeward").critical("uncaught exception", exc_info=(kind, error, trace))


def _lift_sdk_extras(_logger: Any, _method: str, event: Event) -> Event:
    """The SDK's dictionaries of ids become keys of their own; the copy uvicorn makes for colours goes."""
    for name in _SDK_EXTRAS:
        extras = event.pop(name, None)
        if isinstance(extras, Mapping):
            event.update({key: value for key, value in extras.items() if key in ALLOWED and key not in event})
    event.pop("color_message", None)
    return event


def _literal_message(_logger: Any, _method: str, event: Event) -> Event:
    """Keeps the message only when the calling function's code holds it as a constant: no value was put into it.

    Arguments of a stdlib message are never filled in, so "%s" stays "%s".
    """
    frame = _caller()
    literal = frame is not None and event.get("event") in _texts(frame)
    if not literal and event.get("logger") != _SEALED_SOURCE:
        event["event"] = WITHHELD
        if frame is not None:
            event["at"] = f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
    return event


def _texts(frame: FrameType) -> list[str]:
    return [one for one in frame.f_code.co_consts if isinstance(one, str)]


def _caller() -> FrameType | None:
    """The frame that asked for the record: the first above this module's, then above structlog's and logging's."""
    frame = inspect.currentframe()
    while frame is not None and _module(frame) == __name__:
        frame = frame.f_back
    while frame is not None and (_package(frame) in {"structlog", "logging"} or _module(frame) == _SDK_ADAPTER):
        frame = frame.f_back
    return frame


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _package(frame: FrameType) -> str:
    return _module(frame).partition(".")[0]


def _allowed_only(_logger: Any, _method: str, event: Event) -> Event:
    """Everything else is named in `dropped`, without its value."""
    dropped = []
    for key in [key for key in event if key not in _CHAIN]:
        value = _plain(event.pop(key))
        if key in ALLOWED and value is not _UNSAFE:
            event[key] = value
        else:
            dropped.append(key if _CODE.fullmatch(key) else "?")
    if dropped:
        event["dropped"] = sorted(dropped)
    return event


_UNSAFE = object()


def _plain(value: Any) -> Any:
    """The value as JSON may hold it, or `_UNSAFE` when it could be text about a person."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) and _WORD.fullmatch(value) else _UNSAFE


def _reduced_error(_logger: Any, _method: str, event: Event) -> Event:
    """Replaces an exception by its type, its code if it is one of ours, our own lines, and its causes' types."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if not isinstance(error, BaseException):
        return event
    event["error"] = type(error).__qualname__
    code = getattr(error, "code", None)
    if type(error).__module__.partition(".")[0] in _OWN and isinstance(code, str) and _CODE.fullmatch(code):
        event["error_code"] = code
    event["frames"] = _lines(error)
    if causes := [" ".join([type(one).__qualname__, *_lines(one)[-1:]]) for one in _causes(error)]:
        event["causes"] = causes
    return event


def _causes(error: BaseException) -> list[BaseException]:
    """What the exception came from, nearest first, and the members of a group."""
    found: list[BaseException] = []
    waiting = [error]
    while waiting and len(found) < _MOST:
        one = waiting.pop(0)
        under = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        members = list(one.exceptions) if isinstance(one, BaseExceptionGroup) else []
        waiting += [next_ for next_ in [under, *members] if next_ is not None and next_ not in found]
        found.append(one)
    return found[1:]


def _lines(error: BaseException) -> list[str]:
    """file:line of our own frames, outermost first; of the innermost frame when none is ours."""
    frames = list(traceback.walk_tb(error.__traceback__))
    own = [one for one in frames if _package(one[0]) in _OWN] or frames[-1:]
    return [f"{Path(frame.f_code.co_filename).name}:{line}" for frame, line in own[-_MOST:]]


def _stamp(_logger: Any, _method: str, event: Event) -> Event:
    """Adds the time and takes off structlog's own marks."""
    stamped = structlog.processors.TimeStamper(fmt="iso", utc=True)(_logger, _method, event)
    return structlog.stdlib.ProcessorFormatter.remove_processors_meta(_logger, _method, stamped)


def _renderer(settings: LogSettings) -> structlog.typing.Processor:
    if settings.format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=False)
