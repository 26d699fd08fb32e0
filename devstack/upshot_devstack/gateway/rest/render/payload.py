"""The body as rows: one JSON parameter, expanded by Postgres with the types of the columns it is for."""

from collections.abc import Sequence

from upshot_devstack.gateway.rest.identifiers import QualifiedName, quote_literal, quote_name
from upshot_devstack.gateway.rest.plan.types import FieldRef
from upshot_devstack.gateway.rest.render import fields
from upshot_devstack.gateway.rest.render.binder import Binder, FromRequest

BODY = QualifiedName("", "pgrst_body")


def body_rows(columns: Sequence[FieldRef], binder: Binder, *, is_object: bool, defaults: bool, first_only: bool) -> str:
    """A FROM clause that offers the body's rows as pgrst_body.

    `defaults`: a column that a row lacks gets the default of the table; `first_only`: one row is enough.
    """
    json = "jsonb" if defaults else "json"
    source = "pgrst_json_defs.val" if defaults else "pgrst_payload.json_data"
    payload = f"FROM (SELECT {binder.bind(FromRequest('body'))}::{json} AS json_data) pgrst_payload, "
    with_defaults = _defaults(columns, is_object=is_object) if defaults else ""
    rows = _rows(columns, json, source, is_object=is_object) + (" LIMIT 1" if first_only and columns else "")
    parsed = ", ".join(_parsed(column) for column in columns)
    return f"{payload}{with_defaults}LATERAL (SELECT {parsed} FROM {rows}) pgrst_body"


def _rows(columns: Sequence[FieldRef], json: str, source: str, *, is_object: bool) -> str:
    if columns:
        typed = ", ".join(f"{quote_name(column.name)} {column.type}" for column in columns)
        function = f"{json}_to_record" if is_object else f"{json}_to_recordset"
        return f"{function}({source}) AS _({typed})"
    return "(values(1)) _" if is_object else f"{json}_array_elements({source}) _"


def _parsed(column: FieldRef) -> str:
    name = quote_name(column.name)
    return f"{column.transform}({name}) AS {name}" if column.transform else name


def _defaults(columns: Sequence[FieldRef], *, is_object: bool) -> str:
    pairs = ", ".join(f"{quote_literal(one.name)}, {one.default}" for one in columns if one.default is not None)
    if is_object:
        return f"LATERAL (SELECT jsonb_build_object({pairs}) || pgrst_payload.json_data AS val) pgrst_json_defs, "
    return (
        f"LATERAL (SELECT jsonb_agg(jsonb_build_object({pairs}) || elem) AS val "
        "FROM jsonb_array_elements(pgrst_payload.json_data) elem) pgrst_json_defs, "
    )


def body_columns(columns: Sequence[FieldRef]) -> str:
    return ", ".join(fields.column(BODY, column.name) for column in columns)
