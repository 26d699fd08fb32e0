"""Commands for the day when one Postgres is too small: the same attribution in another engine."""

from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, NoReturn

import typer

app = typer.Typer(no_args_is_help=True, help="Take the raw tables and the attribution's SQL to another engine.")

Database = Annotated[str, typer.Option(help="Address of the database; else DATABASE_URL.", envvar="DATABASE_URL")]
Experiment = Annotated[str, typer.Option(help="Id of the experiment.")]
AsOf = Annotated[datetime | None, typer.Option(help="As it was known then; else as it is known now.")]


@app.command()
def export(
    to: Annotated[Path, typer.Option(help="Folder for the Parquet files.")],
    database: Database,
    workspace: Annotated[str | None, typer.Option(help="Only this workspace's rows, by its id.")] = None,
) -> None:
    """Write the raw tables, and what the core reads, as Parquet files of one moment."""
    import psycopg  # noqa: PLC0415 - an extra: the worker starts without it

    from upshot.adapters import parquet_export  # noqa: PLC0415

    try:
        for name, rows in parquet_export.export(database, to, workspace):
            typer.echo(f"{name:16} {rows:>12,} rows")
    except psycopg.Error as error:
        _exit(f"The database refused: {error}".strip())
    typer.echo(f"Written to {to}. Next: scripts/warehouse run --data {to} --experiment <id>")


@app.command("sql")
def show(
    dialect: Annotated[str, typer.Option(help="duckdb, clickhouse, spark or postgres.")],
    experiment: Experiment,
    as_of: AsOf = None,
    *,
    mature_only: Annotated[bool, typer.Option(help="Only subjects whose window is closed.")] = False,
    cells: Annotated[bool, typer.Option(help="Means and covariances per phase and arm, instead of effects.")] = False,
) -> None:
    """Print the query for one experiment in an engine's own SQL."""
    from upshot.adapters import core_query  # noqa: PLC0415

    if dialect not in core_query.DIALECTS:
        _exit(f"{dialect} is not one of {', '.join(core_query.DIALECTS)}.")
    question = core_query.Question(experiment, _us(as_of), mature_only=mature_only)
    write = core_query.cells if cells else core_query.effects
    typer.echo(write(question, dialect))


@app.command()
def run(
    data: Annotated[Path, typer.Option(help="Folder that export wrote.", exists=True, file_okay=False)],
    experiment: Experiment,
    as_of: AsOf = None,
    *,
    mature_only: Annotated[bool, typer.Option(help="Only subjects whose window is closed.")] = False,
) -> None:
    """Answer from the exported files alone, by DuckDB: no server, no Postgres."""
    from upshot.adapters import core_query, duckdb_core  # noqa: PLC0415

    question = core_query.Question(experiment, _us(as_of), mature_only=mature_only)
    columns, rows = duckdb_core.ask(data, core_query.effects(question, "duckdb"))
    if not rows:
        _exit(f"No effect: {data} knows no experiment {experiment} with two units in each arm.")
    for row in rows:
        typer.echo("  ".join(f"{column} {value}" for column, value in zip(columns, row, strict=True)))


@app.callback()
def _extra() -> None:
    if not (find_spec("sqlglot") and find_spec("duckdb") and find_spec("psycopg")):
        _exit("This needs three more packages: pip install 'upshot-platform[warehouse]'.")


def _us(moment: datetime | None) -> int:
    from upshot.adapters import core_query  # noqa: PLC0415

    return int(moment.timestamp() * 1_000_000) if moment else core_query.FOREVER_US


def _exit(words: str) -> NoReturn:
    typer.echo(words, err=True)
    raise typer.Exit(1)
