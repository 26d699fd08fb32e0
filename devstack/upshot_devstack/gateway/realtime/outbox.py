"""What waits to be sent on one socket: bounded, so a reader that does not read costs a known amount of memory."""

import asyncio
from collections import deque

from upshot_devstack.gateway.realtime.protocol import Frame


class SlowConsumer(Exception):  # noqa: N818 - names the culprit, which is not us
    """The client does not read as fast as its channels are written to."""


class Outbox:
    """A queue of frames for one writer. `put` never waits; overflow shuts the queue for good."""

    def __init__(self, max_frames: int, max_bytes: int) -> None:
        self._frames: deque[Frame] = deque()
        self._max_frames = max_frames
        self._room = max_bytes
        self._ready = asyncio.Event()
        self._overflowed = asyncio.Event()

    def put(self, frame: Frame) -> None:
        """Queue a frame, or mark the outbox as overflowed and drop what it holds."""
        if self._overflowed.is_set():
            return
        if len(frame) > self._room or len(self._frames) >= self._max_frames:
            self._overflowed.set()
            self._frames.clear()
        else:
            self._room -= len(frame)
            self._frames.append(frame)
        self._ready.set()

    async def get(self) -> Frame:
        """The next frame. Raises SlowConsumer after an overflow."""
        while not self._frames:
            if self._overflowed.is_set():
                raise SlowConsumer
            self._ready.clear()
            await self._ready.wait()
        frame = self._frames.popleft()
        self._room += len(frame)
        return frame

    async def overflow(self) -> None:
        """Wait until the outbox overflows, then raise SlowConsumer."""
        await self._overflowed.wait()
        raise SlowConsumer

    def __len__(self) -> int:
        return len(self._frames)
