"""Answers of the auth service."""

import datetime as dt
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Send

from upshot_devstack.gateway.auth.errors import AuthError, error_body, error_headers

Headers = list[tuple[bytes, bytes]]
NO_CONTENT = 204
NO_STORE: Headers = [(b"cache-control", b"no-store")]


@dataclass(frozen=True)
class Response:
    """A finished answer."""

    status: int
    body: bytes = b""
    headers: Headers = field(default_factory=list)

    async def send(self, send: Send) -> None:
        length = [(b"content-length", str(len(self.body)).encode())] if self.status != NO_CONTENT else []
        await send({"type": "http.response.start", "status": self.status, "headers": [*self.headers, *length]})
        await send({"type": "http.response.body", "body": self.body})


def json_response(value: Any, status: int = 200, headers: Headers | None = None) -> Response:
    """A JSON answer that caches must not keep, unless the headers say otherwise."""
    own = NO_STORE if headers is None else headers
    return Response(status, json.dumps(value, default=encode).encode(), [(b"content-type", b"application/json"), *own])


def no_content() -> Response:
    return Response(NO_CONTENT)


def redirect(url: str) -> Response:
    """303 See Other."""
    return Response(303, headers=[(b"location", url.encode()), *NO_STORE])


def error_response(error: AuthError, version: str | None) -> Response:
    return json_response(error_body(error, version), error.status, error_headers(error, version))


def encode(value: object) -> str:
    """Values of database rows as JSON text."""
    if isinstance(value, dt.datetime):
        return timestamp(value)
    if isinstance(value, uuid.UUID):
        return str(value)
    msg = f"{type(value).__name__} has no JSON form here."
    raise TypeError(msg)


def timestamp(value: dt.datetime) -> str:
    """RFC 3339 in UTC."""
    return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
