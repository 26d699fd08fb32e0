"""One request, read whole: bodies here are small, and every handler wants them complete."""

import ipaddress
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope

from upshot_devstack.gateway.auth.errors import AuthError, bad_request, invalid

MAX_BODY = 1024 * 1024


@dataclass
class Request:
    """``headers`` by lower-case name; ``params`` are the named parts of the path."""

    method: str
    path: str
    headers: dict[str, str]
    query: dict[str, str]
    body: bytes
    address: str | None
    params: dict[str, str] = field(default_factory=dict)

    @cached_property
    def json(self) -> dict[str, Any]:
        """The body as a JSON object; AuthError bad_json when it is not one."""
        return parse_object(self.body)

    @cached_property
    def optional_json(self) -> dict[str, Any]:
        """The body as a JSON object, empty when there is none."""
        return self.json if self.body.strip() else {}

    @property
    def user_agent(self) -> str | None:
        return self.headers.get("user-agent")

    @property
    def bearer(self) -> str:
        """The bearer token; AuthError no_authorization without one."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise AuthError(401, "no_authorization", "This endpoint requires a valid Bearer token")
        return token.strip()

    def text(self, name: str) -> str:
        """A string of the body; absent and null are empty."""
        value = self.json.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise wrong_type(name, "a string")
        return value

    def optional_text(self, name: str) -> str | None:
        """A string of the body; absent and null are None."""
        return None if self.json.get(name) is None else self.text(name)

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.optional_json.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise wrong_type(name, "a boolean")
        return value

    def mapping(self, name: str) -> dict[str, Any] | None:
        """A JSON object of the body; absent and null are None."""
        value = self.json.get(name)
        if value is not None and not isinstance(value, dict):
            raise wrong_type(name, "an object")
        return value


def wrong_type(name: str, wanted: str) -> AuthError:
    return bad_request("bad_json", f"Could not parse request body as JSON: {name} must be {wanted}")


def parse_object(body: bytes) -> dict[str, Any]:
    """A JSON object that Postgres can store: no NaN, no NUL, no half of a surrogate pair."""
    try:
        value = json.loads(body, parse_constant=reject_constant)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise bad_request("bad_json", f"Could not parse request body as JSON: {describe(error)}") from error
    if not isinstance(value, dict):
        raise bad_request("bad_json", "Could not parse request body as JSON: an object is expected")
    if b"u0000" in body and "\\u0000" in json.dumps(value).replace("\\\\", ""):
        raise invalid("The character U+0000 cannot be stored.")
    return value


def describe(error: Exception) -> str:
    """The parser's complaint without the text it complains about."""
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at position {error.pos}"
    return "it cannot be represented"


def reject_constant(name: str) -> None:
    msg = f"{name} is not JSON"
    raise ValueError(msg)


async def read_request(scope: Scope, receive: Receive) -> Request:
    """Read an ASGI request to its end."""
    return Request(
        method=scope["method"],
        path=scope["path"],
        headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
        query=dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
        body=await read_body(receive),
        address=client_address(scope),
    )


async def read_body(receive: Receive) -> bytes:
    """The whole body; AuthError past 1 MiB."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise AuthError(400, "request_timeout", "The request ended early.")
        part: bytes = message.get("body", b"")
        parts.append(part)
        size += len(part)
        if size > MAX_BODY:
            raise AuthError(413, "validation_failed", f"The body is larger than {MAX_BODY} bytes.")
        if not message.get("more_body", False):
            return b"".join(parts)


def client_address(scope: Scope) -> str | None:
    """The peer's address; None when it is not an IP address (a socket file, a test's fake)."""
    peer = scope.get("client")
    try:
        return str(ipaddress.ip_address(peer[0])) if peer else None
    except ValueError:
        return None
