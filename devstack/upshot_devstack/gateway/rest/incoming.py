"""The request as it came in over ASGI."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from upshot_devstack.gateway.rest.errors import ApiError, invalid_body

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

SEPARATORS = {"cookie": "; "}
METHODS_WITH_BODY = frozenset({"POST", "PATCH", "PUT"})


class ClientGoneError(Exception):
    """The client hung up before its request was complete."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Header names are in lower case; several headers of one name are joined."""

    method: str
    path: str
    query_string: bytes
    headers: Mapping[str, str]
    body: bytes = b""


def headers_of(scope: Scope) -> dict[str, str]:
    found: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), _text(raw_value)
        found[name] = f"{found[name]}{SEPARATORS.get(name, ', ')}{value}" if name in found else value
    return found


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


async def read_incoming(scope: Scope, receive: Receive, max_body: int) -> Incoming:
    """The whole request; a body of more than `max_body` bytes is refused."""
    method, headers = scope["method"], headers_of(scope)
    body = await read_body(receive, headers, max_body) if method in METHODS_WITH_BODY else b""
    return Incoming(method, scope["path"], scope["query_string"], headers, body)


async def read_body(receive: Receive, headers: Mapping[str, str], most: int) -> bytes:
    announced = headers.get("content-length", "")
    if announced.isdigit() and int(announced) > most:
        raise too_large(most)
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            raise too_large(most)
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def too_large(most: int) -> ApiError:
    return invalid_body(f"The body is larger than {most} bytes", status=413, hint="Send the rows in several requests.")
