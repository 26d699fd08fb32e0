"""What the planner knows of the database: relations, relationships, functions, media types."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from upshot_devstack.gateway.rest.identifiers import QualifiedName

Cardinality = Literal["many-to-one", "one-to-many", "one-to-one", "many-to-many"]
Volatility = Literal["volatile", "stable", "immutable"]
ColumnPairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """`type` is what API clients see, `nominal_type` the type as declared (a domain, say)."""

    name: str
    description: str | None
    nullable: bool
    type: str
    nominal_type: str
    max_length: int | None
    default: str | None
    enum: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table, view, materialized view or foreign table of an exposed schema."""

    name: QualifiedName
    description: str | None
    is_view: bool
    insertable: bool
    updatable: bool
    deletable: bool
    primary_key: tuple[str, ...]
    columns: Mapping[str, Column]


class Junction(NamedTuple):
    """The table in the middle of a many-to-many relationship; column pairs start at the source and the target."""

    table: QualifiedName
    source_constraint: str
    target_constraint: str
    source_columns: ColumnPairs
    target_columns: ColumnPairs


@dataclass(frozen=True, slots=True)
class Relationship:
    """Rows of `source` belong to rows of `target`: by a foreign key, a junction, or a function of a row.

    `columns` pairs the source's columns with the target's.
    """

    source: QualifiedName
    target: QualifiedName
    cardinality: Cardinality
    constraint: str = ""
    columns: ColumnPairs = ()
    junction: Junction | None = None
    function: QualifiedName | None = None
    to_one: bool = False
    is_parent: bool = False
    source_is_view: bool = False
    target_is_view: bool = False

    @property
    def is_self(self) -> bool:
        return self.source == self.target


class Parameter(NamedTuple):
    """`wide_type` is the type without a length that would cut values short."""

    name: str
    type: str
    wide_type: str
    required: bool
    variadic: bool


@dataclass(frozen=True, slots=True)
class Routine:
    name: QualifiedName
    description: str | None
    parameters: tuple[Parameter, ...]
    return_type: QualifiedName
    returns_set: bool
    returns_composite: bool
    volatility: Volatility
    isolation: str | None = None
    settings: tuple[tuple[str, str], ...] = ()

    @property
    def returns_scalar(self) -> bool:
        return not self.returns_set and not self.returns_composite

    @property
    def returns_set_of_scalar(self) -> bool:
        return self.returns_set and not self.returns_composite

    @property
    def returns_single_composite(self) -> bool:
        return not self.returns_set and self.returns_composite

    @property
    def returns_void(self) -> bool:
        return not self.returns_set and self.return_type == ("pg_catalog", "void")


class Handler(NamedTuple):
    """A database function that makes the body in a media type: an aggregate over rows, or the type of a scalar."""

    function: QualifiedName
    target: QualifiedName | None
    media_type: str


@dataclass(frozen=True)
class SchemaCache:
    """One reading of the catalogue; replaced as a whole, never changed."""

    tables: Mapping[QualifiedName, Table] = field(default_factory=dict)
    relationships: Mapping[tuple[QualifiedName, str], tuple[Relationship, ...]] = field(default_factory=dict)
    routines: Mapping[QualifiedName, tuple[Routine, ...]] = field(default_factory=dict)
    representations: Mapping[tuple[str, str], str] = field(default_factory=dict)
    handlers: Mapping[tuple[QualifiedName | None, str], Handler] = field(default_factory=dict)

    def relationships_of(self, source: QualifiedName, target_schema: str) -> tuple[Relationship, ...]:
        return self.relationships.get((source, target_schema), ())
