"""Filters and column lists checked when they are asked for, so that a mistake is told at once."""

from typing import Any

import psycopg
from psycopg import sql

from upshot_devstack.gateway.realtime.changes.bindings import ANY, Binding, InvalidBinding
from upshot_devstack.gateway.realtime.changes.filters import Filter
from upshot_devstack.gateway.realtime.changes.values import typed

COLUMNS = """
select a.attname::text, format_type(a.atttypid, a.atttypmod),
       has_column_privilege(%(role)s::name, c.oid, a.attnum, 'select')
from pg_attribute as a
join pg_class as c on c.oid = a.attrelid
join pg_namespace as n on n.oid = c.relnamespace
where n.nspname = %(schema)s and c.relname = %(table)s and a.attnum > 0 and not a.attisdropped
"""


async def check_filters(connection: psycopg.AsyncConnection[Any], binding: Binding, role: str) -> None:
    """Raise InvalidBinding for a column that is not there or not readable, psycopg.Error for a value of no use."""
    named = [one.column for one in binding.filters] + list(binding.select or ())
    if not named or ANY in {binding.schema, binding.table}:
        return
    values = {"schema": binding.schema, "table": binding.table, "role": role}
    rows = await (await connection.execute(COLUMNS, values)).fetchall()
    types = {name: type_name for name, type_name, readable in rows if readable}
    for name in named:
        if name not in types:
            raise InvalidBinding(
                f"Unable to subscribe to changes with given parameters: invalid column {name!r} for "
                f"{binding.schema}.{binding.table}, or the role {role!r} may not select it"
            )
    for one in binding.filters:
        await _check_value(connection, one, types[one.column])


async def _check_value(connection: psycopg.AsyncConnection[Any], one: Filter, type_name: str) -> None:
    if one.operator in {"is", "like", "ilike", "match", "imatch"}:
        return
    wanted = f"{type_name}[]" if one.operator == "in" else type_name
    await connection.execute(sql.SQL("select {}").format(typed(one.value, wanted)))
