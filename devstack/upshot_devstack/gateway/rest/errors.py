"""Errors of the protocol, each with its code, status and wording.

ApiError                 anything that ends a request with an error body
├── PGRST0xx             the connection (database_unavailable, pool_timeout, no_schema_cache)
├── PGRST1xx             the request (this module)
├── PGRST2xx             the schema cache (schema_errors)
├── PGRST3xx             tokens (jwt_error)
└── SQLSTATE             Postgres' own (database_errors)
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

Header = tuple[bytes, bytes]


class ApiError(Exception):
    """What the client is told: an HTTP status and code, message, details, hint.

    `details` and `hint` are JSON values (mostly text) or None.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        details: Any = None,
        hint: Any = None,
        headers: Sequence[Header] = (),
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.hint = hint
        self.headers = tuple(headers)

    def body(self, *, minimal: bool = False) -> bytes:
        """The JSON object of the response; `minimal` keeps back what may tell of the database's inside."""
        fields = {"code": self.code, "details": self.details, "hint": self.hint, "message": self.message}
        if minimal:
            del fields["details"], fields["hint"]
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def database_unavailable(details: str) -> ApiError:
    return ApiError(503, "PGRST000", "Database connection error. Retrying the connection.", details)


def connection_lost(details: str) -> ApiError:
    return ApiError(503, "PGRST001", "Database client error. Retrying the connection.", details)


def no_schema_cache() -> ApiError:
    return ApiError(503, "PGRST002", "Could not query the database for the schema cache. Retrying.")


def pool_timeout() -> ApiError:
    return ApiError(504, "PGRST003", "Timed out acquiring connection from connection pool.")


def malformed_query(message: str, details: str) -> ApiError:
    return ApiError(400, "PGRST100", message, details)


def method_not_for_functions(method: str) -> ApiError:
    return ApiError(405, "PGRST101", f"Cannot use the {method} method on RPC")


def invalid_body(message: str, *, status: int = 400, hint: str | None = None) -> ApiError:
    return ApiError(status, "PGRST102", message, hint=hint)


def _range_error(details: str) -> ApiError:
    return ApiError(416, "PGRST103", "Requested range not satisfiable", details)


def negative_limit() -> ApiError:
    return _range_error("Limit should be greater than or equal to zero.")


def reversed_range() -> ApiError:
    return _range_error("The lower boundary must be lower than or equal to the upper boundary in the Range header.")


def out_of_bounds(offset: int, total: int) -> ApiError:
    return _range_error(f"An offset of {offset} was requested, but there are only {total} rows.")


def invalid_upsert_filters() -> ApiError:
    message = "Filters must include all and only primary key columns with 'eq' operators"
    return ApiError(405, "PGRST105", message)


def unknown_schema(schema: str, exposed: Iterable[str]) -> ApiError:
    hint = f"Only the following schemas are exposed: {', '.join(exposed)}"
    return ApiError(406, "PGRST106", f"Invalid schema: {schema}", hint=hint)


def no_such_media_type(accepted: Iterable[str]) -> ApiError:
    return ApiError(406, "PGRST107", f"None of these media types are available: {', '.join(accepted)}")


def not_embedded(resource: str) -> ApiError:
    return ApiError(
        400,
        "PGRST108",
        f"'{resource}' is not an embedded resource in this request",
        hint=f"Verify that '{resource}' is included in the 'select' query parameter.",
    )


def aliased_resource(relation: str, alias: str) -> ApiError:
    return ApiError(
        400,
        "PGRST108",
        f"'{relation}' is not an embedded resource in this request",
        "Target names are not allowed in filters if they have an alias",
        f"Change '{relation}' to '{alias}' in filters, orders or limits.",
    )


def invalid_response_headers() -> ApiError:
    message = "response.headers guc must be a JSON array composed of objects with a single key and a string value"
    return ApiError(500, "PGRST111", message)


def invalid_response_status() -> ApiError:
    return ApiError(500, "PGRST112", "response.status guc must be a valid status code")


def limit_on_put() -> ApiError:
    return ApiError(400, "PGRST114", "limit/offset querystring parameters are not allowed for PUT")


def put_key_mismatch() -> ApiError:
    return ApiError(400, "PGRST115", "Payload values do not match URL in primary key column(s)")


def not_single(count: int) -> ApiError:
    message = "Cannot coerce the result to a single JSON object"
    return ApiError(406, "PGRST116", message, f"The result contains {count} rows")


def unsupported_method(method: str) -> ApiError:
    return ApiError(405, "PGRST117", f"Unsupported HTTP method: {method}")


def related_order_not_to_one(origin: str, target: str) -> ApiError:
    details = f"'{origin}' and '{target}' do not form a many-to-one or one-to-one relationship"
    return ApiError(400, "PGRST118", f"A related order on '{target}' is not possible", details)


def malformed_raise(details: str, hint: str) -> ApiError:
    message = "Could not parse JSON in the \"RAISE SQLSTATE 'PGRST'\" error"
    return ApiError(500, "PGRST121", message, details, hint)


def invalid_preferences(preferences: Iterable[str]) -> ApiError:
    details = f"Invalid preferences: {', '.join(preferences)}"
    return ApiError(400, "PGRST122", "Invalid preferences given with handling=strict", details)


def aggregates_not_allowed() -> ApiError:
    return ApiError(400, "PGRST123", "Use of aggregate functions is not allowed")


def too_many_affected(count: int) -> ApiError:
    message = "Query result exceeds max-affected preference constraint"
    return ApiError(400, "PGRST124", message, f"The query affects {count} rows")


def invalid_path() -> ApiError:
    return ApiError(404, "PGRST125", "Invalid path specified in request URL")


def openapi_disabled() -> ApiError:
    return ApiError(404, "PGRST126", "Root endpoint metadata is disabled")


def not_implemented(details: str) -> ApiError:
    return ApiError(400, "PGRST127", "Feature not implemented", details)


def max_affected_needs_a_set() -> ApiError:
    message = "Function must return SETOF or TABLE when max-affected preference is used with handling=strict"
    return ApiError(400, "PGRST128", message)


def _challenge(message: str | None) -> tuple[Header, ...]:
    if message is None:
        return ((b"www-authenticate", b"Bearer"),)
    quoted = json.dumps(message, ensure_ascii=False)
    return ((b"www-authenticate", f'Bearer error="invalid_token", error_description={quoted}'.encode()),)


def no_jwt_secret() -> ApiError:
    return ApiError(500, "PGRST300", "Server lacks JWT secret")


def invalid_token(message: str, details: str | None) -> ApiError:
    return ApiError(401, "PGRST301", message, details, headers=_challenge(message))


def token_required() -> ApiError:
    return ApiError(401, "PGRST302", "Anonymous access is disabled", headers=_challenge(None))


def invalid_claims(message: str, details: str | None = None) -> ApiError:
    return ApiError(401, "PGRST303", message, details, headers=_challenge(message))


def nul_in_text() -> ApiError:
    """What Postgres itself would say of a zero byte, which the wire protocol cannot carry."""
    return ApiError(400, "22021", 'invalid byte sequence for encoding "UTF8": 0x00')


def internal_error() -> ApiError:
    return ApiError(500, "PGRSTX00", "Internal error", hint="The gateway's log has the details.")
