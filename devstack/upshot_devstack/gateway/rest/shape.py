"""Telling a request's shape from its values, so that equal shapes share one compiled statement."""

import re
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, NamedTuple

from upshot_devstack.gateway.rest.compile import Compiled
from upshot_devstack.gateway.rest.parse.filters import PLAIN_OPERATION
from upshot_devstack.gateway.rest.parse.query import RESERVED, RESERVED_LAST_WORDS

GRAMMATICAL = re.compile(r"not\.|in\.|is\.|(?:pl|ph|w)?fts[.(]")
"""Values that only the grammar can tell apart from a function's argument."""
TOP_LEVEL_RANGE = frozenset({"limit", "offset"})
MAX_SHAPES = 2000
MAX_SHAPE_SIZE = 4096


class Shape(NamedTuple):
    """`pairs` tells the parameters without values; `values` are those, by parameter number."""

    pairs: tuple[tuple[str, str | None], ...]
    values: tuple[str, ...]
    size: int


def shape_of(found: Sequence[tuple[str, str | None]], *, of_function_read: bool) -> Shape:
    """The shape of a query string's parameters."""
    pairs: list[tuple[str, str | None]] = []
    values = []
    size = 0
    for key, value in found:
        kept, rest = _split(key, value, of_function_read=of_function_read)
        pairs.append((key, kept))
        values.append(rest)
        size += len(key) + len(kept or "")
    return Shape(tuple(pairs), tuple(values), size)


def _split(key: str, value: str | None, *, of_function_read: bool) -> tuple[str | None, str]:
    """What of the value belongs to the shape, and the rest."""
    if value is None:
        return None, ""
    if key in TOP_LEVEL_RANGE:
        return "", value
    if key in RESERVED or key.rpartition(".")[2] in RESERVED_LAST_WORDS:
        return value, ""
    match = PLAIN_OPERATION.match(value)
    if match is not None:
        return match.group(), value[match.end() :]
    if of_function_read and not GRAMMATICAL.match(value):
        return "", value
    return value, ""


class ShapeCache:
    """The latest compiled statements by shape; for one schema cache."""

    def __init__(self) -> None:
        self._compiled: OrderedDict[Any, Compiled] = OrderedDict()

    def get(self, key: Any) -> Compiled | None:
        found = self._compiled.get(key)
        if found is not None:
            self._compiled.move_to_end(key)
        return found

    def put(self, key: Any, compiled: Compiled, size: int) -> None:
        if not compiled.reusable or size > MAX_SHAPE_SIZE:
            return
        while len(self._compiled) >= MAX_SHAPES:
            self._compiled.popitem(last=False)
        self._compiled[key] = compiled
