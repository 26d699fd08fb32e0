"""The `filter` of a postgres_changes entry: `column=operator.value`, joined by commas, each must hold."""

from dataclasses import dataclass

OPERATORS = {
    "eq": "=",
    "neq": "<>",
    "lt": "<",
    "lte": "<=",
    "gt": ">",
    "gte": ">=",
    "in": "= any",
    "like": "~~",
    "ilike": "~~*",
    "match": "~",
    "imatch": "~*",
    "is": "is",
    "isdistinct": "is distinct from",
}
IS_VALUES = {"null": "null", "true": "true", "false": "false", "unknown": "unknown", "not_null": "not null"}
_QUOTE_OPENS_AFTER = frozenset(".(,")


class InvalidFilter(ValueError):  # noqa: N818 - the term of the field
    """The text is not a filter; the message says why."""


@dataclass(frozen=True)
class Filter:
    """One condition. For `in`, `value` is an array literal."""

    column: str
    operator: str
    value: str
    negated: bool


def parse_filters(text: object) -> tuple[Filter, ...]:
    """Read a filter text; none given means no condition. Raises InvalidFilter."""
    if text is None:
        return ()
    if not isinstance(text, str):
        raise InvalidFilter("expected a string such as id=eq.5")
    if not text.strip():
        return ()
    return tuple(_condition(part.strip()) for part in _split(text.strip()))


def _condition(text: str) -> Filter:
    if not text:
        raise InvalidFilter("filter must not contain empty segments (check for extra commas)")
    column, equals, rest = text.partition("=")
    negated = rest.startswith("not.")
    operator, dot, value = rest.removeprefix("not.").partition(".")
    if not equals or not dot or not column or operator not in OPERATORS:
        known = ", ".join(OPERATORS)
        raise InvalidFilter(f"{text!r}: expected column=operator.value with an operator of {known}")
    return Filter(column, operator, _value(operator, value), negated)


def _value(operator: str, value: str) -> str:
    if operator == "in":
        if not (value.startswith("(") and value.endswith(")")):
            raise InvalidFilter("`in` filter value must be wrapped by parentheses")
        return "{" + value[1:-1] + "}"
    if operator == "is" and value.lower() not in IS_VALUES:
        raise InvalidFilter(f"`is` compares with {', '.join(IS_VALUES)}, not with {value!r}")
    return _unquoted(value)


def _split(text: str) -> list[str]:
    """Cut at commas that stand outside parentheses and quotes."""
    parts, current, depth, quoted, escaped, before = [], "", 0, False, False, ""
    for char in text:
        if quoted:
            quoted, escaped = (True, False) if escaped else (char != '"', char == "\\")
        elif char == '"' and before in _QUOTE_OPENS_AFTER:
            quoted = True
        elif char == "," and depth == 0:
            parts.append(current)
            current, before = "", ""
            continue
        else:
            depth = max(0, depth + (char == "(") - (char == ")"))
        current, before = current + char, char
    return [*parts, current]


def _unquoted(value: str) -> str:
    """What a quoted value says; anything else stands for itself."""
    if len(value) < 2 or not (value.startswith('"') and value.endswith('"')):  # noqa: PLR2004 - two quotes
        return value
    inner, out, escaped = value[1:-1], "", False
    for char in inner:
        if not escaped and char == "\\":
            escaped = True
        elif not escaped and char == '"':
            return value
        else:
            out, escaped = out + char, False
    return value if escaped else out
