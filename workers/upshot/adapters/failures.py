"""Providers' failures in our words. Which HTTP status means what, once for all of them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import httpx2

from upshot.domain import retry_after
from upshot.domain.errors import ErrorCode, ProviderError

MESSAGE_LIMIT = 500
_STATUS = {
    400: ErrorCode.INVALID_REQUEST,
    401: ErrorCode.AUTHENTICATION_FAILED,
    402: ErrorCode.QUOTA_EXHAUSTED,
    403: ErrorCode.PERMISSION_DENIED,
    404: ErrorCode.MODEL_NOT_FOUND,
    408: ErrorCode.TIMEOUT,
    409: ErrorCode.UNAVAILABLE,
    413: ErrorCode.CONTEXT_TOO_LONG,
    429: ErrorCode.RATE_LIMITED,
    503: ErrorCode.OVERLOADED,
    504: ErrorCode.TIMEOUT,
    529: ErrorCode.OVERLOADED,
}
# What a body says is more exact than its status: an empty account is a 429 at one provider and a 400 at another.
_NAMES = {
    "context_length_exceeded": ErrorCode.CONTEXT_TOO_LONG,
    "insufficient_quota": ErrorCode.QUOTA_EXHAUSTED,
    "billing_error": ErrorCode.QUOTA_EXHAUSTED,
    "api_key_invalid": ErrorCode.AUTHENTICATION_FAILED,
    "authentication_error": ErrorCode.AUTHENTICATION_FAILED,
    "permission_error": ErrorCode.PERMISSION_DENIED,
    "overloaded_error": ErrorCode.OVERLOADED,
    "rate_limit_error": ErrorCode.RATE_LIMITED,
    "rate_limit_exceeded": ErrorCode.RATE_LIMITED,
    "timeout_error": ErrorCode.TIMEOUT,
    "invalid_api_key": ErrorCode.AUTHENTICATION_FAILED,
    "model_not_found": ErrorCode.MODEL_NOT_FOUND,
}
_TOO_LONG = re.compile(r"maximum context length|prompt is too long|exceeds the maximum number of tokens", re.IGNORECASE)
_SECRET = re.compile(r"\b(sk-|AIza|Bearer )[A-Za-z0-9_*.\-]{4,}")


def from_status(
    status: int | None,
    message: str,
    *,
    names: Iterable[str | None] = (),
    headers: Mapping[str, str] | None = None,
    details: Iterable[Any] = (),
) -> ProviderError:
    """The failure that an HTTP answer means.

    ``names``: whatever machine-readable types, codes and reasons the body had, most exact first; ``details``: Google's list.
    ``status`` is None for an error that came inside a stream.
    """
    wait = retry_after.from_headers(headers or {}, datetime.now(UTC))
    if wait is None:
        wait = retry_after.from_google_details(details)
    return ProviderError(_code(status, message, names), _clean(message), retry_after=wait)


def incomplete(provider: str) -> ProviderError:
    """The answer ended without saying why: part of an answer is not an answer."""
    return ProviderError(ErrorCode.INCOMPLETE_ANSWER, f"{provider}'s answer ended without a finish reason.")


@contextmanager
def translated(provider: str) -> Iterator[None]:
    """Turn what escapes the SDKs' own error trees into ProviderError: transport errors and unreadable chunks."""
    try:
        yield
    except httpx2.TimeoutException as error:
        raise ProviderError(ErrorCode.TIMEOUT, f"{provider} did not answer in time.") from error
    except httpx2.HTTPError as error:
        raise ProviderError(
            ErrorCode.CONNECTION_LOST, f"The connection to {provider} failed: {type(error).__name__}."
        ) from error
    except ValueError as error:
        raise ProviderError(ErrorCode.MALFORMED_ANSWER, f"{provider} sent something that cannot be read.") from error


def _code(status: int | None, message: str, names: Iterable[str | None]) -> ErrorCode:
    lowered = [name.lower() for name in names if name]
    if _TOO_LONG.search(message):
        return ErrorCode.CONTEXT_TOO_LONG
    if named := next((_NAMES[name] for name in lowered if name in _NAMES), None):
        return named
    if status is None or status < HTTPStatus.BAD_REQUEST:  # inside a stream that had begun well
        return ErrorCode.INVALID_REQUEST if "invalid_request_error" in lowered else ErrorCode.UNAVAILABLE
    server_side = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return _STATUS.get(status, ErrorCode.UNAVAILABLE if server_side else ErrorCode.INVALID_REQUEST)


def _clean(message: str) -> str:
    """Providers quote keys in their messages; ours are read by every member."""
    return _SECRET.sub(r"\1…", message)[:MESSAGE_LIMIT]
