"""The service's own small pool of connections, as the role that owns the auth tables."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

ROLE = "supabase_auth_admin"
STATEMENT_TIMEOUT_MS = 10_000
ACQUIRE_TIMEOUT = 10.0

Row = dict[str, Any]
Connection = AsyncConnection[DictRow]


class Database:
    """Transactions on the auth schema."""

    def __init__(self, admin_uri: str, size: int) -> None:
        conninfo = make_conninfo(
            admin_uri,
            user=ROLE,
            application_name="gateway-auth",
            options=f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={STATEMENT_TIMEOUT_MS // 2}",
        )
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            conninfo,
            connection_class=AsyncConnection[DictRow],
            kwargs={"row_factory": dict_row, "autocommit": True},
            min_size=1,
            max_size=size,
            max_waiting=200,
            timeout=ACQUIRE_TIMEOUT,
            open=False,
            check=AsyncConnectionPool.check_connection,
        )

    async def open(self) -> None:
        """Connect; raises when the database cannot be reached."""
        await self._pool.open(wait=True, timeout=ACQUIRE_TIMEOUT)

    async def close(self) -> None:
        await self._pool.close(timeout=ACQUIRE_TIMEOUT / 2)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection in a transaction: committed at the end, rolled back when the block raises."""
        async with self._pool.connection() as connection, connection.transaction():
            yield connection


async def fetch_one(connection: Connection, query: str, *values: object) -> Row | None:
    """The first row, or None."""
    cursor = await connection.execute(query.encode(), values)
    return await cursor.fetchone()


async def fetch_all(connection: Connection, query: str, *values: object) -> list[Row]:
    cursor = await connection.execute(query.encode(), values)
    return await cursor.fetchall()


async def execute(connection: Connection, query: str, *values: object) -> int:
    """Run a statement; the number of rows it touched."""
    cursor = await connection.execute(query.encode(), values)
    return cursor.rowcount
