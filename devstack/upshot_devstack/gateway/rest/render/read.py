"""Read plans as SELECT statements, and the count of the rows they would show without a limit."""

from collections.abc import Iterable, Iterator

from upshot_devstack.gateway.rest.identifiers import QualifiedName, quote_name, quote_qualified
from upshot_devstack.gateway.rest.parse.tree import ALL_ROWS
from upshot_devstack.gateway.rest.plan.types import (
    Condition,
    EmbedColumn,
    EmbedIsNull,
    Group,
    ReadPlan,
    SelectExpression,
    SpreadColumn,
)
from upshot_devstack.gateway.rest.render import fields
from upshot_devstack.gateway.rest.render.binder import Binder, Constant, FromRequest


def select(plan: ReadPlan, binder: Binder) -> str:
    """The SELECT for a plan; embedded resources are joined laterally."""
    qualifier = plan.qualifier
    columns = [*_own_columns(plan, binder), *_embedded_columns(plan)]
    joins = "".join(_join(embed, child, binder) for embed, child in zip(plan.embeds, plan.children, strict=True))
    conditions = [fields.condition(qualifier, one, binder) for one in plan.where]
    conditions += [fields.join_condition(one) for one in plan.join_conditions]
    return (
        f"SELECT {', '.join(columns)} FROM {_source(plan)}{joins}{fields.where(conditions)}"
        f"{_group_by(plan, binder)}{fields.order_by(qualifier, plan.order, binder)}{_limit(plan, binder)}"
    )


def _source(plan: ReadPlan) -> str:
    """The relation; a function of the parent's row; for many-to-many, the junction beside it."""
    one = plan.relationship
    if one is not None and one.function is not None and plan.parent_alias is not None:
        row = f"{quote_name(plan.parent_alias.name)}::{quote_qualified(one.source)}"
        source = f"{quote_qualified(one.function)}({row})"
    else:
        source = quote_qualified(plan.source)
    alias = f" AS {quote_name(plan.source_alias)}" if plan.source_alias else ""
    junction = f", {quote_qualified(one.junction.table)}" if one is not None and one.junction else ""
    return f"{source}{alias}{junction}"


def _own_columns(plan: ReadPlan, binder: Binder) -> list[str]:
    if not plan.select and not plan.children:
        return [fields.column(plan.qualifier, "*")]
    own = [fields.select_expression(plan.qualifier, one, binder) for one in plan.select]
    if plan.spread_order is not None:
        for relation, one in plan.spread_order.columns:
            qualifier = QualifiedName("", relation) if relation else plan.qualifier
            own.append(fields.select_expression(qualifier, one, binder))
    return own


def _embedded_columns(plan: ReadPlan) -> Iterator[str]:
    for embed in plan.embeds:
        join = quote_name(embed.join)
        if embed.kind == "spread":
            yield from (_spread_column(embed.join, one) for one in embed.spread)
        elif embed.empty:
            continue
        elif embed.kind == "object":
            yield f"row_to_json({join}.*)::jsonb AS {quote_name(embed.name)}"
        else:
            yield f"COALESCE( {join}.{join}, '[]') AS {quote_name(embed.name)}"


def _spread_column(join: str, one: SpreadColumn) -> str:
    value = fields.column(QualifiedName("", join), one.name)
    value = fields.aggregated(value, one.aggregate, one.aggregate_cast)
    return value if one.alias is None else f"{value} AS {quote_name(one.alias)}"


def _join(embed: EmbedColumn, child: ReadPlan, binder: Binder) -> str:
    join = quote_name(embed.join)
    rows = select(child, binder)
    condition = "TRUE"
    if embed.kind == "array" or child.spread == "to-many":
        arrays = "".join(f", {_array_column(embed.join, one, child, binder)}" for one in embed.spread)
        rows = f"SELECT json_agg({join})::jsonb AS {join}{arrays} FROM ({rows} ) AS {join}"
        condition = f"{join} IS NOT NULL" if child.join_kind == "inner" else "TRUE"
    kind = "INNER" if child.join_kind == "inner" else "LEFT"
    return f" {kind} JOIN LATERAL ( {rows} ) AS {join} ON {condition}"


def _array_column(join: str, one: SpreadColumn, child: ReadPlan, binder: Binder) -> str:
    qualifier = QualifiedName("", join)
    terms = child.spread_order.terms if child.spread_order else ()
    order = fields.order_by(qualifier, terms, binder)
    value = f"COALESCE(json_agg({fields.column(qualifier, one.name)}{order}),'[]')::jsonb"
    return f"{value} AS {quote_name(one.alias or one.name)}"


def _group_by(plan: ReadPlan, binder: Binder) -> str:
    spread = [column for embed in plan.embeds for column in embed.spread]
    if not any(one.aggregate for one in plan.select) and not any(one.aggregate for one in spread):
        return ""
    terms = [_group_term(plan.qualifier, one, binder) for one in plan.select if not one.aggregate]
    terms += _embedded_terms(plan.embeds)
    return f" GROUP BY {', '.join(terms)}" if terms else ""


def _group_term(qualifier: QualifiedName, one: SelectExpression, binder: Binder) -> str:
    return quote_name(one.alias) if one.alias else fields.field(qualifier, one.field, binder)


def _embedded_terms(embeds: Iterable[EmbedColumn]) -> Iterator[str]:
    for embed in embeds:
        if embed.kind != "spread":
            if not embed.empty:
                yield quote_name(embed.name)
            continue
        for one in embed.spread:
            if not one.aggregate:
                yield f"{quote_name(embed.join)}.{quote_name(one.alias or one.name)}"


def _limit(plan: ReadPlan, binder: Binder) -> str:
    if plan.range == ALL_ROWS:
        return ""
    if plan.depth == 0:
        limit = "ALL" if plan.range.limit is None else binder.bind(FromRequest("limit"))
        return f" LIMIT {limit} OFFSET {binder.bind(FromRequest('offset'))}"
    limit = "ALL" if plan.range.limit is None else binder.bind(_number(plan.range.limit))
    return f" LIMIT {limit} OFFSET {binder.bind(_number(plan.range.offset))}"


def _number(value: int) -> Constant:
    return Constant(str(value).encode())


def count(plan: ReadPlan, binder: Binder) -> str:
    """One row for each row of the plan's root: conditions count, limits, orders and columns do not."""
    conditions = [_count_condition(plan, one, binder) for one in plan.where]
    conditions += [fields.join_condition(one) for one in plan.join_conditions]
    conditions += [f"EXISTS ({count(child, binder)} )" for child in plan.children if child.join_kind == "inner"]
    return f"SELECT 1 FROM {_source(plan)}{fields.where(conditions)}"


def _count_condition(plan: ReadPlan, one: Condition, binder: Binder) -> str:
    if isinstance(one, Group):
        members = f" {one.operator.upper()} ".join(_count_condition(plan, member, binder) for member in one.members)
        return f"{'NOT ' if one.negated else ''}({members})"
    if isinstance(one, EmbedIsNull):
        child = next(child for child in plan.children if child.join == one.alias)
        return f"{'' if one.negated else 'NOT '}EXISTS ({count(child, binder)})"
    return fields.condition(plan.qualifier, one, binder)
