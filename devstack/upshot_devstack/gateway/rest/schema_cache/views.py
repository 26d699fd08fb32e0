"""Where a view's columns come from.

Postgres keeps a view's parsed query as a node tree, and marks in it each output column that is a plain column of
some relation. That is all we read; expressions have no origin.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

TOKEN = re.compile(r"[{}()]|:?(?:\\.|\"(?:\\.|[^\"\\])*\"|[^\s{}()\\\"])+", re.DOTALL)
TARGET_LIST = ":targetList"
ORIGIN_FIELDS = (":resno", ":resorigtbl", ":resorigcol")


class Origin(NamedTuple):
    """Column number `column` of relation `relation` (an oid)."""

    relation: int
    column: int


class ViewDefinition(NamedTuple):
    id: int
    schema: str
    name: str
    exposed: bool
    columns: Mapping[int, str]
    origins: Mapping[int, Origin]


def column_origins(definition: str) -> dict[int, Origin]:
    """Output column number → its origin, of a view's rule as `pg_rewrite.ev_action` prints it."""
    tokens = (match.group() for match in TOKEN.finditer(definition))
    origins = {}
    for entry in _target_entries(tokens):
        number, relation, column = (entry.get(name, 0) for name in ORIGIN_FIELDS)
        if relation and column:
            origins[number] = Origin(relation, column)
    return origins


def _target_entries(tokens: Iterator[str]) -> Iterator[dict[str, int]]:
    """The own fields of each node in the outermost query's target list."""
    depth = 0
    for mark in tokens:
        if mark == "{":
            depth += 1
        elif mark == "}":
            depth -= 1
        elif mark == TARGET_LIST and depth == 1:
            yield from _nodes_of_list(tokens)
            return


def _nodes_of_list(tokens: Iterator[str]) -> Iterator[dict[str, int]]:
    if next(tokens, "") != "(":
        return
    depth, name = 0, ""
    fields: dict[str, int] = {}
    for mark in tokens:
        if mark == "{":
            depth += 1
            fields = {} if depth == 1 else fields
        elif mark == "}":
            depth -= 1
            if depth == 0:
                yield fields
        elif mark == ")" and depth == 0:
            return
        elif depth == 1 and name in ORIGIN_FIELDS and mark.isdigit():
            fields[name] = int(mark)
        name = mark


def resolve(views: Sequence[ViewDefinition]) -> dict[int, dict[Origin, tuple[str, ...]]]:
    """For each view: each column it shows, directly or through other views, and the names it has there."""
    by_id = {view.id: view for view in views}
    resolved: dict[int, dict[Origin, tuple[str, ...]]] = {}
    for view in views:
        shown: dict[Origin, list[str]] = defaultdict(list)
        for number, origin in sorted(view.origins.items()):
            for reached in _chain(origin, by_id):
                shown[reached].append(view.columns[number])
        resolved[view.id] = {origin: tuple(names) for origin, names in shown.items()}
    return resolved


def _chain(origin: Origin, by_id: Mapping[int, ViewDefinition]) -> Iterable[Origin]:
    """The origin, and where it comes from itself when it is a view's column."""
    seen: list[Origin] = []
    current: Origin | None = origin
    while current is not None and current not in seen:
        seen.append(current)
        view = by_id.get(current.relation)
        current = view.origins.get(current.column) if view else None
    return seen
