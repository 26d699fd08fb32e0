"""Who a token says the caller is, with the refusals worded as Realtime words them."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from upshot_devstack.gateway.tokens import InvalidToken, Tokens, decode_json

_WHITE = re.compile(r"\s")
_JWT_PARTS = 3


class AccessDenied(Exception):  # noqa: N818 - says what happened; "error" adds nothing
    """A refusal that the client is told: `code` is stable, `message` is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    @property
    def reason(self) -> str:
        return f"{self.code}: {self.message}"


@dataclass(frozen=True)
class Access:
    """A verified token. `expires_at` is in seconds since the epoch."""

    token: str
    claims: Mapping[str, Any]
    role: str
    expires_at: float


def verified(tokens: Tokens, token: str) -> Access:
    """The access that a token gives now. Raises AccessDenied."""
    cleaned = _WHITE.sub("", unquote(token))
    try:
        claims = tokens.verify(cleaned)
    except InvalidToken as error:
        raise _denial(error, cleaned) from error
    role, expires_at = claims.get("role"), claims.get("exp")
    if not isinstance(role, str) or expires_at is None:
        raise AccessDenied("InvalidJWTToken", "Fields `role` and `exp` are required in JWT")
    # No clock skew is granted here: a channel ends at the second its token does.
    if expires_at <= time.time():
        raise _expired(expires_at)
    return Access(cleaned, claims, role, float(expires_at))


def _denial(error: InvalidToken, token: str) -> AccessDenied:
    if error.code == "expired":
        return _expired(_claimed_expiry(token))
    if error.code in {"empty", "malformed"}:
        return AccessDenied("MalformedJWT", "The token provided is not a valid JWT")
    if error.code == "bad_signature":
        return AccessDenied("JwtSignatureError", "Failed to validate JWT signature")
    if error.code in {"no_key", "unsupported_algorithm"}:
        return AccessDenied(
            "JwtSignerError", "Failed to generate JWT signer, check your JWT secret or JWKS configuration"
        )
    return AccessDenied("InvalidJWTToken", error.message)


def _expired(expires_at: float) -> AccessDenied:
    ago = max(0, int(time.time() - expires_at))
    return AccessDenied("InvalidJWTToken", f"Token has expired {ago} seconds ago")


def _claimed_expiry(token: str) -> float:
    """The expiry an expired (so already verified) token states."""
    claims = decode_json(token.split(".")[1]) if token.count(".") == _JWT_PARTS - 1 else None
    stated = claims.get("exp") if isinstance(claims, dict) else None
    return float(stated) if isinstance(stated, int | float) else time.time()
