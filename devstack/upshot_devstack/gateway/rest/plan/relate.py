"""Finding the one relationship that an embedding means, and how to join along it."""

from collections.abc import Callable

from upshot_devstack.gateway.rest.identifiers import QualifiedName
from upshot_devstack.gateway.rest.plan.schema_errors import ambiguous_relationship, no_relationship
from upshot_devstack.gateway.rest.plan.types import JoinCondition
from upshot_devstack.gateway.rest.schema_cache.model import Relationship, SchemaCache


def find_relationship(cache: SchemaCache, schema: str, origin: str, target: str, hint: str | None) -> Relationship:
    """The relationship from `origin` that `target` (a relation, constraint, column or function) and `hint` name."""
    candidates = cache.relationships_of(QualifiedName(schema, origin), schema)
    matches = _matcher(target, hint)
    found = [one for one in candidates if matches(one)]
    if not found:
        raise no_relationship(origin, target, hint, schema, cache)
    if len(found) > 1:
        raise ambiguous_relationship(origin, target, found)
    return found[0]


def _matcher(target: str, hint: str | None) -> Callable[[Relationship], bool]:
    def matches(one: Relationship) -> bool:
        if one.function is not None:
            return one.function.name == target
        if one.is_self:
            return _self_match(one, target, hint)
        return _match(one, target, hint)

    return matches


def _match(one: Relationship, target: str, hint: str | None) -> bool:
    if hint is not None:
        return one.target.name == target and _is_hinted(one, hint)
    if one.target.name == target:
        return True
    return not one.target_is_view and target in {one.constraint or None, _own_column(one)}


def _is_hinted(one: Relationship, hint: str) -> bool:
    if one.junction is not None:
        return one.junction.table.name == hint
    return hint in {one.constraint, _own_column(one), _target_column(one)}


def _self_match(one: Relationship, target: str, hint: str | None) -> bool:
    """A key from a relation to itself: the relation's name means the children, the column's name the parent."""
    is_children = one.target.name == target and one.cardinality == "one-to-many"
    if hint is None:
        return is_children or (one.cardinality == "many-to-one" and _own_column(one) == target)
    return is_children and _target_column(one) == hint


def _own_column(one: Relationship) -> str | None:
    return one.columns[0][0] if len(one.columns) == 1 else None


def _target_column(one: Relationship) -> str | None:
    return one.columns[0][1] if len(one.columns) == 1 else None


def join_conditions(one: Relationship, alias: str | None, parent_alias: str | None) -> list[JoinCondition]:
    """Equalities between the target (as `alias`) and the parent (as `parent_alias`, if it has one)."""
    parent = QualifiedName("", parent_alias) if parent_alias else one.source
    if one.junction is not None:
        middle, target = one.junction.table, one.target
        return [
            *(JoinCondition(target, column, middle, other) for column, other in one.junction.target_columns),
            *(JoinCondition(parent, column, middle, other) for column, other in one.junction.source_columns),
        ]
    target = QualifiedName("", alias) if alias else one.target
    return [JoinCondition(parent, column, target, other) for column, other in one.columns]
