"""Commands: ``upshot worker`` does the work, ``upshot doctor`` says what would keep it from doing so; ``upshot analyze``
and ``upshot import`` are for a person with a file.
"""

import asyncio
import signal
from typing import Annotated, NoReturn

import typer

from upshot import doctor as checks
from upshot import logs, settings, wiring
from upshot.commands.analyze import analyze
from upshot.commands.imports import import_file, undo_import
from upshot.commands.warehouse import app as warehouse
from upshot.domain.errors import ConfigurationError, UpshotError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Upshot's workers, and tools for a file of outcomes.",
)
app.command()(analyze)
app.command("import")(import_file)
app.command("undo-import")(undo_import)
app.add_typer(warehouse, name="warehouse")


@app.command()
def worker(
    once: Annotated[bool, typer.Option("--once", help="Work until the queue is empty, then stop.")] = False,
) -> None:
    """Claim jobs and do them until SIGTERM or Ctrl-C; running jobs are finished or given back first."""
    # What is raised inside `except*` leaves it in a group, on some versions of Python: the exit has to stand outside.
    refused: BaseException | None = None
    try:
        asyncio.run(_work(_settings(), once=once))
    except* UpshotError as group:
        refused = _first(group)
    if refused:
        _exit(refused, 1)


@app.command()
def doctor() -> None:
    """Check the environment, the database's worker functions, Realtime and the local model."""
    config = _settings()
    logs.configure(config.model_copy(update={"log_level": "error"}))
    findings = asyncio.run(checks.examine(config))
    for finding in findings:
        typer.echo(f"{finding.mark} {finding.what}: {finding.detail}")
    raise typer.Exit(1 if any(finding.mark == checks.FAILED for finding in findings) else 0)


def _settings() -> settings.Settings:
    try:
        return settings.read()
    except ConfigurationError as error:
        _exit(error, 2)


def _first(error: BaseException) -> BaseException:
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error


def _exit(error: BaseException, code: int) -> NoReturn:
    typer.echo(str(error), err=True)
    raise typer.Exit(code) from error


async def _work(config: settings.Settings, *, once: bool) -> None:
    logs.configure(config)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with wiring.worker(config) as composed:
        await composed.run(stop, until_empty=once)
