"""Durations as Go programs write them, such as `1h30m` or `500ms`: Supabase's settings and requests use them."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
PART = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)")
WHOLE = re.compile(rf"(?:{PART.pattern})+")
LONGEST = 292 * 365 * 24 * 3600.0  # what a 64-bit count of nanoseconds holds


def duration_seconds(text: str) -> float:
    """Seconds of a duration that is not negative; ValueError when it is none."""
    seconds = sum(float(number) * UNITS[unit] for number, unit in PART.findall(text))
    if WHOLE.fullmatch(text) is None or not seconds < LONGEST:
        raise ValueError(f'invalid duration "{text[:40]}": write a number with its unit, such as 30s, 5m or 1h30m')
    return seconds


def _as_seconds(value: object) -> object:
    is_plain = not isinstance(value, str) or value.replace(".", "", 1).isdigit()
    return value if is_plain else duration_seconds(str(value))


Seconds = Annotated[float, BeforeValidator(_as_seconds), Field(ge=0)]
"""A number of seconds, or a duration in Go's notation."""
