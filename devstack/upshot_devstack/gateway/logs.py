"""Structured logs: one JSON object a line on standard error. Never tokens, keys, query strings or bodies."""

import logging
import sys
import traceback
from typing import Any

import structlog


def configure(level: str) -> None:
    """Send structlog's and the standard library's records to one JSON stream."""
    shared: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(level=number, handlers=[handler], force=True)


def access_logger() -> Any:
    """The logger of the access log; untyped because structlog's bound loggers are made at run time."""
    return structlog.get_logger("gateway").bind()


def cause(error: BaseException) -> dict[str, Any]:
    """What to log of a failure: its kind and where it arose.

    Neither the message nor the variables: they may quote rows, tokens and bodies.
    """
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return {"kind": type(error).__name__, "where": where}
