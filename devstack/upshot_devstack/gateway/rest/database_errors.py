"""Errors that Postgres raised, as HTTP: by SQLSTATE, or as the function that raised them wants it."""

import json
from typing import Any, NamedTuple

from upshot_devstack.gateway.rest.errors import ApiError, Header, malformed_raise
from upshot_devstack.gateway.rest.wire import FINAL_STATUSES, header_lines, is_header

MESSAGE_FORMAT = (
    "MESSAGE must be a JSON object with obligatory keys: 'code', 'message' and optional keys: 'details', 'hint'."
)
DETAIL_FORMAT = (
    "DETAIL must be a JSON object with obligatory keys: 'status', 'headers' and optional key: 'status_text'."
)

STATUS_BY_CODE = {
    "23503": 409,  # foreign_key_violation
    "23505": 409,  # unique_violation
    "25006": 405,  # read_only_sql_transaction
    "21000": 500,  # cardinality_violation
    "42883": 404,  # undefined_function
    "42P01": 404,  # undefined_table
    "42P17": 500,  # infinite recursion in a policy
    "53400": 500,  # configuration_limit_exceeded
    "57P01": 503,  # admin_shutdown
    "P0001": 400,  # raise_exception
}
STATUS_BY_CLASS = {
    "08": 503,
    "09": 500,
    "0L": 403,
    "0P": 403,
    "25": 500,
    "28": 403,
    "2D": 500,
    "38": 500,
    "39": 500,
    "3B": 500,
    "40": 500,
    "53": 503,
    "54": 500,
    "55": 500,
    "57": 500,
    "58": 500,
    "F0": 500,
    "HV": 500,
    "P0": 500,
    "XX": 500,
}
INSUFFICIENT_PRIVILEGE = "42501"
CUSTOM_STATUS_PREFIX = "PT"
FULL_CONTROL = "PGRST"


class ServerError(NamedTuple):
    """The fields of an ErrorResponse that we use."""

    code: str
    message: str
    detail: str | None
    hint: str | None


def to_api_error(error: ServerError, *, anonymous: bool) -> ApiError:
    """The response for an error of Postgres; `anonymous`: nobody is signed in, so 401 where others get 403."""
    if error.code == FULL_CONTROL:
        return _full_control(error)
    status = status_of(error, anonymous=anonymous)
    headers: tuple[Header, ...] = ((b"www-authenticate", b"Bearer"),) if status == 401 else ()  # noqa: PLR2004 - HTTP's own numbers
    return ApiError(status, error.code, error.message, error.detail, error.hint, headers)


def status_of(error: ServerError, *, anonymous: bool) -> int:
    code = error.code
    if code == INSUFFICIENT_PRIVILEGE:
        return 401 if anonymous else 403
    if code.startswith(CUSTOM_STATUS_PREFIX):
        return _custom_status(code)
    special = _status_by_message(error)
    return special or STATUS_BY_CODE.get(code) or STATUS_BY_CLASS.get(code[:2], 400)


def _custom_status(code: str) -> int:
    digits = code[len(CUSTOM_STATUS_PREFIX) :]
    status = int(digits) if digits.isascii() and digits.isdigit() else 0
    return status if status in FINAL_STATUSES else 500


def _status_by_message(error: ServerError) -> int | None:
    if error.code == "21000" and error.message.endswith("requires a WHERE clause"):
        return 400
    if error.code == "22023" and error.message.startswith("role") and error.message.endswith("does not exist"):
        return 401
    if error.code == "42883" and error.message.startswith("function xmlagg("):
        return 406
    return None


def _full_control(error: ServerError) -> ApiError:
    """`raise sqlstate 'PGRST'`: message and detail are JSON and say everything."""
    message = _json_object(error.message, ("code", "message"))
    if message is None or not _is_message(message):
        return malformed_raise(f"Invalid JSON value for MESSAGE: '{error.message}'", MESSAGE_FORMAT)
    if error.detail is None:
        return malformed_raise("DETAIL is missing in the RAISE statement", DETAIL_FORMAT)
    detail = _json_object(error.detail, ("status", "headers"))
    if detail is None or not _is_control(detail):
        return malformed_raise(f"Invalid JSON value for DETAIL: '{error.detail}'", DETAIL_FORMAT)
    headers = header_lines(detail["headers"].items())
    return ApiError(
        detail["status"], message["code"], message["message"], message.get("details"), message.get("hint"), headers
    )


def _is_message(message: dict[str, Any]) -> bool:
    optional = (message.get("details"), message.get("hint"))
    return (
        isinstance(message["code"], str)
        and isinstance(message["message"], str)
        and all(one is None or isinstance(one, str) for one in optional)
    )


def _is_control(detail: dict[str, Any]) -> bool:
    status, headers = detail["status"], detail["headers"]
    if type(status) is not int or status not in FINAL_STATUSES or not isinstance(headers, dict):
        return False
    return all(is_header(name, value) for name, value in headers.items())


def _json_object(text: str, required: tuple[str, ...]) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and all(key in value for key in required) else None
