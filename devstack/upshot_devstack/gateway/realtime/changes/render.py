"""The JSON of a postgres_changes message."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from upshot_devstack.gateway.realtime import jsontext
from upshot_devstack.gateway.realtime.changes.catalog import Table
from upshot_devstack.gateway.realtime.messages import RawPayload
from upshot_devstack.gateway.realtime.replication.pgoutput import Operation

NO_KEY = "Error 400: Bad Request, no primary key"
NO_RIGHT = "Error 401: Unauthorized"
TOO_LARGE = "Error 413: Payload Too Large"
SMALL_VALUE_BYTES = 64


@dataclass(frozen=True)
class Values:
    """A change as JSON texts by column; None where the operation has no such row."""

    operation: Operation
    committed_at: datetime
    new: Mapping[str, str] | None
    old: Mapping[str, str] | None


@dataclass(frozen=True)
class Shown:
    """Which columns a reader gets, and what went wrong instead."""

    columns: Collection[str]
    old_columns: Collection[str]
    errors: tuple[str, ...] = ()


def message_body(ids: Iterable[int], table: Table, values: Values, shown: Shown, max_bytes: int) -> RawPayload:
    """The payload for one reader. Above `max_bytes` only small values are kept, and the reader is told."""
    body = _data(table, values, shown, max_value=None)
    if len(body) > max_bytes:
        smaller = Shown(shown.columns, shown.old_columns, (*shown.errors, TOO_LARGE))
        body = _data(table, values, smaller, max_value=SMALL_VALUE_BYTES)
    return RawPayload(f'{{"ids":{jsontext.dumps(list(ids))},"data":{body}}}')


def _data(table: Table, values: Values, shown: Shown, max_value: int | None) -> str:
    columns = [{"name": name, "type": kind} for name, kind in table.type_names.items() if name in shown.columns]
    parts = {
        "schema": jsontext.dumps(table.relation.schema),
        "table": jsontext.dumps(table.relation.name),
        "type": jsontext.dumps(values.operation),
        "commit_timestamp": jsontext.dumps(_timestamp(values.committed_at)),
        "columns": jsontext.dumps(columns),
        "errors": jsontext.dumps(list(shown.errors) or None),
    }
    if values.new is not None:
        parts["record"] = _object(values.new, shown.columns, max_value)
    if values.old is not None:
        parts["old_record"] = _object(values.old, shown.old_columns, max_value)
    return _joined(parts.items())


def _object(row: Mapping[str, str], names: Collection[str], max_value: int | None) -> str:
    kept = ((name, text) for name, text in row.items() if name in names)
    return _joined((name, text) for name, text in kept if max_value is None or len(text) <= max_value)


def _joined(pairs: Iterable[tuple[str, str]]) -> str:
    return "{" + ",".join(f"{jsontext.dumps(name)}:{text}" for name, text in pairs) + "}"


def _timestamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
