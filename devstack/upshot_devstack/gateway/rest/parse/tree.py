"""What the query string says, as values: no SQL and no knowledge of the database yet."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Aggregate = Literal["sum", "avg", "count", "max", "min"]
JoinKind = Literal["inner", "left"]


class JsonStep(NamedTuple):
    """One `->` or `->>` with its key or array index."""

    arrow: str
    operand: str
    is_index: bool


class Field(NamedTuple):
    """A column (or `*`) and the JSON path into it."""

    name: str
    path: tuple[JsonStep, ...] = ()


@dataclass(frozen=True, slots=True)
class SelectField:
    """`alias:name->path::cast.sum()::cast` of a select list."""

    field: Field
    alias: str | None = None
    cast: str | None = None
    aggregate: Aggregate | None = None
    aggregate_cast: str | None = None


@dataclass(frozen=True, slots=True)
class SelectRelation:
    """`alias:name!hint!inner(…)` or `...name(…)` of a select list."""

    name: str
    alias: str | None
    hint: str | None
    join: JoinKind | None
    spread: bool
    children: tuple["SelectItem", ...]


SelectItem = SelectField | SelectRelation


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with its operands, e.g. `not.like(any).{a*,b*}`.

    `slot` numbers the query parameter whose tail the value is, so that a cached plan can take the value of the
    next request; None means that the value belongs to the plan.
    """

    name: str
    value: str = ""
    values: tuple[str, ...] = ()
    negated: bool = False
    quantifier: Literal["any", "all"] | None = None
    language: str | None = None
    slot: int | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    field: Field
    operation: Operation


@dataclass(frozen=True, slots=True)
class LogicNode:
    """`and(…)` or `or(…)`, maybe negated."""

    negated: bool
    operator: Literal["and", "or"]
    children: tuple["Logic", ...]


Logic = Filter | LogicNode


@dataclass(frozen=True, slots=True)
class OrderTerm:
    """`field.desc.nullslast`, or `relation(field).desc` when a relation is named."""

    field: Field
    direction: Literal["asc", "desc"] | None = None
    nulls: Literal["first", "last"] | None = None
    relation: str | None = None


class Argument(NamedTuple):
    """A function's argument given in the query string."""

    name: str
    value: str
    slot: int | None = None


Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueryParameters:
    """The whole query string. A path says which embedded resource a part belongs to; () is the root."""

    select: tuple[SelectItem, ...]
    filters: tuple[tuple[Path, Filter], ...] = ()
    logic: tuple[tuple[Path, Logic], ...] = ()
    order: tuple[tuple[Path, tuple[OrderTerm, ...]], ...] = ()
    ranges: dict[Path, "Range"] = field(default_factory=dict)
    columns: tuple[str, ...] | None = None
    on_conflict: tuple[str, ...] | None = None
    arguments: tuple[Argument, ...] = ()
    filter_keys: frozenset[str] = frozenset()


class Range(NamedTuple):
    """Rows from `offset` on, at most `limit` of them (None: all). An empty one has limit 0."""

    offset: int = 0
    limit: int | None = None

    @property
    def last(self) -> int | None:
        return None if self.limit is None else self.offset + self.limit - 1


ALL_ROWS = Range()
