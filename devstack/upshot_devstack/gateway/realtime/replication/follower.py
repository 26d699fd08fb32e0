"""Follows publications for as long as it is wanted: starts at the first need, comes back after every break."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import psycopg

from upshot_devstack.gateway.realtime.replication.pgoutput import Decoder, Event, MalformedLogError
from upshot_devstack.gateway.realtime.replication.stream import StreamEnded, drop_gracefully, open_stream

FIRST_DELAY = 0.1
LONGEST_DELAY = 5.0
YIELD_EVERY = 32

Handler = Callable[[Event], Awaitable[None]]


class Follower:
    """One replication connection, kept alive by a task of its own.

    `on_event` gets every event in commit order. `on_started` runs each time before the first event; its argument says
    whether this is a reconnect.
    """

    def __init__(
        self,
        dsn: str,
        slot_prefix: str,
        publications: Sequence[str],
        on_event: Handler,
        on_started: Callable[[bool], Awaitable[None]],
        log: Any,
    ) -> None:
        self._dsn = dsn
        self._slot_prefix = slot_prefix
        self._publications = publications
        self._on_event = on_event
        self._on_started = on_started
        self._log = log.bind(slot=slot_prefix)
        self._streaming = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._was_streaming = False
        self._began_at = 0.0

    @property
    def state(self) -> str:
        """One of idle (nobody asked yet), starting, streaming, lost."""
        if self._task is None:
            return "idle"
        if self._streaming.is_set():
            return "streaming"
        return "lost" if self._was_streaming else "starting"

    def begin(self) -> None:
        """Start to follow, without waiting for it."""
        if self._task is None:
            self._began_at = time.monotonic()
            self._task = asyncio.create_task(self._follow(), name=self._slot_prefix)

    async def settle(self, patience: float) -> None:
        """Wait until events flow, but no longer than `patience` seconds from the beginning: a slow start costs once."""
        self.begin()
        left = self._began_at + patience - time.monotonic()
        if self.state == "starting" and left > 0:
            await self.ready(left)

    async def ready(self, timeout: float) -> bool:  # noqa: ASYNC109 - a bound on one wait, not on a scope
        """Start if need be, and wait until events flow. False when that takes longer than `timeout` seconds."""
        self.begin()
        if self._streaming.is_set():
            return True
        try:
            async with asyncio.timeout(timeout):
                await self._streaming.wait()
        except TimeoutError:
            return False
        return True

    async def stop(self) -> None:
        """End the task and free the slot. The follower may be asked again afterwards."""
        task, self._task = self._task, None
        if task is None:
            return
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        self._streaming.clear()
        self._was_streaming = False

    async def _follow(self) -> None:
        delay = FIRST_DELAY
        while True:
            started = time.monotonic()
            try:
                await self._stream()
            except (psycopg.Error, StreamEnded, MalformedLogError, OSError) as error:
                self._log.warning("replication_lost", error=str(error).strip(), retry_in=delay)
            finally:
                self._streaming.clear()
            if time.monotonic() - started > LONGEST_DELAY:
                delay = FIRST_DELAY
            await asyncio.sleep(delay)
            delay = min(delay * 2, LONGEST_DELAY)

    async def _stream(self) -> None:
        decoder = Decoder()
        async with open_stream(self._dsn, self._slot_prefix, self._publications) as stream:
            await self._on_started(self._was_streaming)
            self._was_streaming = True
            self._streaming.set()
            self._log.info("replication_streaming")
            try:
                handled = 0
                async for message in stream.messages():
                    event = decoder.decode(message)
                    if event is not None:
                        await self._on_event(event)
                    handled += 1
                    if handled % YIELD_EVERY == 0:
                        # A large transaction must not keep the sockets' writers from sending.
                        await asyncio.sleep(0)
            finally:
                await drop_gracefully(stream)
