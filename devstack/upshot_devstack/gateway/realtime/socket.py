"""One websocket: who opened it, the channels on it, what comes in and what waits to go out."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from starlette.types import Receive, Send

from upshot_devstack.gateway.realtime.channel import Channel
from upshot_devstack.gateway.realtime.hub import WIRE_PREFIX
from upshot_devstack.gateway.realtime.limits import RateLimit
from upshot_devstack.gateway.realtime.messages import Message, reply
from upshot_devstack.gateway.realtime.outbox import Outbox, SlowConsumer
from upshot_devstack.gateway.realtime.protocol import Codec, Frame, MalformedMessageError
from upshot_devstack.gateway.realtime.runtime import Runtime

GOING_AWAY = 1001
TRY_AGAIN_LATER = 1013


class Finished(Exception):  # noqa: N818 - names the event
    """The socket is over; `code` is the close code to send, None when the client has gone."""

    def __init__(self, code: int | None, reason: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Connection:
    """A websocket that was let in."""

    def __init__(self, runtime: Runtime, codec: Codec, token: str, headers: Mapping[str, str]) -> None:
        self._runtime = runtime
        self.codec = codec
        self.token = token
        self.headers = dict(headers)
        self.event_rate = RateLimit(runtime.limits.events_per_second)
        self._outbox = Outbox(runtime.limits.outbox_frames, runtime.limits.outbox_bytes)
        self._channels: dict[str, tuple[Channel, asyncio.Task[None]]] = {}
        self._stopping = asyncio.Event()

    def send_frame(self, frame: Frame) -> None:
        self._outbox.put(frame)

    def stop(self) -> None:
        """Ask the socket to say goodbye, because the server goes."""
        self._stopping.set()

    async def serve(self, receive: Receive, send: Send) -> None:
        """Run until either side ends it."""
        finished: Finished | None = None
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._write(send))
                tasks.create_task(self._watch_overflow())
                tasks.create_task(self._watch_stop())
                await self._read(receive, tasks)
        except* Finished as group:
            finished = _first(group)
        except* SlowConsumer:
            finished = Finished(TRY_AGAIN_LATER, "the client reads too slowly")
        except* OSError:
            # The connection broke while something was being sent; there is nobody left to tell.
            finished = Finished(None)
        if finished is not None and finished.code is not None:
            self._runtime.log.info("socket_closed", code=finished.code, reason=finished.reason)
            await self._close(send, finished)

    async def _read(self, receive: Receive, tasks: asyncio.TaskGroup) -> None:
        while True:
            try:
                async with asyncio.timeout(self._runtime.limits.idle_timeout):
                    event = await receive()
            except TimeoutError as error:
                raise Finished(GOING_AWAY, "no heartbeat") from error
            if event["type"] == "websocket.disconnect":
                raise Finished(None)
            await self._take(event, tasks)

    async def _take(self, event: Mapping[str, Any], tasks: asyncio.TaskGroup) -> None:
        text, data = event.get("text"), event.get("bytes")
        try:
            message = self.codec.decode(text if text is not None else data or b"")
        except MalformedMessageError as error:
            self._runtime.log.warning("message_malformed", error=str(error))
            return
        if message.topic == "phoenix" and message.event == "heartbeat":
            self._send(reply(message, "ok"))
        elif message.event == "phx_join" and message.topic.startswith(WIRE_PREFIX):
            await self._join(message, tasks)
        elif message.topic in self._channels:
            await self._channels[message.topic][0].inbox.put(message)
        else:
            self._answer_unjoined(message)

    async def _join(self, message: Message, tasks: asyncio.TaskGroup) -> None:
        """Start a channel; one that was there for the topic is closed first."""
        before = self._channels.pop(message.topic, None)
        if before is not None:
            channel, task = before
            await channel.replaced(task)
        if len(self._channels) >= self._runtime.limits.channels_per_socket:
            self._send(reply(message, "error", {"reason": "ChannelRateLimitReached: Too many channels"}))
            return
        channel = Channel(self, self._runtime, message)
        task = tasks.create_task(channel.run(), name=message.topic)
        self._channels[message.topic] = (channel, task)
        task.add_done_callback(lambda done: self._forget(message.topic, done))

    def _forget(self, topic: str, task: asyncio.Task[None]) -> None:
        current = self._channels.get(topic)
        if current is not None and current[1] is task:
            del self._channels[topic]

    def _answer_unjoined(self, message: Message) -> None:
        if message.ref is None:
            return
        if message.event == "phx_leave":
            self._send(reply(message, "ok"))
        else:
            self._send(reply(message, "error", {"reason": "unmatched topic"}))

    def _send(self, message: Message) -> None:
        frame = self.codec.encode(message)
        if frame is not None:
            self.send_frame(frame)

    async def _write(self, send: Send) -> None:
        while True:
            frame = await self._outbox.get()
            kind = "text" if isinstance(frame, str) else "bytes"
            await send({"type": "websocket.send", kind: frame})

    async def _watch_overflow(self) -> None:
        await self._outbox.overflow()

    async def _watch_stop(self) -> None:
        await self._stopping.wait()
        raise Finished(GOING_AWAY, "the server is shutting down")

    async def _close(self, send: Send, finished: Finished) -> None:
        """Say goodbye, but not for long: a client that does not read will not read this either."""
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._runtime.limits.close_timeout):
                await send({"type": "websocket.close", "code": finished.code, "reason": finished.reason})
        except (TimeoutError, OSError):
            self._runtime.log.info("socket_cut", waited=round(time.monotonic() - started, 2))


def _first(group: BaseExceptionGroup[Finished]) -> Finished | None:
    for error in group.exceptions:
        return error if isinstance(error, Finished) else _first(error)
    return None
