"""The query string as a whole: which parameter is a filter, an order, a range, an argument."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from upshot_devstack.gateway.rest.errors import malformed_query, negative_limit, nul_in_text
from upshot_devstack.gateway.rest.parse import names, order, select
from upshot_devstack.gateway.rest.parse.combinators import Parser, described, line_and_column
from upshot_devstack.gateway.rest.parse.filters import logic_path, logic_tree, operation, plain_operation
from upshot_devstack.gateway.rest.parse.tree import (
    Argument,
    Field,
    Filter,
    Logic,
    Operation,
    OrderTerm,
    Path,
    QueryParameters,
    Range,
)

RESERVED = frozenset({"select", "columns", "on_conflict"})
RESERVED_LAST_WORDS = frozenset({"order", "limit", "offset", "and", "or"})
PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
WHOLE_NUMBER = re.compile(r"\s*(-?[0-9]{1,40})\s*\Z")
MAX_NESTING = 60
"""Parentheses within parentheses; deeper ones are an attack on the parser's stack or a mistake."""

Pair = tuple[str, str]


def pairs(query_string: bytes) -> list[tuple[str, str | None]]:
    """The decoded names and values in order; a name without `=` has the value None."""
    found: list[tuple[str, str | None]] = []
    for part in query_string.split(b"&"):
        if not part:
            continue
        key, equals, value = part.partition(b"=")
        found.append((_decoded(key), _decoded(value) if equals else None))
    return found


def _decoded(part: bytes) -> str:
    raw = part.replace(b"+", b" ")
    raw = unquote_to_bytes(raw) if b"%" in raw else raw
    if b"\0" in raw:
        raise nul_in_text()
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise malformed_query(
            f"failed to decode the query string ({part[:60]!r})", "percent-encoded text must be UTF-8"
        ) from error


def canonical(found: Iterable[tuple[str, str | None]]) -> str:
    """The query string with its parameters sorted by name, as the Content-Location header shows it."""
    merged: dict[str, list[str]] = {}
    for key, value in found:
        merged.setdefault(key, []).append(value or "")
    return "&".join(f"{_quoted(key)}={','.join(map(_quoted, merged[key]))}" for key in sorted(merged))


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")


def parse(parser: Parser, text: str, what: str) -> Any:
    """What `parser` makes of `text`; PGRST100 tells `what` could not be parsed and where."""
    _check_nesting(text, what)
    outcome = parser(text, 0)
    if outcome.ok:
        return outcome.value
    line, column = line_and_column(text, outcome.failure.position)
    raise malformed_query(f'"{what}" (line {line}, column {column})', described(outcome.failure))


def _check_nesting(text: str, what: str) -> None:
    depth = 0
    for character in text:
        if character == "(":
            depth += 1
            if depth > MAX_NESTING:
                raise malformed_query(f'"{what[:200]}"', f"parentheses may be nested {MAX_NESTING} deep, not more")
        elif character == ")":
            depth -= 1


def parse_query(found: list[tuple[str, str | None]], *, of_function_read: bool = False) -> QueryParameters:
    """Everything the query string says.

    `of_function_read`: a value without an operator is an argument of the function instead of an error.
    """
    given = [(key, value) for key, value in found if value is not None]
    first = dict(reversed(given))
    orders = tuple(_order(key, value) for key, value in given if _last_word(key) == "order")
    logic = tuple(_logic(key, value) for key, value in given if _last_word(key) in {"and", "or"})
    columns = parse_columns("columns", first.get("columns"))
    selected = parse_select(first.get("select", "*"))
    filters, arguments = _filters_and_arguments(found, of_function_read=of_function_read)
    return QueryParameters(
        select=selected,
        filters=filters,
        logic=logic,
        order=orders,
        ranges=_ranges(given),
        columns=columns,
        on_conflict=parse_columns("on_conflict", first.get("on_conflict")),
        arguments=arguments,
        filter_keys=frozenset(key for key, _ in given if _is_filter(key)),
    )


def parse_select(text: str) -> tuple[Any, ...]:
    chosen: tuple[Any, ...] = parse(select.forest, text, f"failed to parse select parameter ({text})")
    return chosen


def parse_columns(parameter: str, text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    listed: tuple[str, ...] = parse(names.columns, text, f"failed to parse {parameter} parameter ({text})")
    return listed


def _last_word(key: str) -> str:
    return key.rpartition(".")[2]


def _is_filter(key: str) -> bool:
    return key not in RESERVED and _last_word(key) not in RESERVED_LAST_WORDS


def _filters_and_arguments(
    found: list[tuple[str, str | None]], *, of_function_read: bool
) -> tuple[tuple[tuple[Path, Filter], ...], tuple[Argument, ...]]:
    filters: list[tuple[Path, Filter]] = []
    arguments: list[Argument] = []
    for slot, (key, value) in enumerate(found):
        if value is None or not _is_filter(key):
            continue
        path, field = _tree_path(key)
        parsed = plain_operation(value, slot) or _operation(value, or_argument=of_function_read)
        if parsed is None:
            arguments.append(Argument(field.name, value, slot))
        else:
            filters.append((path, Filter(field, parsed)))
    return tuple(filters), tuple(arguments)


def _operation(value: str, *, or_argument: bool) -> Operation | None:
    if or_argument:
        outcome = operation(value, 0)
        if not outcome.ok and not outcome.consumed:
            return None
    found: Operation = parse(operation, value, f"failed to parse filter ({value})")
    return found


def _tree_path(key: str) -> tuple[Path, Field]:
    if PLAIN_NAME.match(key):
        return (), Field(key)
    path, field = parse(names.tree_path, key, f"failed to parse tree path ({key})")
    return path, field


def _order(key: str, value: str) -> tuple[Path, tuple[OrderTerm, ...]]:
    path, _ = _tree_path(key)
    return path, parse(order.terms, value, f"failed to parse order ({value})")


def _logic(key: str, value: str) -> tuple[Path, Logic]:
    path, operator = parse(logic_path, key, f"failed to parse logic path ({key})")
    tree: Logic = parse(logic_tree, f"{operator}{value}", f"failed to parse logic tree ({value})")
    return path, tree


def _ranges(given: list[Pair]) -> dict[Path, Range]:
    """The rows asked for at each level; what is no whole number counts as not given."""
    limits = {_tree_path(key)[0]: whole_number(value) for key, value in given if _last_word(key) == "limit"}
    offsets = {_tree_path(key)[0]: whole_number(value) for key, value in given if _last_word(key) == "offset"}
    if any(limit is not None and limit < 0 for limit in limits.values()):
        raise negative_limit()
    return {path: Range(offsets.get(path) or 0, limits.get(path)) for path in limits | offsets}


def whole_number(text: str) -> int | None:
    match = WHOLE_NUMBER.match(text)
    return int(match.group(1)) if match else None
