"""`python -m upshot.demo`: the demo against the project that API_URL, PUBLISHABLE_KEY and SECRET_KEY name."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from upshot.demo import dashboard, dataset, run
from upshot.demo.api import Project, explain
from upshot.demo.errors import DemoError
from upshot.domain.errors import UpshotError

NARROW = 100
INTERRUPTED = 130


def main(
    data: Annotated[Path, typer.Option(help="CSV of labelled requests: columns text and intent.")] = dataset.DEFAULT,
    limit: Annotated[int, typer.Option(min=1, help="At most so many requests.")] = 300,
    seconds: Annotated[float, typer.Option(min=1, help="Stop sending requests after so many seconds.")] = 125,
    dashboard_dist: Annotated[
        Path | None, typer.Option(help="The built dashboard; it is served beside the API.")
    ] = None,
) -> None:
    """Run a real experiment on labelled requests with the local model, and tell what moved the outcome."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else NARROW)
    url = os.environ.get("API_URL", "")
    try:
        project = _project(url)
        _tell(console, project, data, limit, seconds, dashboard_dist)
    except KeyboardInterrupt:
        run.stopped_early(console)
        raise typer.Exit(INTERRUPTED) from None
    except (DemoError, UpshotError) as error:
        raise _failed(error) from error
    except Exception as error:
        told = explain(error, url)
        if told is None:
            raise
        raise _failed(told) from error


def _tell(console: Console, project: Project, data: Path, limit: int, seconds: float, dist: Path | None) -> None:
    chosen = dataset.read(data)
    address, served = dashboard.find_address(project) if dist else (None, True)
    planned = min(limit, len(chosen.requests))
    console.print(
        f"\n[bold]Which prompt routes requests best?[/]\n"
        f"  {planned} customer requests, {len(chosen.labels)} places they may belong, three prompt versions, "
        "one small language model on this machine.\n"
    )
    if dist and address and not served:
        dashboard.launch(project, dist, address)
    outcome = asyncio.run(run.run(project, run.Wish(chosen, limit, seconds), console))
    _show_next(console, outcome, address)


def _show_next(console: Console, outcome: run.Outcome, address: str | None) -> None:
    if address:
        link = f"{address}/sign-in?next={outcome.page}#token_hash={outcome.sign_in_token}&type=magiclink"
        console.print("\n[bold]Open[/]")
        console.print(f"  {link}", soft_wrap=True)
        console.print("  The same answer, live; the link signs you in once. Later:")
        console.print(f"  {address}  {outcome.account.email}  password {outcome.account.password}", soft_wrap=True)
    console.print("\n[bold]Type[/]")
    console.print("  scripts/demo                    the next experiment, with other customers; what is there stays")
    console.print("  scripts/demo --data FILE.csv    your own labelled requests (columns text and intent)")
    console.print("  scripts/dev status              addresses and keys;  scripts/dev stop  ends it all, data stays")


def _project(url: str) -> Project:
    names = ("API_URL", "PUBLISHABLE_KEY", "SECRET_KEY")
    if missing := [name for name in names if not os.environ.get(name)]:
        raise DemoError(f"{', '.join(missing)} must be set. scripts/demo does it; by hand: scripts/dev status -o env")
    return Project(url.rstrip("/"), os.environ["PUBLISHABLE_KEY"], os.environ["SECRET_KEY"])


def _failed(error: Exception) -> typer.Exit:
    Console(stderr=True, highlight=False).print(f"[bold red]✗[/] {error}", soft_wrap=True)
    return typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
