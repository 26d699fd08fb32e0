"""From the words of a request to columns with types and, for domains, the functions that represent them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from upshot_devstack.gateway.rest.identifiers import QualifiedName
from upshot_devstack.gateway.rest.parse.filters import TEXT_SEARCH_OPERATORS
from upshot_devstack.gateway.rest.parse.tree import Field, Filter, Logic, OrderTerm, SelectField
from upshot_devstack.gateway.rest.plan.schema_errors import no_column
from upshot_devstack.gateway.rest.plan.types import (
    Comparison,
    Condition,
    FieldRef,
    Group,
    Ordering,
    SelectExpression,
)
from upshot_devstack.gateway.rest.schema_cache.model import Column, SchemaCache, Table

JSON_TYPES = frozenset({"json", "jsonb"})


@dataclass(frozen=True, slots=True)
class Resolver:
    """Looks names up in one relation."""

    cache: SchemaCache
    relation: QualifiedName

    def within(self, relation: QualifiedName) -> "Resolver":
        return Resolver(self.cache, relation)

    @property
    def columns(self) -> Iterable[Column]:
        table = self.cache.tables.get(self.relation)
        return table.columns.values() if table else ()

    def field(self, wanted: Field) -> FieldRef:
        """The column, or one of unknown type: it may be a computed one, or missing, which Postgres will tell."""
        table = self.cache.tables.get(self.relation)
        column = table.columns.get(wanted.name) if table else None
        found = column_ref(column) if column else FieldRef(wanted.name)
        # What is JSON already must not go through to_jsonb: an index on the expression would not be used.
        return replace(found, path=wanted.path, to_json=found.type not in JSON_TYPES)

    def output(self, found: FieldRef) -> FieldRef:
        return self._transformed(found, found.type, "json")

    def selected(self, item: SelectField) -> SelectExpression:
        found = self.output(self.field(item.field))
        return SelectExpression(found, item.aggregate, item.aggregate_cast, item.cast, item.alias)

    def comparison(self, given: Filter) -> Comparison:
        found = self.field(given.field)
        if given.operation.name in TEXT_SEARCH_OPERATORS and self._needs_tsvector(given.field.name):
            found = replace(found, search=True, search_language=given.operation.language)
        return Comparison(self._transformed(found, "text", found.type), given.operation)

    def condition(self, given: Logic) -> Condition:
        if isinstance(given, Filter):
            return self.comparison(given)
        return Group(given.negated, given.operator, tuple(map(self.condition, given.children)))

    def ordering(self, term: OrderTerm) -> Ordering:
        found = FieldRef(term.field.name, term.field.path) if term.relation else self.field(term.field)
        return Ordering(found, term.direction, term.nulls, term.relation)

    def writable(self, table: Table, name: str) -> FieldRef:
        """A column that the body sets; PGRST204 when there is none of that name."""
        column = table.columns.get(name)
        if column is None:
            raise no_column(table.name.name, name)
        found = column_ref(column)
        return self._transformed(found, "json", found.type)

    def has_representation(self) -> bool:
        return any((column.nominal_type, "json") in self.cache.representations for column in self.columns)

    def _needs_tsvector(self, name: str) -> bool:
        """A computed column is not known to be text, and is searched as it is."""
        table = self.cache.tables.get(self.relation)
        column = table.columns.get(name) if table else None
        return column is not None and column.type != "tsvector"

    def _transformed(self, found: FieldRef, source: str, target: str) -> FieldRef:
        function = self.cache.representations.get((source, target))
        return replace(found, type=source, transform=function) if function else found


def column_ref(column: Column) -> FieldRef:
    return FieldRef(column.name, type=column.nominal_type, default=column.default)
