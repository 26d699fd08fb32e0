"""API keys: who may knock, and the role token that an opaque key stands for.

A request carries ``apikey`` (header, or query for sockets and links). Opaque keys are swapped for a JWT of their
role, so the services behind see only ``Authorization: Bearer <jwt>``, or nothing.
"""

import hmac
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from upshot_devstack.gateway.settings import GatewaySettings
from upshot_devstack.gateway.tokens import JWT_PARTS, InvalidToken, Tokens

OPAQUE_PREFIX = "sb_"
KEY_ROLES = frozenset({"anon", "service_role"})
BROWSER_MARK = b"Mozilla/"


class KeyRefused(Exception):  # noqa: N818 - names what happened to the key
    """A request that the gateway turns away; ``status`` and ``body`` are the answer."""

    def __init__(self, status: int, message: str, hint: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"message": message, "hint": hint}


def missing_key() -> KeyRefused:
    return KeyRefused(401, "No API key found in request", "Send the project's publishable key as the header `apikey`.")


def invalid_key() -> KeyRefused:
    return KeyRefused(401, "Invalid API key", "Compare the key with the ones that `status` prints.")


def secret_in_browser() -> KeyRefused:
    return KeyRefused(
        401,
        "Forbidden use of secret API key in browser",
        "A secret key bypasses row level security: keep it on servers, and use the publishable key here.",
    )


def duplicate_header(name: str) -> KeyRefused:
    return KeyRefused(400, f"Header {name} given more than once", "Send it once.")


class KeyRing:
    """Knows the project's keys and rewrites a request's credentials."""

    def __init__(self, settings: GatewaySettings, tokens: Tokens) -> None:
        self._tokens = tokens
        self._required = settings.require_apikey
        self._refuse_browser = settings.refuse_secret_key_in_browser
        self._role_tokens = {
            settings.publishable_key: tokens.anon_key,
            settings.secret_key: tokens.service_role_key,
        }
        self._secret_keys = (settings.secret_key, tokens.service_role_key)

    def admit(self, scope: MutableMapping[str, Any], *, open_path: bool) -> MutableMapping[str, Any]:
        """The scope with its credentials swapped; raises KeyRefused. ``open_path``: no key is needed here."""
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        apikey = header_value(headers, b"apikey")
        in_query = b"apikey=" in scope["query_string"]
        if apikey is None and in_query:
            apikey = query_value(scope["query_string"], "apikey")
        bearer = header_value(headers, b"authorization")
        if apikey is None and bearer is not None and is_opaque(bearer_token(bearer)):
            apikey = bearer_token(bearer) if not self._required else None
        if apikey is None:
            return self._admit_without(scope, bearer, open_path=open_path)
        token = self._role_token(apikey)
        if token is None:
            if open_path or (not self._required and not is_opaque(apikey)):
                return scope
            raise invalid_key()
        self._check_browser(apikey, headers)
        return rewritten(scope, bearer, token, strip_query=in_query)

    def _admit_without(
        self, scope: MutableMapping[str, Any], bearer: str | None, *, open_path: bool
    ) -> MutableMapping[str, Any]:
        if self._required and not open_path:
            raise missing_key()
        if bearer is not None and is_opaque(bearer_token(bearer)):
            raise invalid_key()
        return scope

    def _role_token(self, apikey: str) -> str | None:
        for known, token in self._role_tokens.items():
            if hmac.compare_digest(known.encode(), apikey.encode()):
                return token
        return apikey if self._is_role_key(apikey) else None

    def _is_role_key(self, apikey: str) -> bool:
        if len(apikey.split(".")) != JWT_PARTS:
            return False
        try:
            claims = self._tokens.verify(apikey)
        except InvalidToken:
            return False
        return claims.get("role") in KEY_ROLES and "sub" not in claims

    def _check_browser(self, apikey: str, headers: list[tuple[bytes, bytes]]) -> None:
        if not self._refuse_browser or apikey not in self._secret_keys:
            return
        if any(name == b"user-agent" and value.startswith(BROWSER_MARK) for name, value in headers):
            raise secret_in_browser()


def is_opaque(token: str) -> bool:
    return token.startswith(OPAQUE_PREFIX)


def bearer_token(authorization: str) -> str:
    """What follows the word Bearer, or nothing."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def header_value(headers: list[tuple[bytes, bytes]], name: bytes) -> str | None:
    """A header that may stand once; raises KeyRefused when it stands twice."""
    values = [value for key, value in headers if key == name]
    if len(values) > 1:
        raise duplicate_header(name.decode())
    return values[0].decode("latin-1") if values else None


def query_value(query: bytes, name: str) -> str | None:
    """One value of the query string."""
    return next((value for key, value in parse_qsl(query.decode("latin-1")) if key == name), None)


def without_query_value(query: bytes, name: str) -> bytes:
    """The query string with the named parts cut out and the rest untouched, byte for byte."""
    parts = query.decode("latin-1").split("&")
    kept = (part for part in parts if unquote_plus(part.partition("=")[0]) != name)
    return "&".join(kept).encode("latin-1")


def rewritten(
    scope: MutableMapping[str, Any], bearer: str | None, token: str, *, strip_query: bool
) -> MutableMapping[str, Any]:
    """The scope as the service shall see it: no apikey, and a real token as the bearer."""
    keeps_own = bearer is not None and not is_opaque(bearer_token(bearer))
    drop = {b"apikey"} if keeps_own else {b"apikey", b"authorization"}
    headers = [pair for pair in scope["headers"] if pair[0] not in drop]
    if not keeps_own:
        headers.append((b"authorization", b"Bearer " + token.encode()))
    query = without_query_value(scope["query_string"], "apikey") if strip_query else scope["query_string"]
    return {**scope, "headers": headers, "query_string": query}
