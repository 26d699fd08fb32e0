"""One experiment of the demo: opened or taken up again, its customers, its end."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from upshot.demo.api import Row, Workspace
from upshot.demo.catalog import CAPABILITY
from upshot.demo.dataset import Labelled
from upshot.demo.plan import METRICS, Arm

ENVIRONMENT = "production"
PREFIX = "routing"
_SPACE = uuid.UUID("6f1d2a52-6a0f-4f0e-9d0c-3b6a4c8c5f11")


@dataclass(frozen=True)
class Experiment:
    """An experiment that runs. ``number`` counts the demo's experiments in the workspace from 1."""

    id: str
    key: str
    number: int
    is_new: bool

    def subject(self, request: Labelled) -> str:
        """Who wrote the request. Each experiment has its own customers, so that none is counted in two of them."""
        return f"customer-{self.number}-{request.row:04d}"

    def inference_id(self, request: Labelled) -> str:
        """The same request of the same experiment always has the same id: sent twice, it is recorded once."""
        return str(uuid.uuid5(_SPACE, f"{self.id} {request.row} {request.text}"))


async def open_experiment(
    workspace: Workspace,
    capability_id: str,
    arms: Sequence[Arm],
    versions: Mapping[str, str],
    metrics: Mapping[str, str],
) -> Experiment:
    """Take up the one that was interrupted, or archive what is finished and start the next."""
    rows = await workspace.rows("experiments", capability_id=capability_id)
    unfinished = [row for row in rows if row["state"] != "archived"]
    kept: Experiment | None = None
    for row in unfinished:
        if kept is None and await _goes_on(workspace, row, versions):
            kept = _experiment(row, is_new=False)
        else:
            await workspace.call("archive", experiment_id=row["id"], expected_revision=row["revision"])
    number = 1 + max((_number(row) for row in rows), default=0)
    return kept or await _start(workspace, capability_id, number, arms, versions, metrics)


async def answered(workspace: Workspace, experiment: Experiment) -> set[str]:
    """The ids of the calls that are recorded."""
    rows = await workspace.rows("inferences", columns="id", experiment_id=experiment.id)
    return {str(row["id"]) for row in rows}


async def roll_back(workspace: Workspace, experiment: Experiment, variant: str, reason: str) -> Row:
    """Stop one arm at once."""
    (row,) = await workspace.rows("experiments", id=experiment.id)
    return await workspace.call(
        "rollback_variant",
        experiment_id=experiment.id,
        variant=variant,
        expected_revision=row["revision"],
        reason=reason,
    )


async def decide(workspace: Workspace, subject: str) -> Row:
    """What to run for this customer."""
    return await workspace.call("decide", environment=ENVIRONMENT, capability=CAPABILITY, subject=subject)


async def _goes_on(workspace: Workspace, row: Row, versions: Mapping[str, str]) -> bool:
    """True for an active experiment over the same versions that nobody has ended by a rollback."""
    arms = await workspace.rows("variants", experiment_id=row["id"])
    runs = {}
    for arm in arms:
        runs[arm["key"]] = [
            r["prompt_version_id"] for r in await workspace.rows("variant_versions", variant_id=arm["id"])
        ]
    wanted = {key: [version] for key, version in versions.items()}
    return row["state"] == "active" and runs == wanted and not any(arm["rolled_back_at"] for arm in arms)


async def _start(
    workspace: Workspace,
    capability_id: str,
    number: int,
    arms: Sequence[Arm],
    versions: Mapping[str, str],
    metrics: Mapping[str, str],
) -> Experiment:
    row = await _draft(workspace, capability_id, number)
    await _add_arms(workspace, row["id"], arms, versions)
    roles = {metric.key: metric.role for metric in METRICS}
    await workspace.add(
        "experiment_metrics",
        [{"experiment_id": row["id"], "metric_id": metrics[key], "role": role} for key, role in roles.items()],
    )
    (row,) = await workspace.rows("experiments", id=row["id"])
    await workspace.call("activate", experiment_id=row["id"], expected_revision=row["revision"])
    return _experiment(row, is_new=True)


async def _draft(workspace: Workspace, capability_id: str, number: int) -> Row:
    return await workspace.ensure(
        "experiments",
        {
            "key": f"{PREFIX}-{number}",
            "name": f"Which prompt routes requests best? (run {number})",
            "hypothesis": "Examples that mean nearly the same help a small model more than a warmer temperature does.",
            "environment_id": workspace.environments[ENVIRONMENT],
            "capability_id": capability_id,
        },
    )


async def _add_arms(workspace: Workspace, experiment_id: str, arms: Sequence[Arm], versions: Mapping[str, str]) -> None:
    await workspace.add(
        "variants",
        [
            {
                "experiment_id": experiment_id,
                "key": arm.key,
                "name": arm.name,
                "weight": 1,
                "is_control": arm.is_control,
            }
            for arm in arms
        ],
    )
    made = await workspace.rows("variants", experiment_id=experiment_id)
    await workspace.add(
        "variant_versions",
        [{"variant_id": row["id"], "prompt_version_id": versions[row["key"]]} for row in made],
    )


def _experiment(row: Row, *, is_new: bool) -> Experiment:
    return Experiment(str(row["id"]), row["key"], _number(row), is_new)


def _number(row: Row) -> int:
    last = str(row["key"]).removeprefix(f"{PREFIX}-")
    return int(last) if last.isdecimal() else 0
