"""Columns, conditions and orders as SQL."""

from collections.abc import Iterable, Sequence

from upshot_devstack.gateway.rest.identifiers import QualifiedName, quote_name, quote_qualified
from upshot_devstack.gateway.rest.parse.tree import JsonStep, Operation
from upshot_devstack.gateway.rest.plan.types import (
    Comparison,
    Condition,
    EmbedIsNull,
    FieldRef,
    Group,
    JoinCondition,
    Ordering,
    SelectExpression,
)
from upshot_devstack.gateway.rest.render.binder import Binder, FromQuery

OPERATORS = {
    "eq": "=",
    "neq": "<>",
    "gt": ">",
    "gte": ">=",
    "lt": "<",
    "lte": "<=",
    "like": "like",
    "ilike": "ilike",
    "match": "~",
    "imatch": "~*",
    "cs": "@>",
    "cd": "<@",
    "ov": "&&",
    "sl": "<<",
    "sr": ">>",
    "nxr": "&<",
    "nxl": "&>",
    "adj": "-|-",
    "isdistinct": "IS DISTINCT FROM",
}
SEARCH_FUNCTIONS = {
    "fts": "to_tsquery",
    "plfts": "plainto_tsquery",
    "phfts": "phraseto_tsquery",
    "wfts": "websearch_to_tsquery",
}
TRUTH_VALUES = {"null": "NULL", "not_null": "NOT NULL", "true": "TRUE", "false": "FALSE", "unknown": "UNKNOWN"}
PATTERN_OPERATORS = frozenset({"like", "ilike"})
AGGREGATES = {"sum": "SUM", "avg": "AVG", "count": "COUNT", "max": "MAX", "min": "MIN"}
DIRECTIONS = {"asc": " ASC", "desc": " DESC", None: ""}
NULL_ORDERS = {"first": " NULLS FIRST", "last": " NULLS LAST", None: ""}


def column(qualifier: QualifiedName, name: str) -> str:
    return f"{quote_qualified(qualifier)}.{'*' if name == '*' else quote_name(name)}"


def field(qualifier: QualifiedName, ref: FieldRef, binder: Binder) -> str:
    """The column's value, at its JSON path, as a tsvector when it is to be searched."""
    if ref.full_row:
        value = quote_name(qualifier.name)
    elif not ref.path:
        value = column(qualifier, ref.name)
    else:
        base = column(qualifier, ref.name)
        value = (f"to_jsonb({base})" if ref.to_json else base) + json_path(ref.path, binder)
    return f"to_tsvector({_language(ref.search_language, binder)}{value})" if ref.search else value


def json_path(path: Iterable[JsonStep], binder: Binder) -> str:
    return "".join(f"{step.arrow}{binder.text(step.operand)}{'::int' if step.is_index else ''}" for step in path)


def _language(language: str | None, binder: Binder) -> str:
    return "" if language is None else f"{binder.text(language)}, "


def select_expression(qualifier: QualifiedName, one: SelectExpression, binder: Binder) -> str:
    value = field(qualifier, one.field, binder)
    if one.field.transform:
        value = f"{one.field.transform}({value})"
    value = aggregated(cast(value, one.cast), one.aggregate, one.aggregate_cast)
    return value if one.alias is None else f"{value} AS {quote_name(one.alias)}"


def cast(value: str, type_name: str | None) -> str:
    """`type_name` stays unquoted so that `int` and the like work; the grammar lets only letters, digits, _ $ and blanks in."""
    return value if type_name is None else f"CAST( {value} AS {type_name} )"


def aggregated(value: str, aggregate: str | None, aggregate_cast: str | None) -> str:
    return value if aggregate is None else cast(f"{AGGREGATES[aggregate]}({value})", aggregate_cast)


def condition(qualifier: QualifiedName, one: Condition, binder: Binder) -> str:
    if isinstance(one, Group):
        members = f" {one.operator.upper()} ".join(condition(qualifier, member, binder) for member in one.members)
        return f"{'NOT ' if one.negated else ''}({members})"
    if isinstance(one, EmbedIsNull):
        return f"{quote_name(one.alias)} IS {'' if one.negated else 'NOT '}DISTINCT FROM NULL"
    return comparison(qualifier, one, binder)


def comparison(qualifier: QualifiedName, one: Comparison, binder: Binder) -> str:
    left = field(qualifier, one.field, binder)
    return f"{'NOT ' if one.operation.negated else ''}{left} {_right(one.operation, one.field, binder)}"


def _right(operation: Operation, ref: FieldRef, binder: Binder) -> str:
    if operation.name == "in":
        return _in_list(operation.values, ref, binder)
    if operation.name == "is":
        return f"IS {TRUTH_VALUES[operation.value]}"
    if operation.name in SEARCH_FUNCTIONS:
        language = _language(operation.language, binder)
        return f"@@ {SEARCH_FUNCTIONS[operation.name]}({language}{binder.text(operation.value)})"
    value = _value(operation, ref, binder)
    quantified = f"{operation.quantifier.upper()}({value})" if operation.quantifier else value
    return f"{OPERATORS[operation.name]} {quantified}"


def _value(operation: Operation, ref: FieldRef, binder: Binder) -> str:
    is_pattern = operation.name in PATTERN_OPERATORS
    if operation.slot is not None:
        placeholder = binder.bind(FromQuery(operation.slot, is_pattern))
    else:
        placeholder = binder.text(operation.value.replace("*", "%") if is_pattern else operation.value)
    convert = ref.transform and not is_pattern and operation.name != "isdistinct"
    return f"{ref.transform}({placeholder})" if convert else placeholder


def _in_list(values: Sequence[str], ref: FieldRef, binder: Binder) -> str:
    """`= ANY` of one array parameter: an empty list is allowed, and the statement is one for any length."""
    if list(values) == [""]:
        return "= ANY('{}')"
    array = binder.text(array_literal(values))
    if ref.transform:
        return f"= ANY (SELECT {ref.transform}(u) FROM unnest({array}::text[]) u)"
    return f"= ANY ({array})"


def array_literal(values: Iterable[str]) -> str:
    """Postgres' own notation for an array, e.g. {"a","b, c"}."""
    escaped = (value.partition("\0")[0].replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in escaped) + "}"


def where(conditions: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def join_condition(one: JoinCondition) -> str:
    return f"{column(one.left, one.left_column)} = {column(one.right, one.right_column)}"


def order_by(qualifier: QualifiedName, terms: Sequence[Ordering], binder: Binder) -> str:
    if not terms:
        return ""
    return " ORDER BY " + ", ".join(_order_term(qualifier, term, binder) for term in terms)


def _order_term(qualifier: QualifiedName, term: Ordering, binder: Binder) -> str:
    of = QualifiedName("", term.relation) if term.relation else qualifier
    return field(of, term.field, binder) + DIRECTIONS[term.direction] + NULL_ORDERS[term.nulls]
