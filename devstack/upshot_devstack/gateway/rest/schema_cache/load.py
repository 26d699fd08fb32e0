"""Reading the catalogue into a SchemaCache, in one snapshot."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from psycopg import AsyncConnection, IsolationLevel
from psycopg.rows import dict_row

from upshot_devstack.gateway.rest.identifiers import QualifiedName
from upshot_devstack.gateway.rest.schema_cache import queries
from upshot_devstack.gateway.rest.schema_cache.model import (
    Column,
    Handler,
    Parameter,
    Relationship,
    Routine,
    SchemaCache,
    Table,
)
from upshot_devstack.gateway.rest.schema_cache.relationships import (
    ForeignKey,
    KeySide,
    ViewKey,
    all_relationships,
    only_exposed,
    with_view_keys,
)
from upshot_devstack.gateway.rest.schema_cache.views import Origin, ViewDefinition, column_origins, resolve

Row = dict[str, Any]
ISOLATION = "default_transaction_isolation"


async def load_schema_cache(
    connection: AsyncConnection[Any], schemas: Sequence[str], search_path: Sequence[str], hoisted: Sequence[str] = ()
) -> SchemaCache:
    """Read the exposed `schemas`. Views of `search_path` are looked through as well."""
    await connection.set_isolation_level(IsolationLevel.REPEATABLE_READ)
    await connection.set_read_only(True)
    try:
        async with connection.transaction():
            # An empty search path makes the catalogue print every name with its schema.
            await connection.execute("set local search_path = ''")
            return await _read(connection, list(schemas), list(search_path), hoisted)
    finally:
        await connection.set_read_only(None)
        await connection.set_isolation_level(None)


async def _read(
    connection: AsyncConnection[Any], schemas: list[str], search_path: list[str], hoisted: Sequence[str]
) -> SchemaCache:
    scope = {"schemas": schemas, "search_path": search_path}
    tables = {table.name: table for table in map(_table, await _rows(connection, queries.TABLES, scope))}
    keys = await _rows(connection, queries.KEYS, scope)
    view_keys = await _view_keys(connection, scope, keys)
    tables |= _views_with_keys(tables, view_keys)
    primary_keys = _primary_keys(keys) | {name: table.primary_key for name, table in tables.items() if table.is_view}
    functions = [_row_function(row) for row in await _rows(connection, queries.ROW_FUNCTIONS, scope)]
    relationships = all_relationships(_foreign_keys(keys), view_keys, primary_keys, functions)
    return SchemaCache(
        tables=tables,
        relationships=only_exposed(relationships, schemas),
        routines=_routines(await _rows(connection, queries.ROUTINES, scope), hoisted),
        representations={
            (row["source"], row["target"]): row["function"]
            for row in await _rows(connection, queries.REPRESENTATIONS, scope)
        },
        handlers=_handlers(await _rows(connection, queries.HANDLERS, scope)),
    )


async def _rows(connection: AsyncConnection[Any], query: str, scope: Mapping[str, Any]) -> list[Row]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query.encode(), scope)
        return await cursor.fetchall()


def _table(row: Row) -> Table:
    columns = [_column(column) for column in row["columns"]]
    return Table(
        name=QualifiedName(row["schema"], row["name"]),
        description=row["description"],
        is_view=row["is_view"],
        insertable=row["insertable"],
        updatable=row["updatable"],
        deletable=row["deletable"],
        primary_key=tuple(row["primary_key"]),
        columns={column.name: column for column in columns},
    )


def _column(fields: Row) -> Column:
    return Column(**{**fields, "enum": tuple(fields["enum"] or ())})


def _primary_keys(keys: Iterable[Row]) -> dict[QualifiedName, tuple[str, ...]]:
    return {
        QualifiedName(key["schema"], key["name"]): tuple(sorted(key["columns"])) for key in keys if key["kind"] == "p"
    }


def _foreign_keys(keys: Sequence[Row]) -> list[ForeignKey]:
    unique: dict[QualifiedName, set[frozenset[str]]] = defaultdict(set)
    for key in keys:
        if key["kind"] in {"p", "u"}:
            unique[QualifiedName(key["schema"], key["name"])].add(frozenset(key["columns"]))
    return [
        ForeignKey(
            constraint=key["constraint"],
            source=(source := QualifiedName(key["schema"], key["name"])),
            columns=tuple(key["columns"]),
            target=QualifiedName(key["foreign_schema"], key["foreign_name"]),
            target_columns=tuple(key["foreign_columns"]),
            is_unique=frozenset(key["columns"]) in unique[source],
        )
        for key in keys
        if key["kind"] == "f" and not key["is_of_partition"]
    ]


async def _view_keys(connection: AsyncConnection[Any], scope: Mapping[str, Any], keys: Sequence[Row]) -> list[ViewKey]:
    """The keys that exposed views show whole."""
    views = [
        ViewDefinition(
            id=row["id"],
            schema=row["schema"],
            name=row["name"],
            exposed=row["exposed"],
            columns={int(number): name for number, name in row["columns"].items()},
            origins=column_origins(row["definition"]),
        )
        for row in await _rows(connection, queries.VIEWS, scope)
    ]
    resolved = resolve(views)
    ids = sorted({origin.relation for shown in resolved.values() for origin in shown})
    names = await _origin_names(connection, ids)
    found = []
    for view in views:
        if view.exposed:
            shown = {names[origin]: columns for origin, columns in resolved[view.id].items() if origin in names}
            found += list(_keys_shown(QualifiedName(view.schema, view.name), shown, keys))
    return found


ColumnName = tuple[QualifiedName, str]


async def _origin_names(connection: AsyncConnection[Any], ids: Sequence[int]) -> dict[Origin, ColumnName]:
    rows = await _rows(connection, queries.ORIGINS, {"ids": list(ids)}) if ids else []
    return {
        Origin(row["id"], int(number)): (QualifiedName(row["schema"], row["name"]), column)
        for row in rows
        for number, column in row["columns"].items()
    }


def _keys_shown(
    view: QualifiedName, shown: Mapping[ColumnName, tuple[str, ...]], keys: Iterable[Row]
) -> Iterable[ViewKey]:
    for key in keys:
        own = QualifiedName(key["schema"], key["name"])
        if key["kind"] == "p":
            sides: list[tuple[KeySide, QualifiedName, list[str]]] = [("primary", own, key["columns"])]
        elif key["kind"] == "f":
            other = QualifiedName(key["foreign_schema"], key["foreign_name"])
            sides = [("referencing", own, key["columns"]), ("referenced", other, key["foreign_columns"])]
        else:
            continue
        for side, table, columns in sides:
            if all((table, column) in shown for column in columns):
                names = tuple((column, shown[table, column]) for column in columns)
                yield ViewKey(table, view, key["constraint"], side, names)


def _views_with_keys(tables: Mapping[QualifiedName, Table], view_keys: Iterable[ViewKey]) -> dict[QualifiedName, Table]:
    return {
        name: Table(
            name=name,
            description=(view := tables[name]).description,
            is_view=view.is_view,
            insertable=view.insertable,
            updatable=view.updatable,
            deletable=view.deletable,
            primary_key=columns,
            columns=view.columns,
        )
        for name, columns in with_view_keys(tables, view_keys).items()
    }


def _row_function(row: Row) -> Relationship:
    return Relationship(
        source=QualifiedName(row["source_schema"], row["source_name"]),
        target=QualifiedName(row["target_schema"], row["target_name"]),
        cardinality="many-to-one" if row["to_one"] else "one-to-many",
        function=QualifiedName(row["schema"], row["name"]),
        to_one=row["to_one"],
    )


def _routines(rows: Iterable[Row], hoisted: Sequence[str]) -> dict[QualifiedName, tuple[Routine, ...]]:
    found: dict[QualifiedName, list[Routine]] = defaultdict(list)
    for row in rows:
        routine = _routine(row, hoisted)
        found[routine.name].append(routine)
    return {name: tuple(sorted(some, key=_overload_order)) for name, some in found.items()}


def _overload_order(one: Routine) -> tuple[int, str, tuple[Parameter, ...]]:
    """Among overloads the one with fewest parameters comes first."""
    return len(one.parameters), one.description or "", one.parameters


def _routine(row: Row, hoisted: Sequence[str]) -> Routine:
    settings = dict(setting.split("=", 1) for setting in row["settings"])
    wanted = {name: value for name, value in settings.items() if any(re.search(pattern, name) for pattern in hoisted)}
    return Routine(
        name=QualifiedName(row["schema"], row["name"]),
        description=row["description"],
        parameters=tuple(Parameter(**parameter) for parameter in row["parameters"]),
        return_type=QualifiedName(row["return_schema"], row["return_name"]),
        returns_set=row["returns_set"],
        returns_composite=row["returns_composite"],
        volatility=row["volatility"],
        isolation=settings.get(ISOLATION) if ISOLATION in wanted else None,
        settings=tuple((name, value) for name, value in wanted.items() if name != ISOLATION),
    )


def _handlers(rows: Iterable[Row]) -> dict[tuple[QualifiedName | None, str], Handler]:
    found = {}
    for row in rows:
        target = QualifiedName(row["target_schema"], row["target_name"])
        known = None if target == ("pg_catalog", "anyelement") else target
        media_type = row["media_type"]
        produced = "application/octet-stream" if media_type == "*/*" else media_type
        found[known, media_type] = Handler(QualifiedName(row["schema"], row["name"]), known, produced)
    return found
