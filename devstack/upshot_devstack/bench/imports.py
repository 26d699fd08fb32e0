"""How long a large file takes on its way in and back: staged, checked, landed and taken back through the verbs."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from rich.console import Console
from rich.table import Table

from upshot_devstack.bench.caller import Caller
from upshot_devstack.bench.ingest import furnish
from upshot_devstack.bench.product import claims, install
from upshot_devstack.bench.scratch import scratch_stack

CHUNK = 5_000
COLUMNS = ["event", "customer", "minutes", "when"]
MAPPING = {
    "metric": {"value": "minutes"},
    "value": {"column": "minutes"},
    "subject": {"column": "customer"},
    "occurred_at": {"column": "when"},
    "event_id": {"column": "event"},
    "time_zone": "Europe/Berlin",
}
GOALS = {"check": 60.0, "commit": 120.0}  # seconds for a million rows


def chunks(rows: int) -> Iterator[tuple[int, list[list[str]]]]:
    """The file's rows, with the number of the first."""
    for first in range(1, rows + 1, CHUNK):
        numbers = range(first, min(first + CHUNK, rows + 1))
        yield (
            first,
            [
                [
                    f"e{n}",
                    f"subject-{n * 7919 % 20_000}",
                    f"{n % 997 / 7:.3f}",
                    f"2026-0{1 + n % 9}-1{n % 10} 1{n % 10}:30:00",
                ]
                for n in numbers
            ],
        )


def call(caller: Caller, verb: str, **arguments: Any) -> Any:
    """One verb, by named arguments."""
    named = ", ".join(f"{name} => %s" for name in arguments)
    values = [json.dumps(v) if isinstance(v, dict | list) and verb != "start_import" else v for v in arguments.values()]
    return caller.ask(f"select to_jsonb(public.{verb}({named}))", values)[1]


def until(caller: Caller, verb: str, import_id: str, state: str) -> dict[str, Any]:
    """Again and again, as a person's client does; raises when a step moved nothing."""
    before: dict[str, Any] | None = None
    while True:
        moved: dict[str, Any] = call(caller, verb, import_id=import_id)
        if moved["state"] == state:
            return moved
        if moved == before:
            raise RuntimeError(f"{verb} does not get any further: {moved['state']}")
        before = moved


def phases(caller: Caller, rows: int) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What a person's client does with a file, in turn."""
    begun = call(caller, "start_import", environment="production", columns=COLUMNS, name="bench")
    file = begun["id"]

    def stage() -> None:
        for first, part in chunks(rows):
            call(caller, "stage_rows", import_id=file, rows=part, first_row=first)
        call(caller, "map_columns", import_id=file, mapping=MAPPING)

    yield "stage", stage
    yield "check", lambda: call(caller, "check_import", import_id=file)
    yield "commit", lambda: until(caller, "commit_import", file, "imported")
    yield "undo", lambda: until(caller, "undo_import", file, "undone")


def measure(admin: psycopg.Connection, caller: Caller, rows: int) -> dict[str, float]:
    """Seconds by phase; raises unless all landed and nothing is left."""
    took = {}
    for name, phase in phases(caller, rows):
        started = time.perf_counter()
        phase()
        took[name] = time.perf_counter() - started
        print(f"{name}: {took[name]:.1f} s", flush=True)  # noqa: T201 - a million rows take their minutes
        row = admin.execute("select count(*) from public.outcomes").fetchone()
        if (row and row[0]) != (rows if name == "commit" else 0):
            raise RuntimeError(f"{row} outcomes after {name}")
    return took


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(prog="scripts/bench imports")
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    with scratch_stack() as stack:
        url = stack.env()["DB_URL"]
        install(url)
        with (
            psycopg.connect(url.replace("//postgres:", "//supabase_admin:", 1), autocommit=True) as admin,
            Caller(url.replace("//postgres:", "//authenticator:", 1), claims()) as caller,
        ):
            furnish(admin, url)
            admin.execute("select private.keep_partitions()")
            # The gateway gives each verb the time that it asks for.
            caller.connection.execute("set statement_timeout = '300s'")
            took = measure(admin, caller, options.rows)
    table = Table("phase", "seconds", "rows/s", "")
    for name, seconds in took.items():
        allowed = GOALS.get(name, float("inf")) * options.rows / 1_000_000
        table.add_row(
            name, f"{seconds:,.1f}", f"{options.rows / seconds:,.0f}", "met" if seconds <= allowed else "missed"
        )
    Console(file=sys.stdout, width=100).print(table)


if __name__ == "__main__":
    main()
