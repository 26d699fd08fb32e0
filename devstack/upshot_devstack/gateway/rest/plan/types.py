"""Plans: what to ask the database, with names resolved against the schema cache, before it becomes SQL."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from upshot_devstack.gateway.rest.identifiers import QualifiedName
from upshot_devstack.gateway.rest.parse.tree import ALL_ROWS, Aggregate, JoinKind, JsonStep, Operation, Range
from upshot_devstack.gateway.rest.plan.legacy_names import LegacyName
from upshot_devstack.gateway.rest.schema_cache.model import Parameter, Relationship


@dataclass(frozen=True, slots=True)
class FieldRef:
    """A column with what we know of its type.

    `type` is the type that values have on their way in or out, "" when the column is unknown; `transform` the
    function that converts them; `search` says that full-text search has to make a tsvector of it first.
    """

    name: str
    path: tuple[JsonStep, ...] = ()
    to_json: bool = False
    search: bool = False
    search_language: str | None = None
    type: str = ""
    transform: str | None = None
    default: str | None = None
    full_row: bool = False


@dataclass(frozen=True, slots=True)
class SelectExpression:
    field: FieldRef
    aggregate: Aggregate | None = None
    aggregate_cast: str | None = None
    cast: str | None = None
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    field: FieldRef
    operation: Operation


@dataclass(frozen=True, slots=True)
class EmbedIsNull:
    """Whether the embedded resource joined as `alias` has rows; negated: it has."""

    alias: str
    negated: bool


@dataclass(frozen=True, slots=True)
class Group:
    negated: bool
    operator: Literal["and", "or"]
    members: tuple["Condition", ...]


Condition = Comparison | EmbedIsNull | Group


@dataclass(frozen=True, slots=True)
class Ordering:
    """`relation` is the alias of a to-one embedding whose column it is, if any."""

    field: FieldRef
    direction: Literal["asc", "desc"] | None = None
    nulls: Literal["first", "last"] | None = None
    relation: str | None = None


class JoinCondition(NamedTuple):
    left: QualifiedName
    left_column: str
    right: QualifiedName
    right_column: str


@dataclass(frozen=True, slots=True)
class SpreadColumn:
    name: str
    aggregate: Aggregate | None = None
    aggregate_cast: str | None = None
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class EmbedColumn:
    """How an embedded resource shows in its parent's row."""

    join: str
    kind: Literal["object", "array", "spread"]
    name: str = ""
    empty: bool = False
    spread: tuple[SpreadColumn, ...] = ()


class SpreadOrder(NamedTuple):
    """A to-many spread orders its arrays by columns that it selects under another name."""

    columns: tuple[tuple[str | None, SelectExpression], ...]
    terms: tuple[Ordering, ...]


@dataclass(slots=True)
class ReadPlan:
    """A relation and the resources embedded in it; a tree, filled in by the planner step by step."""

    source: QualifiedName
    name: str
    depth: int = 0
    select: list[SelectExpression] = field(default_factory=list)
    source_alias: str | None = None
    where: list[Condition] = field(default_factory=list)
    order: list[Ordering] = field(default_factory=list)
    range: Range = ALL_ROWS
    alias: str | None = None
    hint: str | None = None
    join_kind: JoinKind | None = None
    spread: Literal["to-one", "to-many"] | None = None
    relationship: Relationship | None = None
    parent_alias: QualifiedName | None = None
    join: str = ""
    join_conditions: list[JoinCondition] = field(default_factory=list)
    embeds: list[EmbedColumn] = field(default_factory=list)
    spread_order: SpreadOrder | None = None
    children: list["ReadPlan"] = field(default_factory=list)
    legacy_names: tuple[LegacyName, ...] = ()

    @property
    def shown_name(self) -> str:
        return self.alias or self.name

    @property
    def qualifier(self) -> QualifiedName:
        """What columns of this relation are prefixed with."""
        if self.relationship is not None and self.relationship.function is not None:
            return QualifiedName("", self.source_alias or self.relationship.function.name)
        return QualifiedName("", self.source_alias) if self.source_alias else self.source

    @property
    def has_default_select(self) -> bool:
        return not self.children and len(self.select) == 1 and self.select[0].field.name == "*"


@dataclass(frozen=True, slots=True)
class Insert:
    target: QualifiedName
    columns: tuple[FieldRef, ...]
    body_is_object: bool
    conflict: tuple[Literal["merge-duplicates", "ignore-duplicates"], tuple[str, ...]] | None
    must_match: tuple[Condition, ...]
    returning: tuple[str, ...]
    primary_key: tuple[str, ...]
    apply_defaults: bool


@dataclass(frozen=True, slots=True)
class Update:
    target: QualifiedName
    columns: tuple[FieldRef, ...]
    body_is_object: bool
    where: tuple[Condition, ...]
    returning: tuple[str, ...]
    apply_defaults: bool


@dataclass(frozen=True, slots=True)
class Delete:
    target: QualifiedName
    where: tuple[Condition, ...]
    returning: tuple[str, ...]


MutatePlan = Insert | Update | Delete


class DirectArgument(NamedTuple):
    """An argument of the query string or a form; several values for a variadic parameter."""

    parameter: Parameter
    values: tuple[str, ...]
    slot: int | None = None


@dataclass(frozen=True, slots=True)
class CallPlan:
    """A function call; exactly one of the three ways to pass arguments is not None."""

    function: QualifiedName
    returns_scalar: bool
    returning: tuple[str, ...]
    whole_body: Parameter | None = None
    direct: tuple[DirectArgument, ...] | None = None
    from_body: tuple[Parameter, ...] | None = None
    body_is_object: bool = True


Where = Sequence[Condition]
