"""`python -m upshot_devstack`: start, stop, status, reset, migrate."""

import json
import logging
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import psycopg
import structlog
import typer
from rich.console import Console

from upshot_devstack import paths
from upshot_devstack.config import StackConfig
from upshot_devstack.gateway_process import GatewayProcessError
from upshot_devstack.postgres.account import NoAccountError
from upshot_devstack.postgres.base import NoServerError
from upshot_devstack.postgres.cluster import ClusterError
from upshot_devstack.postgres.migrations import MigrationError
from upshot_devstack.postgres.packages import FetchError
from upshot_devstack.project import Project, ProjectError
from upshot_devstack.stack import Devstack, NotRunningError

EXPECTED = (
    ClusterError,
    FetchError,
    GatewayProcessError,
    MigrationError,
    NoAccountError,
    NoServerError,
    NotRunningError,
    ProjectError,
    psycopg.OperationalError,
)

app = typer.Typer(help="Supabase without Docker: real Postgres and one gateway.", no_args_is_help=True)
people = Console(stderr=True)


class Output(StrEnum):
    """How `status` and `start` print what they know."""

    pretty = "pretty"
    env = "env"
    json = "json"


ProjectDir = Annotated[
    Path | None,
    typer.Option("--project-dir", help="The folder that holds supabase/; default: the nearest one upwards."),
]
StateDir = Annotated[Path | None, typer.Option("--state-dir", help="Where the data is kept.")]
ApiPort = Annotated[
    int | None, typer.Option("--api-port", help="Default: api.port of config.toml; 0 takes a free one.")
]
DbPort = Annotated[int | None, typer.Option("--db-port", help="Default: db.port of config.toml; 0 takes a free one.")]
PgBin = Annotated[Path | None, typer.Option("--pg-bin", envvar="PG_BIN", help="bin folder of your own Postgres 17.")]
Fast = Annotated[bool, typer.Option("--fast", help="No crash safety: for tests and CI, not for data you would miss.")]
Format = Annotated[Output, typer.Option("--output", "-o", help="env prints what `supabase status -o env` prints.")]


@app.callback()
def configure() -> None:
    """Supabase without Docker: real Postgres and one gateway."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


@app.command()
def start(
    project_dir: ProjectDir = None,
    state_dir: StateDir = None,
    api_port: ApiPort = None,
    db_port: DbPort = None,
    pg_bin: PgBin = None,
    fast: Fast = False,
    output: Format = Output.pretty,
) -> None:
    """Start the stack and leave it running; apply what is new in supabase/migrations."""
    stack = _stack(project_dir, state_dir, api_port, db_port, pg_bin, fast=fast)
    _attempt(stack.start)
    _show(_attempt(stack.env), output)


@app.command()
def stop(project_dir: ProjectDir = None, state_dir: StateDir = None, pg_bin: PgBin = None) -> None:
    """Stop the stack; the data stays."""
    _attempt(_stack(project_dir, state_dir, None, None, pg_bin).stop)
    people.print("Stopped. The data stays: `scripts/dev start` brings it back.")


@app.command()
def status(
    project_dir: ProjectDir = None, state_dir: StateDir = None, pg_bin: PgBin = None, output: Format = Output.pretty
) -> None:
    """Print addresses and keys; exit 1 when the stack does not run."""
    _show(_attempt(_stack(project_dir, state_dir, None, None, pg_bin).env), output)


@app.command()
def reset(
    project_dir: ProjectDir = None,
    state_dir: StateDir = None,
    api_port: ApiPort = None,
    db_port: DbPort = None,
    pg_bin: PgBin = None,
    fast: Fast = False,
    output: Format = Output.pretty,
) -> None:
    """Empty the database and build it again from the migrations and the seed."""
    stack = _stack(project_dir, state_dir, api_port, db_port, pg_bin, fast=fast)
    _attempt(stack.reset)
    _show(_attempt(stack.env), output)


@app.command()
def migrate(project_dir: ProjectDir = None, state_dir: StateDir = None, pg_bin: PgBin = None) -> None:
    """Apply the migrations that the running database has not seen."""
    applied = _attempt(_stack(project_dir, state_dir, None, None, pg_bin).migrate)
    names = ", ".join(migration.path.name for migration in applied)
    people.print(f"Applied {names}." if names else "Nothing to apply.")


def _stack(
    project_dir: Path | None,
    state_dir: Path | None,
    api_port: int | None,
    db_port: int | None,
    pg_bin: Path | None,
    *,
    fast: bool = False,
) -> Devstack:
    folder = (project_dir or _nearest_project()).resolve()
    settings = _attempt(lambda: Project(folder)).settings
    config = StackConfig(
        state_dir=(state_dir or paths.checkout_home(folder, settings.project_id or folder.name)).resolve(),
        api_port=settings.api.port if api_port is None else api_port,
        db_port=settings.db.port if db_port is None else db_port,
        durable=not fast,
        project_dir=folder,
        pg_bin=pg_bin,
    )
    return Devstack(config, report=lambda words: people.print(f"[bold]→[/] {words}"))


def _nearest_project() -> Path:
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "supabase").is_dir()), here)


def _attempt(act: Callable[[], Any]) -> Any:
    """Failures that a person can do something about are told in words; all others keep their trace."""
    try:
        return act()
    except EXPECTED as error:
        people.print(f"[bold red]✗[/] {error}", highlight=False, soft_wrap=True)
        raise typer.Exit(code=1) from error


def _show(env: dict[str, str], output: Output) -> None:
    if output is Output.env:
        typer.echo("\n".join(f'{name}="{value}"' for name, value in env.items()))
    elif output is Output.json:
        typer.echo(json.dumps(env, indent=2))
    else:
        width = max(len(name) for name in env)
        typer.echo("\n".join(f"{name:>{width}}: {value}" for name, value in env.items()))
        people.print("It runs until `scripts/dev stop`. The CLI knows it too: `npx supabase migration list`.")
