"""Results as HTTP responses."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from upshot_devstack.gateway.rest.errors import (
    ApiError,
    Header,
    invalid_response_headers,
    invalid_response_status,
    out_of_bounds,
)
from upshot_devstack.gateway.rest.execute import ResultSet
from upshot_devstack.gateway.rest.parse.preferences import Preferences
from upshot_devstack.gateway.rest.request import Action
from upshot_devstack.gateway.rest.wire import FINAL_STATUSES, STATUSES_WITHOUT_BODY, header_lines, is_header

JSON_CONTENT_TYPE: Header = (b"content-type", b"application/json; charset=utf-8")
VARY: Header = (b"vary", b"Accept, Prefer, Range")
STATUS_GUC = re.compile(rb"\s*\+?([0-9]+)")


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: tuple[Header, ...]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of a response before the database has spoken; the same for equal requests.

    `content` are the headers that describe a body, `remarks` those that say how the request was understood.
    """

    action: Action
    content: tuple[Header, ...]
    remarks: tuple[Header, ...] = ()
    location_base: str = ""
    counts: bool = False
    shows_rows: bool = True
    is_head: bool = False
    is_void: bool = False
    merges: bool = False
    minimal_errors: bool = False


def respond(answer: Answer, result: ResultSet, offset: int, content_location: bytes | None) -> Response:
    """The response to a request about a relation or function. `offset`: of the first row asked for."""
    if answer.action in {"read", "call"}:
        response = _rows(answer, result, offset, content_location)
    elif answer.action == "insert":
        response = _inserted(answer, result)
    else:
        response = _written(answer, result)
    return _overridden(response, result)


def plan_response(answer: Answer, result: ResultSet) -> Response:
    return Response(200, (_length(result.body), *answer.content, VARY), result.body)


def _rows(answer: Answer, result: ResultSet, offset: int, content_location: bytes | None) -> Response:
    status = _range_status(offset, result.page, result.total)
    body = b"" if answer.is_head else result.body
    if status == 416:  # noqa: PLR2004 - HTTP's own numbers
        body = out_of_bounds(offset, result.total or 0).body(minimal=answer.minimal_errors)
    headers = [_content_range(offset, offset + result.page - 1, result.total), *answer.remarks, VARY]
    if content_location is not None:
        headers.append((b"content-location", content_location))
    if answer.is_void:
        return Response(204, tuple(headers))
    headers.extend(answer.content)
    if not answer.is_head:
        headers.append(_length(body))
    return Response(status, tuple(headers), body)


def _range_status(offset: int, page: int, total: int | None) -> int:
    if total is None:
        return 200
    if offset > total:
        return 416
    return 206 if page < total else 200


def _inserted(answer: Answer, result: ResultSet) -> Response:
    headers = [_content_range(1, 0, result.page if answer.counts else None), *answer.remarks, VARY]
    if result.location:
        headers.append((b"location", _location(answer.location_base, result.location)))
    body = result.body if answer.shows_rows else b""
    if answer.shows_rows:
        headers.extend(answer.content)
    headers.append(_length(body))
    status = 200 if answer.merges and result.inserted <= 0 else 201
    return Response(status, tuple(headers), body)


def _location(base: str, pairs: Sequence[tuple[str, str]]) -> bytes:
    query = "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs)
    return f"{base}?{query}".encode()


def _written(answer: Answer, result: ResultSet) -> Response:
    """Updates, upserts of one row, and deletions."""
    headers = [*answer.remarks, VARY]
    count = result.page if answer.counts else None
    if answer.action == "update":
        headers.append(_content_range(0, result.page - 1, count))
    elif answer.action == "delete":
        headers.append(_content_range(1, 0, count))
    if not answer.shows_rows:
        return Response(204, tuple(headers))
    status = 201 if answer.action == "upsert" and result.inserted > 0 else 200
    return Response(status, (*headers, *answer.content, _length(result.body)), result.body)


def _content_range(first: int, last: int, total: int | None) -> Header:
    rows = f"{first}-{last}" if total != 0 and first <= last else "*"
    return b"content-range", f"{rows}/{'*' if total is None else total}".encode()


def _length(body: bytes) -> Header:
    return b"content-length", str(len(body)).encode()


def _overridden(response: Response, result: ResultSet) -> Response:
    """With the status and headers that the database set for this response."""
    if result.response_headers is None and result.response_status is None:
        return response
    status = response.status if result.response_status is None else _status_of(result.response_status)
    own = [] if result.response_headers is None else _headers_of(result.response_headers)
    names = {name for name, _ in own}
    kept = [header for header in response.headers if header[0] not in names]
    return Response(status, (*kept, *own), response.body)


def _status_of(text: bytes) -> int:
    match = STATUS_GUC.match(text)
    status = int(match.group(1)[:9]) if match else 0
    if status not in FINAL_STATUSES:
        raise invalid_response_status()
    return status


def _headers_of(text: bytes) -> list[Header]:
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise invalid_response_headers() from error
    if not isinstance(items, list) or not all(isinstance(item, dict) and len(item) == 1 for item in items):
        raise invalid_response_headers()
    pairs = [pair for item in items for pair in item.items()]
    if not all(is_header(name, value) for name, value in pairs):
        raise invalid_response_headers()
    return header_lines(pairs)


def framed(response: Response) -> Response:
    """Without the body where HTTP allows none: the next response on the connection would begin with it."""
    if response.status not in STATUSES_WITHOUT_BODY:
        return response
    headers = tuple(header for header in response.headers if header[0] != b"content-length")
    return Response(response.status, headers)


def error_response(error: ApiError, *, is_head: bool = False, minimal: bool = False) -> Response:
    body = error.body(minimal=minimal)
    headers = (
        JSON_CONTENT_TYPE,
        _length(body),
        (b"proxy-status", f"PostgREST; error={_token(error.code)}".encode()),
        *error.headers,
    )
    return Response(error.status, headers, b"" if is_head else body)


def _token(code: str) -> str:
    return "".join(c for c in code if c.isascii() and c.isprintable())


def applied_preferences(preferences: Preferences, action: Action, *, resolves: bool) -> Preferences:
    """The preferences that mattered for the action; `resolves`: there is a key to resolve conflicts on."""
    is_write = action in {"insert", "update", "upsert", "delete"}
    return Preferences(
        resolution=preferences.resolution if action == "insert" and resolves else None,
        missing=preferences.missing if action in {"insert", "update"} else None,
        representation=preferences.representation if is_write else None,
        count=preferences.count,
        tx=preferences.tx,
        handling=preferences.handling,
        timezone=preferences.timezone,
        max_affected=preferences.max_affected if action in {"update", "delete", "call"} else None,
    )


def allowed_methods(allow: str) -> Response:
    """The answer to OPTIONS."""
    return Response(200, ((b"allow", allow.encode()), (b"content-length", b"0"), VARY))
