"""Logs: one JSON object a line for machines, readable lines for people at a terminal."""

import logging
import sys

import structlog

from upshot.settings import Settings

# They log headers, addresses with keys in them, or whole messages.
_CHATTY = ("httpx", "httpcore", "httpx2", "httpcore2", "websockets", "realtime", "openai", "anthropic", "google_genai")


def configure(settings: Settings) -> None:
    """Set up structlog for this process; standard error, so that output stays output."""
    level = getattr(logging, settings.log_level.upper())
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())
    draw = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            draw,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(worker=settings.worker_name)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.ERROR)
