"""A keep-alive HTTP/1.1 load that costs the machine little, so that it measures the server and not itself."""

import asyncio
import time
from typing import Self, cast
from urllib.parse import urlsplit

import httptools
import uvloop


class _Connection(asyncio.Protocol):
    """One socket that sends the same request again as soon as the answer is complete."""

    def __init__(self, request: bytes, deadline: float, done: asyncio.Future[None]) -> None:
        self.answers = 0
        self.failures = 0
        self._request, self._deadline, self._done = request, deadline, done
        self._parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's transports share no base class with asyncio's
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self.answers += 1
        self.failures += self._parser.get_status_code() >= 300  # noqa: PLR2004 - HTTP success ends there
        if time.perf_counter() < self._deadline:
            self._parser = httptools.HttpResponseParser(self)
            self._transport.write(self._request)
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._done.done():
            return
        if exc is None:
            self._done.set_result(None)
        else:
            self._done.set_exception(exc)


class Load:
    """A GET repeated over some connections for some seconds. `requests_per_second` is None until it has run."""

    def __init__(self, url: str, headers: dict[str, str], connections: int, seconds: float) -> None:
        parts = urlsplit(url)
        if not parts.hostname or not parts.port:
            raise ValueError(f"{url!r} must name a host and a port")
        self._host, self._port = parts.hostname, parts.port
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        target = f"{parts.path}?{parts.query}"
        self._request = f"GET {target} HTTP/1.1\r\nHost: {parts.netloc}\r\n{head}\r\n".encode()
        self._connections, self._seconds = connections, seconds
        self.requests_per_second: float | None = None

    def run(self) -> Self:
        """Run to the end. RuntimeError when any answer was not a success."""
        uvloop.run(self._run())
        return self

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        started = time.perf_counter()
        waits: list[asyncio.Future[None]] = [loop.create_future() for _ in range(self._connections)]
        sockets = [await self._connect(loop, started + self._seconds, wait) for wait in waits]
        async with asyncio.timeout(self._seconds + 30):
            await asyncio.gather(*waits)
        if any(socket.failures for socket in sockets):
            raise RuntimeError(f"{sum(s.failures for s in sockets)} of the answers were errors")
        self.requests_per_second = sum(s.answers for s in sockets) / (time.perf_counter() - started)

    async def _connect(
        self, loop: asyncio.AbstractEventLoop, deadline: float, done: asyncio.Future[None]
    ) -> _Connection:
        def connection() -> _Connection:
            return _Connection(self._request, deadline, done)

        return (await loop.create_connection(connection, self._host, self._port))[1]
