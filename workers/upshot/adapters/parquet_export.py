"""The raw tables, and what the core reads of them, as Parquet files of one moment."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg
from psycopg import sql

RAW = ("inferences", "outcomes", "outcome_keys", "assignments", "exposures")
CORE = ("core_exposures", "core_events", "core_metrics", "core_arms")

# Postgres' types in DuckDB's words; a uuid is text, because not every engine has the type.
_TYPES = {
    "bool": "BOOLEAN",
    "int2": "SMALLINT",
    "int4": "INTEGER",
    "int8": "BIGINT",
    "float8": "DOUBLE",
    "date": "DATE",
    "timestamptz": "TIMESTAMPTZ",
}


def export(database: str, folder: Path, workspace_id: str | None = None) -> Iterator[tuple[str, int]]:
    """Write one file a relation into `folder`; tells each with its rows. All of them show the same moment.

    `database` is a libpq URL of a role that may read everything, as `postgres` may. A file that is there is replaced
    when its relation is written whole. Raises psycopg.Error when the database refuses.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with psycopg.connect(database, options="-c timezone=UTC") as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        for schema, names in (("public", RAW), ("private", CORE)):
            for name in names:
                yield name, _write(connection, sql.Identifier(schema, name), folder / f"{name}.parquet", workspace_id)


def _write(connection: psycopg.Connection, relation: sql.Identifier, target: Path, workspace_id: str | None) -> int:
    columns = _columns(connection, relation)
    query = sql.SQL("select * from {}").format(relation)
    if workspace_id and "workspace_id" in columns:
        query += sql.SQL(" where workspace_id = {}").format(workspace_id)
    with tempfile.NamedTemporaryFile(suffix=".csv", dir=target.parent) as rows:
        copy = sql.SQL("copy ({}) to stdout (format csv, header)").format(query)
        with connection.cursor().copy(copy) as stream:
            for block in stream:
                rows.write(block)
        rows.flush()
        return _to_parquet(Path(rows.name), target, columns)


def _columns(connection: psycopg.Connection, relation: sql.Identifier) -> dict[str, str]:
    described = connection.execute(sql.SQL("select * from {} limit 0").format(relation)).description or []
    return {c.name: _TYPES.get(psycopg.adapters.types[c.type_code].name, "VARCHAR") for c in described}


def _to_parquet(rows: Path, target: Path, columns: dict[str, str]) -> int:
    part = target.with_suffix(".part")
    with duckdb.connect() as engine:
        engine.execute("set timezone = 'UTC'")
        # Postgres writes an empty text in quotes and a null without: the two stay apart.
        read = "select * from read_csv($rows, header = true, columns = $columns, allow_quoted_nulls = false)"
        table = engine.sql(read, params={"rows": str(rows), "columns": columns})
        table.write_parquet(str(part), compression="zstd")
        counted = engine.execute("select count(*) from read_parquet($part)", {"part": str(part)}).fetchone()
    part.rename(target)
    return int(counted[0]) if counted else 0
