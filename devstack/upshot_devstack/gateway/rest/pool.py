"""A bounded pool of connections that answers at once when the database refuses a connection.

The client must hear 503 then, not wait for a timeout; that, and a hot path of a few operations, is why this is not
psycopg_pool. Idle connections are reused last in, first out, so that a quiet server keeps few.
"""

import asyncio
import select
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from psycopg import OperationalError
from psycopg.pq import ConnStatus

from upshot_devstack.gateway.rest.errors import database_unavailable, pool_timeout
from upshot_devstack.gateway.rest.pipeline import PipelineConnection

MAX_LIFETIME = 1800.0
MAX_IDLE = 30.0
CONNECT_TIMEOUT = 5
WAITING_PER_CONNECTION = 100


def is_dead(connection: PipelineConnection) -> bool:
    """Whether the server has hung up on an idle connection: then there is something to read on it."""
    if connection.closed:
        return True
    watch = select.poll()
    watch.register(connection.pgconn.socket, select.POLLIN)
    if not watch.poll(0):
        return False
    try:
        connection.pgconn.consume_input()
    except OperationalError:
        return True
    return bool(connection.pgconn.status != ConnStatus.OK)


class Idle(NamedTuple):
    connection: PipelineConnection
    since: float


class Pool:
    """At most `size` connections; a request waits `timeout` seconds for one."""

    def __init__(self, conninfo: str, size: int, timeout: float) -> None:
        self._conninfo = conninfo
        self._size = size
        self._timeout = timeout
        self._places = asyncio.Semaphore(size)
        self._idle: list[Idle] = []
        self._born: dict[PipelineConnection, float] = {}
        self._waiting = 0
        self._closed = False

    @property
    def in_use(self) -> int:
        return len(self._born) - len(self._idle)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[PipelineConnection]:
        """A connection for the time of the block; PGRST000 or PGRST003 when there is none to be had."""
        connection = await self.acquire()
        try:
            yield connection
        finally:
            await self.release(connection)

    async def acquire(self) -> PipelineConnection:
        await self._take_place()
        try:
            return await self._idle_or_new()
        except BaseException:
            self._places.release()
            raise

    async def release(self, connection: PipelineConnection) -> None:
        """Give a connection back; a broken or old one is closed."""
        now = time.monotonic()
        if self._closed or connection.closed or now - self._born[connection] > MAX_LIFETIME:
            await self._discard(connection)
        else:
            self._idle.append(Idle(connection, now))
            await self._close_idle(now)
        self._places.release()

    async def close(self) -> None:
        """Close what is idle; what is in use is closed when it comes back."""
        self._closed = True
        await self.forget_idle()

    async def forget_idle(self) -> None:
        """Close every idle connection: one that broke makes the others suspect."""
        idle, self._idle = self._idle, []
        for one in idle:
            await self._discard(one.connection)

    async def _take_place(self) -> None:
        if not self._places.locked():
            await self._places.acquire()
            return
        if self._waiting >= self._size * WAITING_PER_CONNECTION:
            raise pool_timeout()
        self._waiting += 1
        try:
            async with asyncio.timeout(self._timeout):
                await self._places.acquire()
        except TimeoutError as error:
            raise pool_timeout() from error
        finally:
            self._waiting -= 1

    async def _idle_or_new(self) -> PipelineConnection:
        while self._idle:
            connection = self._idle.pop().connection
            if not is_dead(connection):
                return connection
            await self._discard(connection)
        try:
            connection = await PipelineConnection.connect(
                self._conninfo,
                autocommit=True,
                connect_timeout=CONNECT_TIMEOUT,
                client_encoding="utf-8",
                application_name="upshot-gateway rest",
            )
        except (OSError, OperationalError) as error:
            raise database_unavailable(str(error)) from error
        self._born[connection] = time.monotonic()
        return connection

    async def _discard(self, connection: PipelineConnection) -> None:
        self._born.pop(connection, None)
        await connection.close()

    async def _close_idle(self, now: float) -> None:
        """The longest idle stands first; closing one a time keeps each release short."""
        if len(self._idle) > 1 and now - self._idle[0].since > MAX_IDLE:
            await self._discard(self._idle.pop(0).connection)
