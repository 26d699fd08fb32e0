"""The opening of a websocket: protocol version and key, or an HTTP refusal."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.types import Scope

from upshot_devstack.gateway.realtime.access import AccessDenied, verified
from upshot_devstack.gateway.realtime.protocol import CODECS, Codec
from upshot_devstack.gateway.tokens import Tokens

DEFAULT_VERSION = "1.0.0"


class HandshakeRefused(Exception):  # noqa: N818 - names the event
    """Answered with an HTTP `status` and {"error": message}."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Opening:
    codec: Codec
    token: str
    headers: Mapping[str, str]


def opened(scope: Scope, tokens: Tokens) -> Opening:
    """What a handshake asks for. Raises HandshakeRefused."""
    query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    headers = plain_headers(scope)
    version = query.get("vsn", DEFAULT_VERSION)
    codec = CODECS.get(version)
    if codec is None:
        raise HandshakeRefused(403, f"Protocol version {version!r} is not known, use {' or '.join(CODECS)}")
    token = bearer(headers) or headers.get("x-api-key") or headers.get("apikey") or query.get("apikey")
    if not token:
        raise HandshakeRefused(401, "No API key: give the project's publishable key as `apikey` in the query")
    try:
        verified(tokens, token)
    except AccessDenied as denied:
        raise HandshakeRefused(403, denied.reason) from denied
    return Opening(codec, token, headers)


def plain_headers(scope: Scope) -> dict[str, str]:
    """Header names in lower case, values as text."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def bearer(headers: Mapping[str, str]) -> str | None:
    """The token of an Authorization header."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None
