"""Postgres' types in the words of OpenAPI 2.0."""

import json
from typing import Any

TYPES: dict[str, str | None] = {
    "character varying": "string",
    "character": "string",
    "text": "string",
    "boolean": "boolean",
    "smallint": "integer",
    "integer": "integer",
    "bigint": "integer",
    "numeric": "number",
    "real": "number",
    "double precision": "number",
    "json": None,
    "jsonb": None,
}
FORMATS = {"smallint": "int32", "integer": "int32", "bigint": "int64"}
ARRAY = "[]"


def type_of(postgres_type: str) -> str | None:
    """The OpenAPI type; None where any JSON value may stand."""
    if postgres_type in TYPES:
        return TYPES[postgres_type]
    return "array" if postgres_type.endswith(ARRAY) else "string"


def element_type(postgres_type: str) -> str:
    return postgres_type.removesuffix(ARRAY)


def described(postgres_type: str) -> dict[str, Any]:
    """`type`, `format` and, for arrays, `items`."""
    schema: dict[str, Any] = {"format": FORMATS.get(postgres_type, postgres_type)}
    name = type_of(postgres_type)
    if name is not None:
        schema["type"] = name
    if name == "array":
        of = type_of(element_type(postgres_type))
        schema["items"] = {} if of is None else {"type": of}
    return schema


def default_value(postgres_type: str, expression: str) -> Any:
    """The value of a column's default where it is a constant; None where it is not."""
    if type_of(postgres_type) == "string":
        text = expression.removesuffix(f"::{postgres_type}")
        expression = json.dumps(text.strip("'") if text != expression else expression)
    try:
        return json.loads(expression)
    except ValueError:
        return None
