"""How long a provider asks to wait, in whichever way it says so."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

_GOOGLE_DURATION = re.compile(r"(\d+(?:\.\d+)?)s")


def from_headers(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds from ``retry-after-ms`` or ``retry-after`` (seconds or an HTTP date), None when absent or not readable.

    ``headers`` must find names in any case, ``now`` must be aware.
    """
    if (milliseconds := _number(headers.get("retry-after-ms"))) is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    if (seconds := _number(value)) is not None:
        return seconds
    return _until(value, now) if value else None


def from_google_details(details: Iterable[Any]) -> float | None:
    """Seconds from the RetryInfo among a Google error's details, such as ``{"retryDelay": "3.5s"}``."""
    for detail in details:
        delay = detail.get("retryDelay") if isinstance(detail, Mapping) else None
        if isinstance(delay, str) and (match := _GOOGLE_DURATION.fullmatch(delay)):
            return float(match[1])
    return None


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None


def _until(text: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    # An HTTP date is in GMT even when it says "-0000".
    return max(0.0, ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds())
