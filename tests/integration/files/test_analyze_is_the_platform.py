"""The same rows by the public ingest road and by upshot analyze: one answer."""

import csv
import json
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from support.clinic import EPOCH, Clinic, Experiment, open_clinic
from support.world import world_of
from upshot.cli import app

COLUMNS = ("who", "arm", "revenue", "revenue_before", "booked")
ABSENT = {"metric", "kind", "role", "variant", "sentence", "lift_reason", "detectable_difference"}
"""What only the command says, or says in its own words."""


@pytest.fixture
def clinic(db: Any) -> Iterator[Clinic]:
    with world_of(db) as world:
        yield open_clinic(world)


def customers() -> list[tuple[Any, ...]]:
    """Three arms; revenue goes with revenue before; booked is rarer where it is not offered."""
    draw, rows = random.Random(11), []
    for n in range(360):
        arm, before = "abc"[n % 3], round(draw.gammavariate(2, 20), 2)
        revenue = round(before * 0.9 + draw.gauss(10, 3) + (4 if arm == "c" else 0), 2)
        rows.append((f"u{n}", arm, revenue, before, int(draw.random() < (0.3 if arm == "a" else 0.5))))
    return rows


def shown_by_platform(clinic: Clinic, rows: list[tuple[Any, ...]]) -> dict[tuple[str, str], dict[str, Any]]:
    """Exposures and outcomes in by record_exposures and record_outcomes, the rows of experiment_effects out."""
    clinic.publish(clinic.version("live"))
    experiment = clinic.experiment({key: clinic.version(key) for key in "abc"}, assigned_by="external", judged=False)
    experiment.counts(clinic.metric("revenue", "mean", attribution_window="2 days"), role="primary")
    experiment.counts(clinic.metric("booked", "proportion", when_absent="zero", attribution_window="2 days"))
    experiment.move("activate")
    record(experiment, rows)
    clinic.world.catch_up()
    found = clinic.owner.rows("select * from experiment_effects where experiment_id = %s", experiment.id)
    return {(row["metric_key"], row["variant_key"]): row for row in found}


def record(experiment: Experiment, rows: list[tuple[Any, ...]]) -> None:
    clinic, later = experiment.clinic, {"occurred_at": (EPOCH + timedelta(hours=1)).isoformat()}
    earlier = {"occurred_at": (EPOCH - timedelta(days=1)).isoformat()}
    exposures = [
        {"experiment_id": experiment.id, "subject": who, "variant": arm, "exposed_at": EPOCH.isoformat(),
         "source": "file", "source_event_id": who} for who, arm, *_ in rows
    ]  # fmt: skip
    outcomes = [clinic.outcome("revenue", value, subject=who, **later) for who, _, value, _, _ in rows]
    outcomes += [clinic.outcome("revenue", value, subject=who, **earlier) for who, _, _, value, _ in rows]
    outcomes += [clinic.outcome("booked", bool(value), subject=who, **later) for who, *_, value in rows]
    assert clinic.owner.rpc("record_exposures", exposures=exposures)["errors"] == []
    assert clinic.owner.rpc("record_outcomes", outcomes=outcomes)["errors"] == []


def shown_by_command(rows: list[tuple[Any, ...]], file: Path) -> dict[tuple[str, str], dict[str, Any]]:
    with file.open("w", newline="") as out:
        csv.writer(out).writerows([COLUMNS, *rows])
    asked = [
        "analyze",
        str(file),
        "--unit",
        "who",
        "--variant",
        "arm",
        "--control",
        "a",
        "--metric",
        "revenue",
        "--json",
    ]
    documents = [
        json.loads(CliRunner().invoke(app, [*asked, *more]).output)
        for more in (["--covariate", "revenue_before"], ["--metric", "booked"])
    ]
    effects = [e for document in documents for e in document["effects"]]
    return {(e["metric"], e["variant"]): e for e in reversed(effects)}


def test_a_file_has_the_answer_of_the_platform(clinic: Clinic, tmp_path: Path):
    rows = customers()
    platform, command = shown_by_platform(clinic, rows), shown_by_command(rows, tmp_path / "customers.csv")
    assert set(command) == set(platform) == {(m, v) for m in ("revenue", "booked") for v in "bc"}
    assert platform["revenue", "c"]["method"] == "cuped_welch_t"
    for key, said in command.items():
        for name in said.keys() - ABSENT:
            meant = platform[key][name]
            same = pytest.approx(meant, rel=1e-12, abs=1e-15) if isinstance(meant, float) else meant
            assert said[name] == same, (key, name)
