"""A replication connection: create a temporary slot, start it, read what comes, confirm what was read.

libpq speaks the protocol (COPY BOTH); psycopg lends the connection and stays out of the way.
"""

import asyncio
import secrets
import struct
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg import pq, sql

CONNECT_TIMEOUT = 10
STATUS_INTERVAL = 10.0
STOP_TIMEOUT = 2.0
_WAL_DATA = b"w"
_KEEPALIVE = b"k"
_WAL_HEADER = 1 + 8 + 8 + 8
_POSTGRES_EPOCH_SECONDS = 946_684_800


class StreamEnded(Exception):  # noqa: N818 - names the event
    """The server ended the stream, or the connection broke."""


class ReplicationStream:
    """A running stream. Iterate `messages()`; each is one message of the output plugin."""

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._pgconn = connection.pgconn
        self._readable = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._received = 0
        self._reported_at = time.monotonic()

    async def start(self, slot: str, publications: Sequence[str]) -> None:
        """Begin to stream from the slot. Raises StreamEnded when the server refuses."""
        self._loop.add_reader(self._pgconn.socket, self._readable.set)
        names = ",".join(f'"{name}"' for name in publications).replace("'", "''")
        command = f"START_REPLICATION SLOT {slot} LOGICAL 0/0 (proto_version '1', publication_names '{names}')"
        self._pgconn.send_query(command.encode())
        await self._flush()
        while self._pgconn.is_busy():
            await self._more_input()
        result = self._pgconn.get_result()
        if result is None or result.status != pq.ExecStatus.COPY_BOTH:
            raise StreamEnded(self._pgconn.get_error_message() if result is None else result.get_error_message())

    async def messages(self) -> AsyncIterator[bytes]:
        """Messages of the output plugin as they come. Raises StreamEnded."""
        while True:
            size, data = self._pgconn.get_copy_data(1)
            if size > 0:
                async for message in self._unwrapped(bytes(data)):
                    yield message
            elif size == 0:
                await self._report_when_due()
                await self._more_input()
            else:
                raise StreamEnded(self._pgconn.get_error_message())

    async def stop(self) -> None:
        """End the stream, so that the server frees the slot before the connection goes."""
        self._pgconn.put_copy_end()
        await self._flush()
        while self._pgconn.get_copy_data(1)[0] >= 0:
            await self._more_input()
        while self._pgconn.get_result() is not None:
            pass

    def release(self) -> None:
        """Stop watching the connection; it may be closed then."""
        if self._pgconn.status == pq.ConnStatus.OK:
            self._loop.remove_reader(self._pgconn.socket)

    async def _unwrapped(self, data: bytes) -> AsyncIterator[bytes]:
        if data[:1] == _WAL_DATA:
            self._received = max(self._received, struct.unpack_from("!Q", data, 1)[0])
            yield data[_WAL_HEADER:]
        elif data[:1] == _KEEPALIVE:
            end, _, wants_reply = struct.unpack_from("!QQB", data, 1)
            self._received = max(self._received, end)
            if wants_reply:
                await self._report()

    async def _more_input(self) -> None:
        self._readable.clear()
        try:
            async with asyncio.timeout(STATUS_INTERVAL):
                await self._readable.wait()
        except TimeoutError:
            return
        try:
            self._pgconn.consume_input()
        except psycopg.OperationalError as error:
            raise StreamEnded(str(error)) from error

    async def _report_when_due(self) -> None:
        if time.monotonic() - self._reported_at >= STATUS_INTERVAL:
            await self._report()

    async def _report(self) -> None:
        """Confirm what was received: the slot need not keep it, as delivery is at most once."""
        now = int((time.time() - _POSTGRES_EPOCH_SECONDS) * 1_000_000)
        position = self._received
        try:
            self._pgconn.put_copy_data(b"r" + struct.pack("!QQQQB", position, position, position, now, 0))
        except psycopg.OperationalError as error:
            raise StreamEnded(str(error)) from error
        await self._flush()
        self._reported_at = time.monotonic()

    async def _flush(self) -> None:
        try:
            while self._pgconn.flush():
                await self._more_input()
        except psycopg.OperationalError as error:
            raise StreamEnded(str(error)) from error


@asynccontextmanager
async def open_stream(dsn: str, slot_prefix: str, publications: Sequence[str]) -> AsyncIterator[ReplicationStream]:
    """A started stream with a temporary slot of its own. Raises psycopg.Error or StreamEnded."""
    connection = await psycopg.AsyncConnection.connect(
        dsn, autocommit=True, replication="database", connect_timeout=CONNECT_TIMEOUT, application_name=slot_prefix
    )
    slot = f"{slot_prefix}_{secrets.token_hex(4)}"
    try:
        await connection.execute(
            sql.SQL("CREATE_REPLICATION_SLOT {} TEMPORARY LOGICAL pgoutput (SNAPSHOT 'nothing')").format(
                sql.Identifier(slot)
            )
        )
        stream = ReplicationStream(connection)
        try:
            await stream.start(slot, publications)
            yield stream
        finally:
            stream.release()
    finally:
        connection.pgconn.finish()


async def drop_gracefully(stream: ReplicationStream) -> None:
    """Stop a stream within a bound; a server that does not answer is left to notice the closed connection."""
    try:
        async with asyncio.timeout(STOP_TIMEOUT):
            await stream.stop()
    except (TimeoutError, StreamEnded, psycopg.Error):
        return
