"""Spreads (`...relation(…)`): aggregates move up to where their rows are grouped, orders into the arrays."""

from dataclasses import replace
from typing import NamedTuple

from upshot_devstack.gateway.rest.errors import not_implemented
from upshot_devstack.gateway.rest.parse.tree import Aggregate
from upshot_devstack.gateway.rest.plan.types import (
    EmbedColumn,
    FieldRef,
    Ordering,
    ReadPlan,
    SelectExpression,
    SpreadColumn,
    SpreadOrder,
)


class Hoisted(NamedTuple):
    """An aggregate on its way up: the join and column it is of, and what to make of them."""

    join: str
    column: str
    aggregate: Aggregate
    cast: str | None
    alias: str | None


def hoist_aggregates(plan: ReadPlan) -> list[Hoisted]:
    """Move the aggregates of to-one spreads into the plan they are spread into; returns what goes further up."""
    from_children = [one for child in plan.children for one in hoist_aggregates(child)]
    if plan.spread == "to-one":
        own = [_hoisted(plan.join, one) for one in plan.select if one.aggregate]
        plan.select = [replace(one, aggregate=None, aggregate_cast=None) for one in plan.select]
        return own + [one._replace(join=plan.join) for one in from_children]
    plan.embeds = [_with_aggregates(embed, from_children) for embed in plan.embeds]
    return []


def _hoisted(join: str, one: SelectExpression) -> Hoisted:
    if one.aggregate is None:
        msg = "only aggregates are hoisted"
        raise AssertionError(msg)
    return Hoisted(join, one.alias or one.field.name, one.aggregate, one.aggregate_cast, one.alias)


def _with_aggregates(embed: EmbedColumn, hoisted: list[Hoisted]) -> EmbedColumn:
    found = {one.column: one for one in reversed(hoisted) if one.join == embed.join}
    return replace(embed, spread=tuple(_aggregated(column, found.get(column.name)) for column in embed.spread))


def _aggregated(column: SpreadColumn, hoisted: Hoisted | None) -> SpreadColumn:
    if hoisted is None:
        return column
    return SpreadColumn(column.name, hoisted.aggregate, hoisted.cast, hoisted.alias)


def order_to_many_spreads(plan: ReadPlan) -> None:
    """Turn the order of a to-many spread into the order within its arrays."""
    if plan.spread == "to-many":
        aggregated = any(one.aggregate for one in plan.select)
        if aggregated or any(column.aggregate for embed in plan.embeds for column in embed.spread):
            raise not_implemented("Aggregates are not implemented for one-to-many or many-to-many spreads.")
        named = [(f"{plan.join}_{term.field.name}_{number}", term) for number, term in enumerate(plan.order, 1)]
        plan.spread_order = SpreadOrder(
            columns=tuple((term.relation, SelectExpression(term.field, alias=name)) for name, term in named),
            terms=tuple(Ordering(FieldRef(name), term.direction, term.nulls) for name, term in named),
        )
        plan.order = []
    for child in plan.children:
        order_to_many_spreads(child)
