"""Two packagers' files are combined at run time: before anybody builds on them, they must have worked once."""

import psycopg
from psycopg import sql

from upshot_devstack.postgres.cluster import SUPERUSER, ClusterError, Server, connect

SCHEMA = "devstack_selftest"


def check_vector(server: Server, database: str) -> None:
    """Build a tiny HNSW index and search it, leaving nothing behind. Raises ClusterError when that does not work."""
    try:
        with connect(server.url(SUPERUSER, database)) as connection, connection.transaction(force_rollback=True):
            schema = _vector_schema(connection)
            connection.execute(sql.SQL(_POINTS).format(schema=schema))
            nearest = connection.execute(sql.SQL(_SEARCH).format(schema=schema)).fetchone()
    except psycopg.Error as error:
        raise ClusterError(f"pgvector does not work with this Postgres: {error}. {_ADVICE}") from error
    if nearest != (2,):
        raise ClusterError(f"pgvector found row {nearest}, not row 2. {_ADVICE}")


_ADVICE = "Use your own Postgres with pgvector: set PG_BIN to its bin folder."

_POINTS = """
create temporary table points (id integer, place {schema}.vector(3)) on commit drop;
insert into points values (1, '[1,0,0]'), (2, '[0,1,0]'), (3, '[0,0,1]');
create index on points using hnsw (place {schema}.vector_cosine_ops)
"""

_SEARCH = """
select id from points order by place operator({schema}.<=>) '[0.1,0.9,0]' limit 1
"""


def _vector_schema(connection: psycopg.Connection) -> sql.Identifier:
    """Where the extension's names are; it is created for the length of the transaction when it is not there."""
    row = connection.execute(
        "select nspname from pg_extension join pg_namespace as n on n.oid = extnamespace where extname = 'vector'"
    ).fetchone()
    if row is not None:
        return sql.Identifier(row[0])
    connection.execute(sql.SQL("create schema {}").format(sql.Identifier(SCHEMA)))
    connection.execute(sql.SQL("create extension vector with schema {}").format(sql.Identifier(SCHEMA)))
    return sql.Identifier(SCHEMA)
