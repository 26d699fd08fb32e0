"""A workspace with everything that the core must get right, and what an engine makes of its exported files."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from support.clinic import EPOCH, Clinic, Experiment, open_clinic
from support.world import world_of
from upshot.adapters import parquet_export

METRICS: dict[str, dict[str, Any]] = {
    "booked": {"kind": "proportion", "when_absent": "zero"},
    "revenue": {"kind": "mean", "when_absent": "zero", "attribution_window": "3 days"},
    "csat": {"kind": "mean"},
    "best": {"kind": "mean", "per_subject": "max"},
    "visits": {"kind": "count", "when_absent": "zero"},
}


@dataclass(frozen=True)
class Exported:
    """An experiment, and the folder that its files are in."""

    experiment: Experiment
    folder: Path


@pytest.fixture(scope="module")
def exported(cluster_templates: Any, project: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exported]:
    """One history for the module: late, early, doubled, of bots, of switchers, before and after its windows."""
    database = cluster_templates.clone(cluster_templates.project(project))
    with world_of(database) as world:
        experiment = _experiment(open_clinic(world))
        _live(experiment, random.Random(7))
        folder = tmp_path_factory.mktemp("warehouse")
        written = dict(parquet_export.export(database.url("postgres"), folder))
        assert written["outcomes"] > 500
        assert written["core_events"] >= written["outcomes"]
        yield Exported(experiment, folder)
    cluster_templates.drop(database)


def _experiment(clinic: Clinic) -> Experiment:
    made = {key: clinic.metric(key, **values) for key, values in METRICS.items()}
    ratio = clinic.metric(
        "value_per_visit",
        "ratio",
        numerator_metric_id=made["revenue"]["id"],
        denominator_metric_id=made["visits"]["id"],
    )
    experiment = clinic.experiment({"a": None, "b": None, "c": None}, assigned_by="external")
    for metric in (*made.values(), ratio):
        experiment.counts(metric)
    experiment.move("activate")
    return experiment


def _live(experiment: Experiment, draw: random.Random) -> None:
    clinic, exposures, outcomes = experiment.clinic, [], []
    for n in range(240):
        subject, arm, first = f"s{n}", draw.choice("abc"), EPOCH + timedelta(minutes=draw.randint(0, 9000))
        for k in range(draw.randint(1, 2)):
            other = draw.choice("abc") if k and draw.random() < 0.1 else arm
            exposures.append(
                _exposure(experiment, subject, other, first + timedelta(hours=k), bot=draw.random() < 0.03)
            )
        for metric in METRICS:
            for _ in range(draw.choice((0, 0, 1, 2))):
                at = first + timedelta(seconds=draw.choice((0, -1, draw.randint(-300_000, 900_000))))
                value = draw.random() < 0.4 if metric == "booked" else round(draw.gauss(8 + "abc".index(arm), 4), 3)
                outcomes.append(clinic.outcome(metric, value, subject=subject, occurred_at=at.isoformat()))
    clinic.owner.rpc("record_outcomes", outcomes=[*outcomes, *outcomes[:30]])
    clinic.owner.rpc("record_exposures", exposures=exposures)


def _exposure(experiment: Experiment, subject: str, arm: str, at: Any, *, bot: bool) -> dict[str, Any]:
    return {
        "experiment_id": experiment.id, "subject": subject, "variant": arm, "exposed_at": at.isoformat(),
        "source": "other", "source_event_id": f"{subject}-{arm}-{at.isoformat()}", "attributes": {"bot": True} if bot else {},
    }  # fmt: skip
