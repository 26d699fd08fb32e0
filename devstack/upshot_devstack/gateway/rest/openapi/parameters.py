"""Parameters: those that every relation takes, its row filters, and the arguments of functions."""

from collections.abc import Iterable
from typing import Any

from upshot_devstack.gateway.rest.openapi.types import described, element_type, type_of
from upshot_devstack.gateway.rest.schema_cache.model import Parameter, Routine, Table

Fields = dict[str, Any]

PREFERENCES = {
    "params": [],
    "return": ["return=representation", "return=minimal", "return=none"],
    "count": ["count=none"],
    "resolution": ["resolution=ignore-duplicates", "resolution=merge-duplicates"],
}


def reference(name: str) -> Fields:
    return {"$ref": f"#/parameters/{name}"}


def _prefer(*kinds: str) -> Fields:
    parameter: Fields = {
        "name": "Prefer",
        "description": "Preference",
        "required": False,
        "in": "header",
        "type": "string",
    }
    values = [value for kind in kinds for value in PREFERENCES[kind]]
    return {**parameter, "enum": values} if values else parameter


def _text(name: str, description: str | None, where: str = "query", **more: Any) -> Fields:
    described_by = {} if description is None else {"description": description}
    return {"name": name, **described_by, "required": False, "in": where, "type": "string", **more}


def definitions(tables: Iterable[Table]) -> Fields:
    """The parameters that paths refer to."""
    found: Fields = {
        "preferParams": _prefer("params"),
        "preferReturn": _prefer("return"),
        "preferCount": _prefer("count"),
        "preferPost": _prefer("return", "resolution"),
        "select": _text("select", "Filtering Columns"),
        "on_conflict": _text("on_conflict", "On Conflict"),
        "order": _text("order", "Ordering"),
        "range": _text("Range", "Limiting and Pagination", "header"),
        "rangeUnit": _text("Range-Unit", "Limiting and Pagination", "header", default="items"),
        "offset": _text("offset", "Limiting and Pagination"),
        "limit": _text("limit", "Limiting and Pagination"),
    }
    for table in tables:
        found |= _of_table(table)
    return found


def _of_table(table: Table) -> Fields:
    name = table.name.name
    body = {
        "name": name,
        "description": name,
        "required": False,
        "in": "body",
        "schema": {"$ref": f"#/definitions/{name}"},
    }
    filters = {
        f"rowFilter.{name}.{column.name}": _text(column.name, column.description) for column in table.columns.values()
    }
    return {f"body.{name}": body, **filters}


def of_get(routine: Routine) -> list[Fields]:
    """A function's arguments in the query string."""
    return [_argument(parameter) for parameter in routine.parameters]


def _argument(parameter: Parameter) -> Fields:
    fields: Fields = {"name": parameter.name, "required": parameter.required, "in": "query"}
    if parameter.variadic:
        of = element_type(parameter.type)
        item = {key: value for key, value in described(of).items() if key in {"type", "format"}}
        return {**fields, "type": type_of(parameter.type) or "string", "items": item, "collectionFormat": "multi"}
    schema = described(parameter.type)
    # An array is written {1,2} in a query string, and JSON as text.
    kind = schema.get("type", "string")
    return {**fields, "format": schema["format"], "type": "string" if kind == "array" else kind}


def of_post(routine: Routine) -> list[Fields]:
    """A function's arguments in the body."""
    return [
        {"name": "args", "required": True, "in": "body", "schema": _arguments_schema(routine)},
        reference("preferParams"),
    ]


def _arguments_schema(routine: Routine) -> Fields:
    schema: Fields = {
        "type": "object",
        "properties": {parameter.name: described(parameter.type) for parameter in routine.parameters},
    }
    required = [parameter.name for parameter in routine.parameters if parameter.required]
    if required:
        schema["required"] = required
    return {**schema, "description": routine.description} if routine.description else schema
