"""JSON that keeps what it was given: big integers stay exact, already encoded parts are passed through."""

import json
import math
from typing import Any, NoReturn


class InvalidJsonError(ValueError):
    """The text is not JSON (RFC 8259)."""


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidJsonError(f"{name} is not JSON")


def _finite(literal: str) -> float:
    number = float(literal)
    if math.isinf(number):
        raise InvalidJsonError(f"the number {literal[:20]} is too large to pass on")
    return number


def loads(text: str | bytes) -> Any:
    """Decode JSON text. Raises InvalidJsonError, also for NaN, infinities and nesting too deep to read."""
    try:
        return json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise InvalidJsonError(str(error)) from error


def dumps(value: Any) -> str:
    """Encode as ASCII JSON, so that lone surrogates survive as escapes instead of breaking the socket."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)
