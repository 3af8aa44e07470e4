"""Structured logs that cannot tell what was said, by whom, or with which key.

One chain for the house's own records and for those of the libraries: JSON lines for machines, coloured lines on a
terminal. The floors below only ever call `structlog.get_logger()`; the redaction is here, behind all of them, so that
no caller can forget it.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from app.log_redaction import clean_text, redact, traceback_of

#: Libraries that log addresses, bodies or statements at a finer level than this: a number, a sentence or a key.
TALKATIVE = (
    "httpx",
    "httpcore",
    "twilio",
    "websockets",
    "aiosqlite",
    "sqlalchemy",
    "groq",
    "openai",
    "elevenlabs",
    "hpack",
    "sse_starlette",
    "asyncpg",
)


def configure(level: str = "info", *, stream: TextIO | None = None, as_json: bool | None = None) -> None:
    """Send every log record, redacted, to `stream` (standard error), as JSON unless `stream` is a terminal.

    `level`: `debug`, `info`, `warning` or `error`. Uvicorn's access log is silenced: its lines hold query strings and
    numbers; the house counts requests in its metrics. May be called again.
    """
    stream = stream if stream is not None else sys.stderr
    as_json = not stream.isatty() if as_json is None else as_json
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_common(), _shorten_asyncio],
            processors=[_guard, *_renderers(as_json, stream)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    _quiet_uvicorn(root.level)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            *_common(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,  # a logger made before `configure` must not keep the unredacted chain
    )


def _common() -> list[Processor]:
    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
    ]


def _renderers(as_json: bool, stream: TextIO) -> list[Processor]:
    if as_json:
        return [structlog.processors.JSONRenderer(ensure_ascii=False)]
    return [structlog.dev.ConsoleRenderer(colors=stream.isatty())]


def _guard(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """The last step before rendering: nothing personal passes, wherever in the record it stands."""
    for key in ("_record", "_from_structlog"):
        event.pop(key, None)
    exception = _exception_of(event.pop("exc_info", None))
    for key in ("stack_info", "stack", "exception"):
        event.pop(key, None)  # rendered by somebody else: may hold an exception's own words
    message = clean_text(str(event.pop("event", "")))
    cleaned: dict[str, Any] = {"event": message, **redact(event)}
    if exception is not None:
        cleaned["exception"] = traceback_of(exception)
    return cleaned


def _exception_of(given: object) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple) and len(given) == 3 and isinstance(given[1], BaseException):
        return given[1]
    return sys.exc_info()[1] if given is True else None


def _shorten_asyncio(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """asyncio describes a failed task by its `repr`, with the exception's words in it; the first line is enough."""
    if event.get("logger") == "asyncio":
        event["event"] = str(event["event"]).partition("\n")[0]
    return event


def _quiet_uvicorn(level: int) -> None:
    """Uvicorn's messages go our way, its access log nowhere.

    Nor does what `websockets` tells in its name at `debug`: every frame of a call, and with it what is said and keyed.
    """
    for name in ("uvicorn", "uvicorn.error", "uvicorn.asgi"):
        logger = logging.getLogger(name)
        logger.handlers = []
        logger.propagate = True
        logger.setLevel(max(level, logging.INFO))
        logger.disabled = False
    access = logging.getLogger("uvicorn.access")
    access.handlers = []
    access.propagate = False
    access.disabled = True
