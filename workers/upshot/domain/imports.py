"""Which column of a file is what, and what a dry run says in words."""

from collections.abc import Iterable, Iterator
from typing import Any

from upshot.domain.errors import TableError

FIELDS = (
    "metric",
    "value",
    "subject",
    "conversation",
    "inference_id",
    "key_type",
    "key_value",
    "occurred_at",
    "event_id",
)
# What columns of these names are taken for when nobody says otherwise.
USUAL = {
    "metric": ("metric", "metric_key"), "value": ("value",), "subject": ("subject", "subject_id", "user_id", "customer_id"),
    "conversation": ("conversation", "conversation_id"), "inference_id": ("inference_id",),
    "key_type": ("key_type",), "key_value": ("key_value",),
    "occurred_at": ("occurred_at", "timestamp", "time", "created_at", "date"), "event_id": ("event_id", "id"),
}  # fmt: skip


def mapping_of(
    columns: list[str], named: dict[str, str], fixed: dict[str, str], options: dict[str, str]
) -> dict[str, Any]:
    """The mapping: what was said, and columns by their usual names. Raises TableError for a field or column that is none."""
    for field in (*named, *fixed):
        if field not in FIELDS:
            raise TableError(f"There is no field {field}. The fields are: {', '.join(FIELDS)}.")
    for column in named.values():
        if column not in columns:
            raise TableError(f"There is no column {column}. The file has: {', '.join(columns)}.")
    by_name = {name.lower(): name for name in columns}
    taken = set(named.values())
    guessed = {
        field: next((by_name[u] for u in usual if u in by_name and by_name[u] not in taken), None)
        for field, usual in USUAL.items()
        if field not in named and field not in fixed
    }
    said: dict[str, Any] = {field: {"value": value} for field, value in fixed.items()}
    said |= {field: {"column": column} for field, column in (named | guessed).items() if column}
    return said | options


def mapping_words(mapping: dict[str, Any]) -> Iterator[str]:
    """One line a field."""
    for field in FIELDS:
        if said := mapping.get(field):
            yield f"{field} is " + (
                f"the column {said['column']}" if "column" in said else f"“{said['value']}” in every row"
            )


def report_words(report: dict[str, Any]) -> Iterator[str]:
    """A dry run, the answer first."""
    yield f"{report['good']:,} of {report['rows']:,} rows would land."
    for name, words in (
        ("bad", "cannot be read"),
        ("empty", "have no value"),
        ("repeats", "repeat the event id of an earlier row"),
        ("known", "were imported or recorded before"),
    ):
        if report[name]:
            yield f"{report[name]:,} {words}."
    if report["good"]:
        yield from _good_words(report)
    yield from _doubts(report)


def _good_words(report: dict[str, Any]) -> Iterator[str]:
    yield f"They happened from {report['first_at']} to {report['last_at']}."
    for metric in report["metrics"]:
        span = f"from {metric['smallest']:g} to {metric['largest']:g}, {metric['mean']:.4g} on average"
        yield f"{metric['metric']}: {metric['rows']:,} values {span}."
    matches = report["matches"]
    yield f"{matches['matched']:,} belong to somebody who was seen; {matches['waiting']:,} wait until they are."
    for one in report["experiments"]:
        yield (
            f"Experiment {one['experiment']} would count {one['counts']:,} of {one['metric']} for {one['units']:,} units; "
            f"{one['before_exposure']:,} came before the first exposure, {one['after_window']:,} after the window."
        )


def _doubts(report: dict[str, Any]) -> Iterator[str]:
    if report["twins"]:
        yield (
            f"Look: {report['twins']:,} rows have a twin with the same metric, time, value and owner from another source. "
            "Map event_id, and origin if it reports the same events, so that they are known."
        )
    if report["in_future"]:
        yield f"Look: {report['in_future']:,} rows lie in the future. Is the time zone right?"
    if report["same_file"]:
        yield f"Look: this very file was imported before: {', '.join(report['same_file'])}."


def error_words(errors: Iterable[dict[str, Any]], limit: int = 10) -> Iterator[str]:
    """The first bad rows."""
    for error in list(errors)[:limit]:
        where = f"Row {error['row']:,}" + (f", {error['column']}" if error.get("column") else "")
        cell = f" (“{error['cell']}”)" if error.get("cell") else ""
        yield f"{where}: {error['message']}{cell}"
