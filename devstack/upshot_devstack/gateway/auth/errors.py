"""What the service answers when it says no.

AuthError            any refusal: HTTP status, stable code, a sentence for people
└── WeakPasswordError  422 weak_password, with the reasons
"""

import datetime as dt
from typing import Any

VERSION_HEADER = "x-supabase-api-version"
CODED_VERSION = dt.date(2024, 1, 1)  # from this API version on, ``code`` is the error's name


class AuthError(Exception):
    """A refusal; ``code`` is one of Supabase Auth's error codes."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def extra(self) -> dict[str, Any]:
        """Members of the body besides code and message."""
        return {}


class WeakPasswordError(AuthError):
    """A password that the policy does not accept; ``reasons`` are length, characters."""

    def __init__(self, message: str, reasons: list[str]) -> None:
        super().__init__(422, "weak_password", message)
        self.reasons = reasons

    def extra(self) -> dict[str, Any]:
        return {"weak_password": {"reasons": self.reasons}}


def bad_request(code: str, message: str) -> AuthError:
    return AuthError(400, code, message)


def invalid(message: str) -> AuthError:
    """The request's fields do not make sense."""
    return AuthError(400, "validation_failed", message)


def forbidden(code: str, message: str) -> AuthError:
    return AuthError(403, code, message)


def not_found(code: str, message: str) -> AuthError:
    return AuthError(404, code, message)


def unprocessable(code: str, message: str) -> AuthError:
    return AuthError(422, code, message)


def too_many(code: str, message: str) -> AuthError:
    return AuthError(429, code, message)


def internal(message: str) -> AuthError:
    return AuthError(500, "unexpected_failure", message)


def speaks_codes(version: str | None) -> bool:
    """Whether the caller asked for an API version that names errors by code."""
    try:
        return version is not None and dt.date.fromisoformat(version) >= CODED_VERSION
    except ValueError:
        return False


def error_body(error: AuthError, version: str | None) -> dict[str, Any]:
    """The body in the form that the asked API version has."""
    if speaks_codes(version):
        return {"code": error.code, "message": error.message, **error.extra()}
    return {"code": error.status, "error_code": error.code, "msg": error.message, **error.extra()}


def error_headers(error: AuthError, version: str | None) -> list[tuple[bytes, bytes]]:
    """Clients read ``code`` only when the version is echoed."""
    headers = [(b"x-sb-error-code", error.code.encode())]
    if speaks_codes(version):
        headers.append((VERSION_HEADER.encode(), CODED_VERSION.isoformat().encode()))
    return headers
