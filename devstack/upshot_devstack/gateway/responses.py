"""Small whole answers that the shell gives by itself."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from starlette.types import Send

Headers = list[tuple[bytes, bytes]]


async def send_json(
    send: Send, status: int, body: Mapping[str, Any], headers: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    """One JSON answer."""
    await send_bytes(send, status, json.dumps(body).encode(), [(b"content-type", b"application/json"), *headers])


async def send_bytes(send: Send, status: int, body: bytes, headers: Headers) -> None:
    """One answer with a known length."""
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


async def refuse_socket(send: Send, status: int, body: Mapping[str, Any]) -> None:
    """A WebSocket handshake answered with an HTTP error, as the hosted gateway does."""
    text = json.dumps(body).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(text)).encode())]
    await send({"type": "websocket.http.response.start", "status": status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": text})
