"""Hints from Realtime's private topic ``jobs``. A hint may be lost: whoever waits must also look by itself."""

import asyncio
import random
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import structlog
from realtime import AsyncRealtimeClient, RealtimeSubscribeStates

log = structlog.get_logger(__name__)

TOPIC = "jobs"
EVENT = "job_queued"
LONGEST_PAUSE = 60.0
CLOSE_SECONDS = 5.0


class RealtimeWake:
    """Port Wake. Connects in the background, and again for as long as it is open; never stops the worker."""

    def __init__(self, url: str, secret_key: str) -> None:
        self._url = f"{url.rstrip('/')}/realtime/v1"
        self._key = secret_key
        self._rung = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.hints = 0

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._stay_connected(), name="realtime-wake")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def wait(self, seen: int, timeout: float) -> None:  # noqa: ASYNC109 - a hint that does not come is no error
        """Return when there were more than ``seen`` hints, or after ``timeout`` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while self.hints <= seen:
                    await self._rung.wait()

    def ring(self, _payload: object = None) -> None:
        """Wake everybody who waits."""
        self.hints += 1
        self._rung.set()
        self._rung = asyncio.Event()

    async def _stay_connected(self) -> None:
        failures = 0
        while True:
            joined = await self._session()
            failures = 0 if joined else failures + 1
            pause = min(LONGEST_PAUSE, 2.0**failures) * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, hides nothing
            log.info("realtime_disconnected", retry_in=round(pause, 1))
            await asyncio.sleep(pause)

    async def _session(self) -> bool:
        """One connection from beginning to end; True when it had joined the topic."""
        # Its own reconnecting gives up after some tries; ours does not.
        client = AsyncRealtimeClient(self._url, token=self._key, auto_reconnect=False, max_retries=1)
        session = _Session(self)
        try:
            channel = client.channel(TOPIC, {"config": {"private": True, "broadcast": None, "presence": None}})
            channel.on_broadcast(EVENT, self.ring)
            await channel.subscribe(session.state_changed)
            await session.over.wait()
        except Exception as error:  # noqa: BLE001 - hints are a convenience: polling goes on whatever happens here
            log.info("realtime_failed", error=type(error).__name__)
        finally:
            await _close(client)
        return session.joined


async def _close(client: AsyncRealtimeClient) -> None:
    """Close the socket, also when we are cancelled while it closes."""
    closing = asyncio.ensure_future(client.close())
    try:
        await asyncio.shield(closing)
    except asyncio.CancelledError:
        await asyncio.wait([closing], timeout=CLOSE_SECONDS)
        raise
    except Exception as error:  # noqa: BLE001 - it is gone either way
        log.info("realtime_close_failed", error=type(error).__name__)


class _Session:
    def __init__(self, wake: RealtimeWake) -> None:
        self._wake = wake
        self.over = asyncio.Event()
        self.joined = False

    def state_changed(self, state: RealtimeSubscribeStates, error: Any) -> None:
        if state == RealtimeSubscribeStates.SUBSCRIBED:
            self.joined = True
            log.info("realtime_joined", topic=TOPIC)
            self._wake.ring()  # something may have come while nobody listened
        else:
            log.info("realtime_left", topic=TOPIC, state=str(state), error=type(error).__name__ if error else None)
            self.over.set()
