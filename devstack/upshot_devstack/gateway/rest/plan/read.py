"""The read plan: relations joined as the select list says, with every name resolved."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from upshot_devstack.gateway.rest.errors import aggregates_not_allowed, not_embedded, related_order_not_to_one
from upshot_devstack.gateway.rest.identifiers import QualifiedName
from upshot_devstack.gateway.rest.parse.ranges import restricted
from upshot_devstack.gateway.rest.parse.tree import QueryParameters, Range, SelectRelation
from upshot_devstack.gateway.rest.plan.draft import Draft, draft_of, refuse_legacy_names
from upshot_devstack.gateway.rest.plan.relate import find_relationship, join_conditions
from upshot_devstack.gateway.rest.plan.resolve import Resolver, column_ref
from upshot_devstack.gateway.rest.plan.spread import hoist_aggregates, order_to_many_spreads
from upshot_devstack.gateway.rest.plan.types import (
    Comparison,
    Condition,
    EmbedColumn,
    EmbedIsNull,
    FieldRef,
    Group,
    Ordering,
    ReadPlan,
    SelectExpression,
    SpreadColumn,
)
from upshot_devstack.gateway.rest.schema_cache.model import Relationship, SchemaCache

SOURCE = QualifiedName("", "pgrst_source")
"""The common table expression with the rows that a write or a function gave back."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """`from_source`: the root's rows come from a write or a call; `most`: rows that any level may return.

    `legacy_names`: an embedded resource that has an alias may be called by its relation in filters.
    """

    schema: str
    aggregates: bool = False
    from_source: bool = False
    is_write: bool = False
    most: int | None = None
    legacy_names: bool = True


def plan_read(
    relation: QualifiedName, query: QueryParameters, wanted: Range, cache: SchemaCache, options: ReadOptions
) -> ReadPlan:
    """The plan for `relation` as `query` wants it, rows `wanted` at the top."""
    draft = draft_of(query, wanted, is_write=options.is_write)
    if not options.legacy_names:
        refuse_legacy_names(draft)
    root = ReadPlan(source=relation, name=relation.name, legacy_names=tuple(draft.legacy_names()))
    if options.from_source:
        root.source, root.source_alias = SOURCE, relation.name
    _embed(root, draft, cache, options.schema)
    _resolve(root, draft, Resolver(cache, relation), in_aggregate=False)
    _link(root)
    if not options.aggregates:
        _refuse_aggregates(root)
    hoist_aggregates(root)
    order_to_many_spreads(root)
    if not options.is_write:
        _restrict(root, options.most)
    return root


def _embed(parent: ReadPlan, draft: Draft, cache: SchemaCache, schema: str) -> None:
    """Add the embedded resources with their relationships."""
    for child_draft in draft.children:
        child = _child(parent, child_draft, cache, schema)
        parent.children.append(child)
        _embed(child, child_draft, cache, schema)


def _child(parent: ReadPlan, draft: Draft, cache: SchemaCache, schema: str) -> ReadPlan:
    item = draft.item
    if item is None:
        msg = "an embedded resource comes from an item of the select list"
        raise AssertionError(msg)
    depth = parent.depth + 1
    # Only the root can be an alias for rows of a write or call: those have the name of their table.
    origin = parent.source_alias if depth == 1 and parent.source_alias else parent.source.name
    one = find_relationship(cache, schema, origin, item.name, item.hint)
    alias = None if one.junction else f"{one.target.name}_{depth}"
    return ReadPlan(
        source=one.target,
        name=item.name,
        depth=depth,
        source_alias=alias,
        alias=item.alias,
        hint=item.hint,
        join_kind=item.join,
        spread=_spread(item, one),
        relationship=one,
        parent_alias=QualifiedName("", parent.source_alias) if parent.source_alias else one.source,
        join=f"{one.source.name}_{item.alias or item.name}_{depth}",
        join_conditions=[] if one.function else join_conditions(one, alias, parent.source_alias),
        range=draft.range,
    )


def _spread(item: SelectRelation, one: Relationship) -> Literal["to-one", "to-many"] | None:
    if not item.spread:
        return None
    return "to-one" if one.to_one else "to-many"


def _resolve(plan: ReadPlan, draft: Draft, resolver: Resolver, *, in_aggregate: bool) -> None:
    """Fields, filters and orders of the whole tree, each within its own relation."""
    plan.range = draft.range
    selected = [resolver.selected(item) for item in draft.fields]
    expand = in_aggregate or any(one.aggregate for one in selected) or plan.spread == "to-many"
    expanded = _with_stars_expanded(plan, selected, resolver, expand=expand)
    plan.select = [_aliased(one, in_spread=plan.spread is not None) for one in expanded]
    plan.order = [_related(plan, resolver.ordering(term)) for term in draft.order]
    plan.where = [_with_null_embeds(plan, resolver.condition(one)) for one in draft.where]
    for child, child_draft in zip(plan.children, draft.children, strict=True):
        _resolve(child, child_draft, resolver.within(child.source), in_aggregate=expand)


def _with_stars_expanded(
    plan: ReadPlan, selected: list[SelectExpression], resolver: Resolver, *, expand: bool
) -> list[SelectExpression]:
    """`*` as explicit columns, where rows are grouped or some column is shown through a function."""
    in_spread = plan.spread is not None
    stars = [one for one in selected if one.field.name == "*" and (not one.aggregate or _counts_rows(one, in_spread))]
    if not stars or not (expand or resolver.has_representation()):
        return selected
    return [found for one in selected for found in _expanded(one, resolver, in_spread=in_spread)]


def _counts_rows(one: SelectExpression, in_spread: bool) -> bool:
    return in_spread and one.aggregate == "count"


def _expanded(one: SelectExpression, resolver: Resolver, *, in_spread: bool) -> Iterable[SelectExpression]:
    if one.field.name != "*" or one.field.path:
        return [one]
    if one.aggregate is None:
        return [replace(one, field=resolver.output(column_ref(column))) for column in resolver.columns]
    return [replace(one, field=replace(one.field, full_row=True))] if _counts_rows(one, in_spread) else [one]


def _aliased(one: SelectExpression, *, in_spread: bool) -> SelectExpression:
    """With the name that the column gets in the response, where Postgres would choose another."""
    if one.alias is not None:
        return one
    if one.aggregate is not None:
        return replace(one, alias=one.aggregate) if in_spread else one
    if one.field.path:
        return replace(one, alias=_last_key(one.field))
    return replace(one, alias=one.field.name) if one.field.transform else one


def _last_key(field: FieldRef) -> str:
    keys = [step.operand for step in field.path if not step.is_index]
    return keys[-1] if keys else field.name


def _related(plan: ReadPlan, term: Ordering) -> Ordering:
    if term.relation is None:
        return term
    found = next((child for child in plan.children if child.shown_name == term.relation), None)
    if found is None:
        raise not_embedded(term.relation)
    if found.relationship is None or not found.relationship.to_one:
        origin = plan.source_alias if plan.source == SOURCE and plan.source_alias else plan.source.name
        raise related_order_not_to_one(origin, found.shown_name)
    return replace(term, relation=found.join)


def _with_null_embeds(plan: ReadPlan, condition: Condition) -> Condition:
    """`resource=is.null` asks whether the embedded resource is empty."""
    if isinstance(condition, Group):
        return replace(condition, members=tuple(_with_null_embeds(plan, one) for one in condition.members))
    if not isinstance(condition, Comparison) or condition.field.path:
        return condition
    found = next((child for child in plan.children if child.shown_name == condition.field.name), None)
    operation = condition.operation
    if found is None or (operation.name, operation.value) != ("is", "null"):
        return condition
    return EmbedIsNull(found.join, operation.negated)


def _link(plan: ReadPlan) -> None:
    """How each embedded resource shows in its parent, bottom up."""
    for child in plan.children:
        _link(child)
    plan.embeds = [_embed_column(child) for child in plan.children]


def _embed_column(child: ReadPlan) -> EmbedColumn:
    if child.spread is not None:
        return EmbedColumn(child.join, "spread", spread=tuple(_spread_columns(child)))
    to_one = child.relationship is not None and child.relationship.to_one
    return EmbedColumn(
        child.join, "object" if to_one else "array", name=child.shown_name, empty=_selects_nothing(child)
    )


def _selects_nothing(plan: ReadPlan) -> bool:
    return not plan.select and all(_selects_nothing(child) for child in plan.children)


def _spread_columns(child: ReadPlan) -> Iterable[SpreadColumn]:
    yield from (SpreadColumn(one.alias or one.field.name) for one in child.select)
    for embed in child.embeds:
        if embed.kind == "spread":
            yield from embed.spread
        else:
            yield SpreadColumn(embed.name)


def _refuse_aggregates(plan: ReadPlan) -> None:
    if any(one.aggregate for one in plan.select):
        raise aggregates_not_allowed()
    for child in plan.children:
        _refuse_aggregates(child)


def _restrict(plan: ReadPlan, most: int | None) -> None:
    plan.range = restricted(plan.range, most)
    for child in plan.children:
        _restrict(child, most)
