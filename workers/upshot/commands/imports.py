"""``upshot import outcomes.csv``: a dry run first, then the outcomes of a file; ``upshot undo-import`` takes them back."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from upshot.domain.errors import ConfigurationError, TableError, UpshotError
from upshot.domain.imports import error_words, mapping_of, mapping_words, report_words
from upshot.services.importing import Importer

OPTIONS = ("time_zone", "time_format", "decimal", "thousands", "origin")


def import_file(
    file: Annotated[Path, typer.Argument(help="A CSV or Parquet file of outcomes, one a row.")],
    environment: Annotated[str, typer.Option(help="Where they happened.")] = "production",
    named: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            help="field=column. Fields: metric, value, subject, conversation, inference_id, key_type, key_value, occurred_at, event_id.",
        ),
    ] = None,
    fixed: Annotated[
        list[str] | None, typer.Option("--set", help="field=text for every row: --set metric=csat.")
    ] = None,
    time_zone: Annotated[str | None, typer.Option(help="Of times that name none: Europe/Berlin.")] = None,
    time_format: Annotated[str | None, typer.Option(help="iso, dmy, mdy, epoch_s or epoch_ms.")] = None,
    decimal: Annotated[str | None, typer.Option(help="Decimal sign, . or ,")] = None,
    thousands: Annotated[str | None, typer.Option(help="Sign between thousands.")] = None,
    origin: Annotated[str | None, typer.Option(help="The source that reports the same events by itself.")] = None,
    name: Annotated[str | None, typer.Option(help="What people call the import.")] = None,
    workspace: Annotated[str | None, typer.Option(help="Id of the workspace, if you can reach several.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Import without asking.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the import for machines.")] = False,
) -> None:
    """Bring outcomes from a file: check them, say what would count, and land them if you agree."""
    given = dict(zip(OPTIONS, (time_zone, time_format, decimal, thousands, origin), strict=True))
    options = {key: value for key, value in given.items() if value is not None}
    start = {"environment": environment, "name": name or file.name, "file_name": file.name, "workspace_id": workspace}
    console = Console(highlight=False, stderr=as_json, soft_wrap=True)
    with _told(), _importer(console) as importer:
        done = _checked(importer, file, start, (_pairs(named), _pairs(fixed), options), console)
        _report(done, console)
        if done["state"] == "checked" and not dry_run and _agreed(done, yes=yes, console=console):
            done = importer.land(done["id"])
            console.print(
                f"[bold]Imported {done['rows_landed']:,} outcomes.[/] Take them back with: upshot undo-import {done['id']}"
            )
    if as_json:
        typer.echo(json.dumps(done, indent=2))


def undo_import(import_id: Annotated[str, typer.Argument(help="The id that upshot import printed.")]) -> None:
    """Take back what an import landed, and nothing else."""
    console = Console(highlight=False, soft_wrap=True)
    with _told(), _importer(console) as importer:
        console.print(f"Took back {importer.take_back(import_id)['rows_undone']:,} outcomes.")


def _checked(
    importer: Importer, file: Path, start: dict[str, Any], said: tuple[dict[str, str], ...], console: Console
) -> dict[str, Any]:
    from upshot.adapters.tables import open_table, sha256_of  # noqa: PLC0415 - a worker needs neither

    with open_table(file) as table:
        mapping = mapping_of(table.columns, *said)
        for line in mapping_words(mapping):
            console.print(f"  {line}")
        return importer.stage(start | {"columns": table.columns, "sha256": sha256_of(file)}, table.rows, mapping)


def _report(done: dict[str, Any], console: Console) -> None:
    if done["state"] != "checked":
        console.print(
            f"This import is {done['state']}: {done['rows_landed']:,} outcomes landed, {done['rows_undone']:,} were taken back. Its id is {done['id']}."
        )
        return
    answer, *rest = report_words(done["report"])
    console.print(f"\n[bold]{answer}[/]")
    for line in rest:
        console.print(f"  {line}")
    for line in error_words(done["report"]["errors"]):
        console.print(f"  [red]{line}[/]")


def _agreed(done: dict[str, Any], *, yes: bool, console: Console) -> bool:
    if not done["report"]["good"]:
        return False
    if not yes and not console.is_terminal:
        console.print("Nothing landed yet: call it again with --yes.")
        return False
    return yes or typer.confirm(f"\nImport {done['report']['good']:,} outcomes?")


def _pairs(said: list[str] | None) -> dict[str, str]:
    pairs = [one.partition("=") for one in said or []]
    for field, _, value in pairs:
        if not field or not value:
            raise typer.BadParameter("write it as field=column, for instance value=score")
    return {field: value for field, _, value in pairs}


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except UpshotError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2 if isinstance(error, TableError | ConfigurationError) else 1) from error


@contextmanager
def _importer(console: Console) -> Iterator[Importer]:
    from upshot.adapters.public_api import PublicApi  # noqa: PLC0415 - as above

    url = _environment("SUPABASE_URL", "where Upshot answers")
    key = os.environ.get("UPSHOT_API_KEY")
    other = _environment(
        *(
            ("SUPABASE_PUBLISHABLE_KEY", "the project's publishable key")
            if key
            else ("SUPABASE_SECRET_KEY", "the project's secret key (or UPSHOT_API_KEY with SUPABASE_PUBLISHABLE_KEY)")
        )
    )
    api = PublicApi(url, other, key)
    try:
        yield Importer(api, lambda what, rows: console.print(f"  {rows:,} rows {what}") if rows >= 100_000 else None)  # noqa: PLR2004
    finally:
        api.close()


def _environment(name: str, what: str) -> str:
    said = os.environ.get(f"UPSHOT_{name}") or os.environ.get(name)
    if not said:
        raise ConfigurationError(f"Set {name}: {what}.")
    return said
