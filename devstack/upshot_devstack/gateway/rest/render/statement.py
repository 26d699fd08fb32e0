"""The one statement of a request: rows from the plan, and from them the body, the counts and the location."""

from dataclasses import dataclass
from typing import Literal

from upshot_devstack.gateway.rest.identifiers import quote_literal, quote_qualified
from upshot_devstack.gateway.rest.plan.negotiate import Format
from upshot_devstack.gateway.rest.plan.types import CallPlan, Insert, MutatePlan, ReadPlan
from upshot_devstack.gateway.rest.render import read
from upshot_devstack.gateway.rest.render.binder import Binder, Value
from upshot_devstack.gateway.rest.render.call import call
from upshot_devstack.gateway.rest.render.mutate import INSERTED, mutation
from upshot_devstack.gateway.rest.schema_cache.model import Handler, Routine

Count = Literal["exact", "planned", "estimated"] | None

GUC_COLUMNS = (
    "nullif(current_setting('response.headers', true), '') AS response_headers, "
    "nullif(current_setting('response.status', true), '') AS response_status"
)
CSV_HEADER = "(SELECT coalesce(string_agg(k, ','), '') FROM json_object_keys(json_agg(_postgrest_t)->0) k)"
CSV_ROWS = "coalesce(string_agg(substring(_postgrest_t::text, 2, length(_postgrest_t::text) - 2), E'\\n'), '')"
GEOJSON = (
    "json_build_object('type', 'FeatureCollection', "
    "'features', coalesce(json_agg(ST_AsGeoJSON(_postgrest_t)::json), '[]'))"
)
EXPLAIN_OPTIONS = {
    "analyze": "ANALYZE",
    "verbose": "VERBOSE",
    "settings": "SETTINGS",
    "buffers": "BUFFERS",
    "wal": "WAL",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with placeholders, of one row: total, page, location, body, headers, status, inserted.

    Reads and calls have neither location nor inserted; for a plan the rows are the plan's lines.
    """

    sql: bytes
    values: tuple[Value, ...]


def statement(text: str, binder: Binder) -> Statement:
    return Statement(text.encode(), tuple(binder.values))


def read_statement(plan: ReadPlan, shown: Format, count: Count, *, limited: bool, most: int | None) -> Statement:
    """`limited`: the page may be shorter than the total, so that counting needs a query of its own."""
    binder = Binder()
    rows = f"WITH pgrst_source AS ({read.select(plan, binder)})"
    counted, total = _count(plan, binder, count, "pg_catalog.count(_postgrest_t)", limited=limited, most=most)
    text = (
        f"{rows}{counted} SELECT {total} AS total_result_set, pg_catalog.count(_postgrest_t) AS page_total, "
        f"{_body(shown, None)} AS body, {GUC_COLUMNS} "
        "FROM (SELECT * FROM pgrst_source) _postgrest_t"
    )
    return statement(_explained(text, shown), binder)


def call_statement(
    routine: Routine, invoked: CallPlan, plan: ReadPlan, shown: Format, count: Count, *, limited: bool
) -> Statement:
    binder = Binder()
    rows = f"WITH pgrst_source AS ({call(invoked, binder)})"
    page = "pg_catalog.count(_postgrest_t)" if routine.returns_set else "1"
    counted, total = _count(plan, binder, count, page, limited=limited, most=None)
    text = (
        f"{rows}{counted} SELECT {total} AS total_result_set, {page} AS page_total, "
        f"{_body(shown, routine)} AS body, {GUC_COLUMNS} "
        f"FROM ({read.select(plan, binder)}) _postgrest_t"
    )
    return statement(_explained(text, shown), binder)


def _count(
    plan: ReadPlan, binder: Binder, wanted: Count, page: str, *, limited: bool, most: int | None
) -> tuple[str, str]:
    """A common table expression to count, if one is needed, and the expression of the total."""
    if wanted not in {"exact", "estimated"}:
        return "", "NULL::bigint"
    if not limited:
        return "", page
    enough = f" LIMIT {most + 1}" if wanted == "estimated" and most is not None else ""
    query = f", pgrst_source_count AS ({read.count(plan, binder)}{enough})"
    return query, "(SELECT pg_catalog.count(*) FROM pgrst_source_count)"


def explain_count(plan: ReadPlan) -> Statement:
    """What the planner thinks the count would be."""
    binder = Binder()
    return statement(f"EXPLAIN (FORMAT JSON) {read.count(plan, binder)}", binder)


def write_statement(written: MutatePlan, plan: ReadPlan, shown: Format, *, with_location: bool) -> Statement:
    binder = Binder()
    rows = f"WITH pgrst_source AS ({mutation(written, binder)})"
    merges = isinstance(written, Insert) and written.conflict is not None and written.conflict[0] == "merge-duplicates"
    selected = "SELECT * FROM pgrst_source" if shown.kind == "none" else read.select(plan, binder)
    primary_key = written.primary_key if isinstance(written, Insert) and with_location else ()
    text = (
        f"{rows} SELECT NULL::bigint AS total_result_set, pg_catalog.count(_postgrest_t) AS page_total, "
        f"{_location(primary_key)} AS header, {_body(shown, None)} AS body, {GUC_COLUMNS}, "
        f"{INSERTED if merges else 'NULL'} AS response_inserted FROM ({selected}) _postgrest_t"
    )
    return statement(_explained(text, shown), binder)


def _location(primary_key: tuple[str, ...]) -> str:
    """The primary key of the only new row, as a JSON array of name and filter."""
    if not primary_key:
        return "NULL"
    names = ", ".join(quote_literal(name) for name in primary_key)
    return (
        "CASE WHEN pg_catalog.count(_postgrest_t) = 1 THEN ("
        "WITH data AS (SELECT row_to_json(_) AS row FROM pgrst_source AS _ LIMIT 1) "
        "SELECT json_agg(json_build_array(pair.key, coalesce('eq.' || pair.value, 'is.null'))) "
        f"FROM data CROSS JOIN json_each_text(data.row) AS pair WHERE pair.key IN ({names})) END"
    )


def _body(shown: Format, routine: Routine | None) -> str:
    if shown.kind == "custom" and shown.handler is not None:
        return _by_handler(shown.handler, routine)
    if shown.kind == "none":
        return "NULL"
    if shown.kind == "csv":
        return f"{CSV_HEADER} || E'\\n' || {CSV_ROWS}"
    if shown.kind == "geojson":
        return GEOJSON
    return _json(shown, routine)


def _json(shown: Format, routine: Routine | None) -> str:
    is_scalar = routine is not None and not routine.returns_composite
    rows = f"json_agg(_postgrest_t{'.pgrst_scalar' if is_scalar else ''})"
    single = shown.kind == "json-object" or (shown.kind == "json" and routine is not None and not routine.returns_set)
    value, empty = (f"{rows}->0", "null") if single else (rows, "[]")
    stripped = f"json_strip_nulls({value})" if shown.strip_nulls else value
    return f"coalesce({stripped}, '{empty}')"


def _by_handler(handler: Handler, routine: Routine | None) -> str:
    function = quote_qualified(handler.function)
    if routine is not None and routine.returns_scalar:
        return f"{function}(_postgrest_t.pgrst_scalar)"
    if handler.target is None:
        return f"{function}(_postgrest_t)"
    return f"{function}(_postgrest_t::{quote_qualified(handler.target)})"


def _explained(text: str, shown: Format) -> str:
    if not shown.is_plan:
        return text
    options = [f"FORMAT {shown.media_type.plan_format.upper()}"]
    options += [EXPLAIN_OPTIONS[option] for option in shown.media_type.plan_options]
    return f"EXPLAIN ({', '.join(options)}) {text}"
