"""Who takes part in an experiment: a rule over what is known of a call.

Evaluates what the database has accepted (private.check_audience); the shared vectors in
frontend_contract/fixtures/audience_vectors.json hold for both. Absent, null and values of another type do not match,
and ``not`` turns that round. Texts compare by code point, as Python's do.
"""

from collections.abc import Callable, Mapping
from typing import Any

Scalar = str | int | float | bool


def matches(audience: Mapping[str, Any] | None, context: Mapping[str, Any]) -> bool:
    """Whether a call is in the audience; None is everybody."""
    if audience is None:
        return True
    if "not" in audience:
        return not matches(audience["not"], context)
    if "all" in audience:
        return all(matches(rule, context) for rule in audience["all"])
    if "any" in audience:
        return any(matches(rule, context) for rule in audience["any"])
    value = _at(audience["attribute"], context)
    operator = next(name for name in audience if name != "attribute")
    wanted = audience[operator]
    if operator == "exists":
        return (value is not None) is wanted
    return value is not None and _OPERATORS[operator](value, wanted)


def _at(attribute: str, context: Mapping[str, Any]) -> Any:
    value: Any = context
    for name in attribute.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "string" if isinstance(value, str) else "other"


def _equal(value: Any, wanted: Scalar) -> bool:
    # Python's True == 1 is no equality here.
    return _kind(value) == _kind(wanted) and bool(value == wanted)


def _contains(value: Any, wanted: Scalar) -> bool:
    if isinstance(value, str):
        return isinstance(wanted, str) and wanted in value
    return isinstance(value, list) and any(_equal(item, wanted) for item in value)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def judge(value: Any, wanted: Any) -> bool:
        return _kind(value) == _kind(wanted) and compare(value, wanted)

    return judge


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": _equal,
    "in": lambda value, wanted: any(_equal(value, item) for item in wanted),
    "gt": _ordered(lambda value, wanted: value > wanted),
    "gte": _ordered(lambda value, wanted: value >= wanted),
    "lt": _ordered(lambda value, wanted: value < wanted),
    "lte": _ordered(lambda value, wanted: value <= wanted),
    "contains": _contains,
    "starts_with": lambda value, wanted: isinstance(value, str) and value.startswith(wanted),
}
