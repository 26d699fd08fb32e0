"""What a client asks to see: event, table, filter, columns."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from upshot_devstack.gateway.realtime.changes.filters import Filter, InvalidFilter, parse_filters

EVENTS = frozenset({"INSERT", "UPDATE", "DELETE"})
ANY = "*"


class InvalidBinding(Exception):  # noqa: N818 - the term of the field
    """What was asked cannot be subscribed to; the text is for the client."""


@dataclass(frozen=True)
class Binding:
    """One `postgres_changes` entry of a join. `*` stands for any event, schema or table."""

    id: int
    event: str
    schema: str
    table: str
    filters: tuple[Filter, ...]
    select: tuple[str, ...] | None

    def covers(self, operation: str, schema: str, table: str) -> bool:
        return self.event in {ANY, operation} and self.schema in {ANY, schema} and self.table in {ANY, table}


def binding_id(params: dict[str, Any]) -> int:
    """A number that is the same for the same request; clients recognise their callbacks by it."""
    return zlib.crc32(json.dumps(params, sort_keys=True).encode()) & 0x7FFF_FFFF


def numbered(asked: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the reply to a join says: the same entries in the same order, each with its id."""
    return [{**params, "id": binding_id(params)} for params in asked]


def parse_binding(params: dict[str, Any]) -> Binding:
    """Read one entry. Raises InvalidBinding."""
    schema, table = params.get("schema"), params.get("table")
    if not isinstance(schema, str) and not isinstance(table, str):
        raise InvalidBinding(
            "No subscription params provided. Please provide at least a `schema` or `table` to subscribe to: "
            + json.dumps({name: value for name, value in params.items() if name != "auth_token"})
        )
    try:
        filters = parse_filters(params.get("filter"))
    except InvalidFilter as error:
        raise InvalidBinding(f"Error parsing `filter` params: {error}") from error
    binding = Binding(
        binding_id(params),
        _event(params.get("event")),
        schema if isinstance(schema, str) else "public",
        table if isinstance(table, str) else ANY,
        filters,
        _select(params.get("select")),
    )
    if binding.select is not None and ANY in {binding.schema, binding.table}:
        raise InvalidBinding(
            "Column selection is not supported for wildcard subscriptions. Provide an explicit schema and table name."
        )
    return binding


def _event(value: object) -> str:
    named = value.upper() if isinstance(value, str) else ANY
    return named if named in EVENTS else ANY


def _select(value: object) -> tuple[str, ...] | None:
    if isinstance(value, str):
        raise InvalidBinding(
            'Error parsing `select` params: expected a list of column name strings, e.g. select: ["col1", "col2"]'
        )
    names = tuple(name for name in value if isinstance(name, str)) if isinstance(value, list) else ()
    return names or None
