"""A raw client of the channel protocol, version 1.0.0 or 2.0.0, that hides nothing from the test."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as websocket_connect
from websockets.exceptions import ConnectionClosed

WAIT = 60.0


@dataclass(frozen=True)
class Received:
    topic: str
    event: str
    payload: Any
    ref: str | None
    join_ref: str | None = None


class PhoenixSocket:
    """An open socket. What was received and not yet asked for waits in order."""

    def __init__(self, socket: ClientConnection, vsn: str) -> None:
        self.socket = socket
        self.vsn = vsn
        self._refs = itertools.count(1)
        self._join_refs: dict[str, str] = {}
        self.waiting: list[Received] = []

    async def send(self, topic: str, event: str, payload: Any, ref: str | None = None) -> str:
        """Send a message and return its ref."""
        ref = ref or str(next(self._refs))
        if event == "phx_join":
            self._join_refs[topic] = ref
        join_ref = self._join_refs.get(topic)
        if self.vsn == "1.0.0":
            message: Any = {"topic": topic, "event": event, "payload": payload, "ref": ref, "join_ref": join_ref}
        else:
            message = [join_ref, ref, topic, event, payload]
        await self.socket.send(json.dumps(message))
        return ref

    async def ask(self, topic: str, event: str, payload: Any) -> Any:
        """Send a message and return the payload of its reply."""
        ref = await self.send(topic, event, payload)
        return (await self.expect(lambda one: one.event == "phx_reply" and one.ref == ref)).payload

    async def join(self, topic: str, *, token: str | None = None, private: bool = True, **config: Any) -> Any:
        """Join `realtime:<topic>` and return the reply's payload."""
        payload = {"config": {"private": private, **config}, **({"access_token": token} if token else {})}
        return await self.ask(f"realtime:{topic}", "phx_join", payload)

    async def joined(self, topic: str, **options: Any) -> None:
        reply = await self.join(topic, **options)
        assert reply["status"] == "ok", reply

    async def expect(self, wanted: Callable[[Received], bool] | str) -> Received:
        """The next message that fits (a test, or an event's name); others are kept."""
        fits = wanted if callable(wanted) else lambda one: one.event == wanted
        for position, message in enumerate(self.waiting):
            if fits(message):
                return self.waiting.pop(position)
        async with asyncio.timeout(WAIT):
            while True:
                message = self._read(await self.socket.recv())
                if fits(message):
                    return message
                self.waiting.append(message)

    async def closed(self) -> int | None:
        """Wait until the server closes the socket; its close code."""
        try:
            async with asyncio.timeout(WAIT):
                while True:
                    self.waiting.append(self._read(await self.socket.recv()))
        except ConnectionClosed as ended:
            return ended.rcvd.code if ended.rcvd else None

    async def settled(self) -> list[Received]:
        """Everything received up to the answer to a heartbeat sent now."""
        await self.ask("phoenix", "heartbeat", {})
        seen, self.waiting = self.waiting, []
        return seen

    def _read(self, frame: str | bytes) -> Received:
        if isinstance(frame, bytes):
            return read_binary(frame)
        value = json.loads(frame)
        if self.vsn == "1.0.0":
            assert {"topic", "event", "payload", "ref"} <= value.keys()
            return Received(value["topic"], value["event"], value["payload"], value["ref"])
        join_ref, ref, topic, event, payload = value
        return Received(topic, event, payload, ref, join_ref)


def read_binary(frame: bytes) -> Received:
    """A user broadcast frame (kind 4)."""
    assert frame[0] == 4
    sizes, encoding = frame[1:4], frame[4]
    parts, offset = [], 5
    for size in sizes:
        parts.append(frame[offset : offset + size].decode())
        offset += size
    topic, event, metadata = parts
    payload = json.loads(frame[offset:]) if encoding == 1 else frame[offset:]
    body = {"type": "broadcast", "event": event, "payload": payload}
    if metadata:
        body["meta"] = json.loads(metadata)
    return Received(topic, "broadcast", body, None)


def push_frame(
    topic: str, event: str, payload: bytes, *, json_payload: bool, ref: str = "", join_ref: str = ""
) -> bytes:
    """A client's broadcast frame (kind 3)."""
    fields = [text.encode() for text in (join_ref, ref, topic, event, "")]
    return bytes([3, *(len(one) for one in fields), int(json_payload)]) + b"".join(fields) + payload


@asynccontextmanager
async def open_socket(url: str, key: str, vsn: str, **options: Any) -> AsyncIterator[PhoenixSocket]:
    address = f"{url}?{urlencode({'apikey': key, 'vsn': vsn})}"
    async with websocket_connect(address, max_size=None, open_timeout=WAIT, close_timeout=1, **options) as socket:
        yield PhoenixSocket(socket, vsn)
