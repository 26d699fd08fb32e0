"""Logged values as typed JSON, and filters tried on them: Postgres does both, so its own rules apply."""

from collections.abc import Collection, Mapping
from typing import Any

import psycopg
from psycopg import sql

from upshot_devstack.gateway.realtime.changes.catalog import Table
from upshot_devstack.gateway.realtime.changes.filters import IS_VALUES, OPERATORS, Filter
from upshot_devstack.gateway.realtime.replication.pgoutput import Row, UnchangedToast

Connection = psycopg.AsyncConnection[Any]


async def as_json(connection: Connection, table: Table, row: Row) -> dict[str, str]:
    """Column → JSON text. A large value that the log left out is read from the table."""
    if not row:
        return {}
    parts = [sql.SQL("to_jsonb({})::text").format(_value(table, row, name)) for name in row]
    answer = await (await connection.execute(sql.SQL("select {}").format(sql.SQL(", ").join(parts)))).fetchone()
    return {name: text or "null" for name, text in zip(row, answer or (), strict=True)}


async def matching(connection: Connection, table: Table, row: Row, filters: Collection[Filter]) -> frozenset[Filter]:
    """Which of the filters hold for the row. One on a column that the log does not carry does not hold."""
    known = [condition for condition in filters if condition.column in row]
    if not known:
        return frozenset()
    try:
        return await _holding(connection, table, row, known)
    except psycopg.DataError:
        # One filter may not fit the column's type any more: find out which, and let the others count.
        if len(known) == 1:
            return frozenset()
        return frozenset().union(*[await matching(connection, table, row, [one]) for one in known])


def typed(value: str | None, type_name: str) -> sql.Composed:
    """A value of a type. The type's name comes from format_type, which quotes what needs it."""
    return sql.SQL("{}::{}").format(sql.Literal(value), sql.SQL(type_name))


def key_condition(table: Table, row: Row) -> sql.Composed:
    """The condition that finds the changed row by its primary key."""
    parts = [sql.SQL("{} = {}").format(sql.Identifier(name), _value(table, row, name)) for name in table.primary_key]
    return sql.SQL(" and ").join(parts)


def name_of(table: Table) -> sql.Identifier:
    return sql.Identifier(table.relation.schema, table.relation.name)


def _value(table: Table, row: Mapping[str, Any], name: str) -> sql.Composed:
    value = row[name]
    if not isinstance(value, UnchangedToast):
        return typed(value, table.types[name])
    source = sql.SQL("(select {} from {} where {})")
    return source.format(sql.Identifier(name), name_of(table), key_condition(table, dict(row)))


async def _holding(connection: Connection, table: Table, row: Row, filters: list[Filter]) -> frozenset[Filter]:
    parts = [sql.SQL("coalesce({}, false)").format(_condition(table, row, one)) for one in filters]
    answer = await (await connection.execute(sql.SQL("select {}").format(sql.SQL(", ").join(parts)))).fetchone()
    return frozenset(one for one, holds in zip(filters, answer or (), strict=True) if holds)


def _condition(table: Table, row: Row, one: Filter) -> sql.Composed:
    left = _value(table, row, one.column)
    holds = sql.SQL("({} {} {})").format(left, sql.SQL(OPERATORS[one.operator]), _operand(table, one))
    return sql.SQL("not {}").format(holds) if one.negated else holds


def _operand(table: Table, one: Filter) -> sql.Composable:
    type_name = table.types[one.column]
    match one.operator:
        case "is":
            return sql.SQL(IS_VALUES[one.value.lower()])
        case "in":
            return sql.SQL("({})").format(typed(one.value, f"{type_name}[]"))
        case "like" | "ilike" | "match" | "imatch":
            return typed(one.value, "text")
    return typed(one.value, type_name)
