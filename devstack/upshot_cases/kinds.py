"""Numbers, shares and yes or no, as JSON or people write them in `inputs`."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

_NO = frozenset(["false", "no", "n", "0", "off", "none", ""])


def share(said: Any) -> float:
    """``0.9``, ``"90%"``, ``90``, ``"p90"``: a share of one."""
    text = str(said).strip().lower()
    number = float(text.removeprefix("p").removesuffix("%"))
    return number / 100 if text.endswith("%") or number > 1 else number


def number(said: Any) -> float:
    """``2``, ``"2"``, ``"25%"``."""
    return share(said) if str(said).strip().endswith("%") else float(said)


def truth(said: Any) -> bool:
    """Whether a word, a number or a boolean means yes."""
    return str(said).strip().lower() not in _NO


_SPAN = re.compile(r"\s*P?T?\s*([\d.]+)\s*([wdhms])(?!o)", re.IGNORECASE)
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


def duration(inputs: Mapping[str, Any], name: str) -> dt.timedelta | None:
    """``window_days: 7``, ``window: "7 days"``, ``"P7D"``, ``{"hours": 12}``; a bare number is days."""
    for unit in _UNITS.values():
        if inputs.get(f"{name}_{unit}") is not None:
            return dt.timedelta(**{unit: float(inputs[f"{name}_{unit}"])})
    said = inputs.get(name)
    if isinstance(said, Mapping):
        return duration({f"{name}_{unit}": said[unit] for unit in said}, name)
    if isinstance(said, (int, float)):
        return dt.timedelta(days=said)
    found = _SPAN.match(str(said or ""))
    return dt.timedelta(**{_UNITS[found[2].lower()]: float(found[1])}) if found else None


def flat(said: Any) -> list[Any]:
    """Everything that lists and mappings hold, with the mappings' names."""
    if isinstance(said, dict):
        return [one for pair in said.items() for value in pair for one in flat(value)]
    if isinstance(said, (list, tuple)):
        return [one for value in said for one in flat(value)]
    return [said]


def words(text: str) -> list[str]:
    """What a list within a text names: ``a, 'b c' and d``."""
    return [part.strip().strip("'\"") for part in re.split(r",|;|\band\b|\bor\b", text) if part.strip()]
