"""Which columns a write or a function must give back so that the select list and the embeddings can be served."""

from upshot_devstack.gateway.rest.plan.types import Comparison, Condition, Group, ReadPlan
from upshot_devstack.gateway.rest.schema_cache.model import Relationship

EVERYTHING = ("*",)


def returned_columns(plan: ReadPlan, primary_key: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The selected columns, the key columns that embeddings join on, and the primary key."""
    selected = {one.field.name for one in plan.select}
    relationships = [child.relationship for child in plan.children if child.relationship]
    # A function of the row may need any of its columns.
    if "*" in selected or any(one.function for one in relationships):
        return EVERYTHING
    joined = {column for one in relationships for column in _own_columns(one)}
    return tuple(sorted(selected | joined | set(primary_key)))


def _own_columns(one: Relationship) -> list[str]:
    pairs = one.junction.source_columns if one.junction else one.columns
    return [own for own, _ in pairs]


def filtered_columns(plan: ReadPlan) -> set[str]:
    """Names in the filters of the whole tree."""
    own = {name for condition in plan.where for name in _names(condition)}
    return own.union(*(filtered_columns(child) for child in plan.children))


def _names(condition: Condition) -> list[str]:
    if isinstance(condition, Group):
        return [name for member in condition.members for name in _names(member)]
    return [condition.field.name] if isinstance(condition, Comparison) else []
