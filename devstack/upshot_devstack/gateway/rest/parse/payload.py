"""The request's body: what it is, and which columns or arguments it names."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import unquote_plus

from upshot_devstack.gateway.rest.errors import invalid_body
from upshot_devstack.gateway.rest.parse import media
from upshot_devstack.gateway.rest.parse.media import MediaType

KEYS_DIFFER = "All object keys must match"
FIELDS_DIFFER = "All lines must have same number of fields"
NOT_JSON = "Empty or invalid json"


@dataclass(frozen=True, slots=True)
class Payload:
    """`raw` goes to Postgres as it is; `keys` are the names in it; `pairs` those of a form."""

    kind: Literal["json", "form", "raw"]
    raw: bytes
    keys: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def is_object(self) -> bool:
        return self.raw.lstrip(b" \t\r\n")[:1] == b"{"

    @property
    def shape(self) -> tuple[str, tuple[str, ...], bool]:
        """All of it that SQL depends on."""
        return self.kind, self.keys, self.is_object


def parse_payload(
    body: bytes, content_type: MediaType, columns: Sequence[str] | None, *, for_function: bool
) -> Payload:
    """The payload of a write (`columns`: the parameter of that name) or of a function call; PGRST102 if unusable."""
    name = content_type.name
    if name == media.JSON:
        return _json(body, columns, for_function=for_function)
    if name == media.CSV:
        return _csv(body)
    if name == media.URL_ENCODED:
        return _form(body, for_function=for_function)
    if for_function and name in {media.PLAIN_TEXT, media.XML, media.OCTET_STREAM}:
        return Payload("raw", body)
    raise invalid_body(f"Content-Type not acceptable: {content_type.mime}")


def _json(body: bytes, columns: Sequence[str] | None, *, for_function: bool) -> Payload:
    if columns is not None:
        return Payload("json", body, tuple(sorted(set(columns))))
    if for_function and not body:
        return Payload("json", b"{}")
    value = _decoded(body)
    if isinstance(value, dict):
        return Payload("json", body, tuple(sorted(value)))
    if isinstance(value, list) and value:
        return Payload("json", body, _uniform_keys(value))
    return Payload("json", b"[]")


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body, parse_constant=_no_constant, parse_int=str, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise invalid_body(NOT_JSON) from error


def _no_constant(name: str) -> Any:
    msg = f"{name} is not JSON"
    raise ValueError(msg)


def _uniform_keys(rows: list[Any]) -> tuple[str, ...]:
    first = rows[0]
    if not isinstance(first, dict):
        raise invalid_body(KEYS_DIFFER)
    keys = first.keys()
    if not all(isinstance(row, dict) and row.keys() == keys for row in rows):
        raise invalid_body(KEYS_DIFFER)
    return tuple(sorted(keys))


def _csv(body: bytes) -> Payload:
    """Rows under the names of the first line; the word NULL is null."""
    try:
        lines = [line for line in csv.reader(io.StringIO(body.decode(), newline=""), strict=True) if line]
    except (UnicodeDecodeError, csv.Error) as error:
        raise invalid_body(f"Could not read the CSV: {error}") from error
    if not lines:
        raise invalid_body("The CSV is empty: its first line names the columns")
    header, *rows = lines
    if any(len(row) != len(header) for row in rows):
        raise invalid_body(FIELDS_DIFFER)
    objects = [
        {name: None if value == "NULL" else value for name, value in zip(header, row, strict=True)} for row in rows
    ]
    keys = tuple(sorted(set(header))) if rows else ()
    return Payload("json", json.dumps(objects).encode(), keys)


def _form(body: bytes, *, for_function: bool) -> Payload:
    try:
        pairs = tuple(_form_pair(part) for part in body.decode("ascii").split("&") if part)
    except UnicodeDecodeError as error:
        raise invalid_body("A url-encoded body must be percent-encoded ASCII") from error
    keys = tuple(sorted({name for name, _ in pairs}))
    if for_function:
        return Payload("form", body, keys, pairs)
    return Payload("json", json.dumps(dict(pairs)).encode(), keys)


def _form_pair(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return unquote_plus(name), unquote_plus(value)
