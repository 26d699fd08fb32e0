"""The demo from end to end, told step by step."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from upshot.adapters.embedder import LocalEmbedder
from upshot.adapters.local import MODEL, LocalProvider
from upshot.demo import catalog, experiments, report, words
from upshot.demo.api import (
    Account,
    Project,
    Row,
    Workspace,
    account_of,
    count_everything,
    make_account,
    one_time_token,
    signed_in,
)
from upshot.demo.dataset import Dataset, Labelled
from upshot.demo.examples import ExampleIndex
from upshot.demo.experiments import ENVIRONMENT, Experiment, decide
from upshot.demo.plan import arms
from upshot.demo.traffic import Sent, Tools, Traffic

EMAIL = "demo@upshot.example"
MOST_LANES = 4


@dataclass(frozen=True)
class Wish:
    """What a person asked for."""

    dataset: Dataset
    limit: int
    seconds: float


@dataclass(frozen=True)
class Outcome:
    """What came of it. ``page`` is where the dashboard shows it; the token signs in once."""

    workspace_id: str
    experiment: Experiment
    account: Account
    sign_in_token: str
    page: str
    sent: Sent
    effects: list[Row]
    arms: list[Row]
    health: Row
    stopped: str | None


async def run(project: Project, wish: Wish, console: Console) -> Outcome:
    """Lay out, send traffic, read the answer, roll back the loser, prove it."""
    account = account_of(project, EMAIL)
    with _step(console, "Signing in"):
        await make_account(project, account)
    async with signed_in(project, account) as client:
        slug = workspace_slug(wish.dataset)
        workspace = await Workspace.create(client, _title(wish.dataset), slug)
        experiment, sent = await _experiment(console, workspace, wish)
        with _step(console, "Reading the answer"):
            await count_everything(project)
            effects, found, health = await read_answer(workspace, experiment)
        console.print(report.answer(effects, found, health))
        stopped = await _stop_loser(console, workspace, experiment, effects)
        await _show_ledger(console, workspace, experiment)
    token = await one_time_token(project, account.email)
    page = f"/w/{slug}/experiments/{experiment.key}"
    return Outcome(workspace.id, experiment, account, token, page, sent, effects, found, health, stopped)


async def _experiment(console: Console, workspace: Workspace, wish: Wish) -> tuple[Experiment, Sent]:
    async with _model() as (provider, embedder, lanes):
        with _step(console, f"Embedding {len(wish.dataset.examples)} example phrases, writing three prompt versions"):
            examples = await catalog.lay_out_examples(workspace, wish.dataset, embedder)
            experiment = await _open(workspace, wish.dataset)
        tools = Tools(provider, embedder, ExampleIndex(examples))
        traffic = Traffic(workspace, experiment, tools, lanes=lanes, seconds=wish.seconds)
        return experiment, await _send(console, workspace, experiment, traffic, wish)


def workspace_slug(dataset: Dataset) -> str:
    """Each data set has a workspace of its own: labels of two files do not mix."""
    return f"demo-{dataset.name}"[:63].rstrip("-")


async def read_answer(workspace: Workspace, experiment: Experiment) -> tuple[list[Row], list[Row], Row]:
    """Effects (the primary outcome first), arms and health of the experiment."""
    effects = await workspace.rows("experiment_effects", order="variant_key", experiment_id=experiment.id)
    found = await workspace.rows("experiment_arms", order="variant_key", experiment_id=experiment.id)
    (health,) = await workspace.rows("experiment_health", order="experiment_id", experiment_id=experiment.id)
    effects.sort(key=lambda effect: effect["metric_role"] != "primary")
    return effects, found, health


async def _open(workspace: Workspace, dataset: Dataset) -> Experiment:
    plan = arms(dataset.labels, provider=LocalProvider.name, model=MODEL)
    metrics = await catalog.lay_out_metrics(workspace)
    capability_id = await catalog.lay_out_capability(workspace)
    versions = await catalog.lay_out_versions(workspace, capability_id, plan)
    control = next(arm.key for arm in plan if arm.is_control)
    await catalog.publish_control(workspace, ENVIRONMENT, versions[control])
    return await experiments.open_experiment(workspace, capability_id, plan, versions, metrics)


async def _send(console: Console, workspace: Workspace, experiment: Experiment, traffic: Traffic, wish: Wish) -> Sent:
    planned = wish.dataset.requests[: wish.limit]
    known = set() if experiment.is_new else await experiments.answered(workspace, experiment)
    waiting = [request for request in planned if experiment.inference_id(request) not in known]
    if not experiment.is_new:
        console.print(
            f"  Going on with [bold]{experiment.key}[/]: {len(planned) - len(waiting)} of {len(planned)} are answered."
        )
    sent = await _with_bar(console, traffic, waiting)
    if sent.left:
        console.print(
            f"  Time is up after {wish.seconds:.0f} s: {sent.left} requests were not sent, so nobody was assigned for them. "
            "More time: --seconds"
        )
    if sent.failed:
        console.print(f"  {sent.failed} calls failed; they count as not routed.")
    return sent


async def _with_bar(console: Console, traffic: Traffic, waiting: list[Labelled]) -> Sent:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Routing requests with the local model", total=len(waiting))
        return await traffic.send(waiting, lambda: progress.advance(task))


async def _stop_loser(console: Console, workspace: Workspace, experiment: Experiment, effects: list[Row]) -> str | None:
    """Roll back the arm that helps least, and show what one of its customers gets before and after."""
    loser = words.loser(effects)
    if loser is None:
        better = any(words.standing(effect) == "better" for effect in effects)
        said = "every change helps" if better else "too few customers have been counted"
        console.print(f"\n  Nothing to roll back: {said}.")
        return None
    seen = await workspace.rows("assignments", experiment_id=experiment.id, variant_id=loser["variant_id"])
    if not seen:
        return None
    subject = seen[0]["subject"]
    before = await decide(workspace, subject)
    reason = words.why(loser)
    await experiments.roll_back(workspace, experiment, loser["variant_key"], reason)
    after = await decide(workspace, subject)
    console.print(f"\n  [bold]Rolled back {loser['variant_name']}[/]. {reason}")
    console.print(f"  The next decide for {subject}: {_decided(before)} before, {_decided(after)} now.")
    return str(loser["variant_key"])


async def _show_ledger(console: Console, workspace: Workspace, experiment: Experiment) -> None:
    rows = await workspace.rows("changes", experiment_id=experiment.id)
    console.print("\n  [bold]The ledger has[/]")
    for row in rows[-5:]:
        console.print(Padding(Text(f"{row['occurred_at'][11:19]}  {row['summary']}"), (0, 2), expand=False))


def _decided(decision: Row) -> str:
    version = decision["version"]
    return f"version {version['number']} ({version['content_hash'][:8]})"


def _title(dataset: Dataset) -> str:
    return f"Demo: {dataset.name.replace('-', ' ')}"


@asynccontextmanager
async def _model() -> AsyncIterator[tuple[LocalProvider, LocalEmbedder, int]]:
    lanes = max(1, min(MOST_LANES, os.cpu_count() or 1))
    async with LocalProvider(slots=lanes) as provider:
        yield provider, LocalEmbedder(), lanes


@contextmanager
def _step(console: Console, words_: str) -> Iterator[None]:
    with console.status(words_):
        yield
    console.print(f"  [green]✓[/] {words_}")


def stopped_early(console: Console) -> None:
    """What a person who stopped the demo needs to know."""
    console.print("\nStopped. What was answered is recorded; the next run goes on from here.")
