"""Who may see what changes did, and what is said of a provider's model and of the parts of a version."""

import random
from datetime import timedelta
from typing import Any

import pytest

from support.clinic import EPOCH, Clinic


def at(clinic: Clinic, day: float) -> None:
    """From now on it is that day."""
    for actor in (clinic.owner, clinic.world.admin):
        actor.rows("select set_config('upshot.now', %s, false)", (EPOCH + timedelta(days=day)).isoformat())


@pytest.fixture
def models(clinic: Clinic) -> Clinic:
    """Two models answer; on day 30 the provider swaps one of them for a worse one."""
    draw = random.Random(8)
    at(clinic, 0)
    clinic.metric("solved", when_absent="zero", attribution_window="1 hour")
    version = clinic.version("v")
    clinic.publish(version)
    calls, outcomes = [], []
    for day in range(1, 44):
        for model, rate in (("smol", 0.7 if day < 30 else 0.5), ("large", 0.7)):
            for k in range(30):
                who, moment = f"{model}{day}-{k}", (EPOCH + timedelta(days=day, minutes=k)).isoformat()
                resolved = f"{model}-{1 + (model == 'smol' and day >= 30)}"
                calls.append(
                    clinic.inference(version, who, started_at=moment, requested_model=model, resolved_model=resolved)
                )
                if k < round(30 * rate) + draw.choice([-1, 0, 1]):
                    outcomes.append(clinic.outcome("solved", 1, subject=who, occurred_at=moment))
    for kind, rows in (("inferences", calls), ("outcomes", outcomes)):
        assert clinic.owner.rpc(f"record_{kind}", **{kind: rows})["errors"] == []
    at(clinic, 45)
    clinic.world.catch_up()
    return clinic


def test_a_provider_that_swaps_a_model_is_found_out_beside_the_others(models: Clinic):
    (row,) = models.owner.rows("select * from change_effects where kind = 'provider_model_changed'")
    assert (row["occurred_at"], row["model"]) == (EPOCH + timedelta(days=30), "smol")
    assert (row["grade"], row["compared_with"], row["verdict"]) == ("B", "models", "worse")
    assert row["ci_low"] < -0.2 < row["ci_high"]
    assert "other models" in row["assumption"]
    parts = models.owner.rpc(
        "outcome_waterfall",
        metric="solved",
        from_a="2026-01-15",
        to_a="2026-01-29",
        from_b="2026-02-01",
        to_b="2026-02-13",
    )
    (change,) = [part for part in parts if part["part"] == "change"]
    assert (float(change["reach"]), change["change_ids"]) == (0.5, [row["change_id"]])
    only: dict[str, Any] = {"from_a": "2026-01-15", "to_a": "2026-01-29", "from_b": "2026-02-01", "to_b": "2026-02-13"}
    untouched = models.owner.rpc("outcome_waterfall", metric="solved", model="large-1", **only)
    assert [part for part in untouched if part["part"] == "change"] == []


def test_a_key_of_another_environment_sees_none_of_it(models: Clinic):
    make = models.world.api_key
    here = make(models.owner, models.workspace_id, ["workspace.read"], environments=["production"])
    there = make(models.owner, models.workspace_id, ["workspace.read"], environments=["staging"])
    query = "select change_id from change_effects where metric_key = 'solved'"
    assert len(here.rows(query)) == 2
    assert there.rows(query) == []
    period = {
        "metric": "solved",
        "from_a": "2026-01-15",
        "to_a": "2026-01-29",
        "from_b": "2026-02-01",
        "to_b": "2026-02-13",
    }
    assert [part["contribution"] for part in there.rpc("outcome_waterfall", **period)] == [None]
    assert {point["value"] for point in there.rpc("metric_series", metric="solved")} == {None}
    assert there.rpc("trace_of", subject="smol3-1") == []
    assert [row["kind"] for row in here.rpc("trace_of", subject="smol3-1")] == ["inference", "outcome"]


def test_a_factorial_experiment_tells_the_parts_of_a_version_apart(clinic: Clinic):
    first = clinic.version("one")
    clinic.publish(first)
    document = {
        "key": "cells", "environment": "production", "capability": "BookAppointment", "base": str(first["id"]),
        "factors": [
            {"key": "model", "kind": "model", "levels": ["smol", "big"]},
            {"key": "heat", "kind": "param", "param": "temperature", "levels": [0, 1]},
        ],
    }  # fmt: skip
    made = clinic.owner.rpc("create_experiment", document=document)
    experiment = made["experiment_id"]
    clinic.put("experiment_metrics", experiment_id=experiment, metric_id=clinic.goal(), role="primary")
    revision = clinic.owner.one("select revision from experiments where id = %s", experiment)["revision"]
    clinic.owner.rpc("activate", experiment_id=experiment, expected_revision=revision)
    clinic.publish(clinic.version("one", model="big", params={"temperature": 1}), expected=first["id"])
    clinic.publish(clinic.version("two", model="big", params={"temperature": 1}), intent="CancelMeeting")
    clinic.world.catch_up()
    rows = clinic.owner.rows(
        "select distinct occurred_at, fields_changed, fields_separable, fields_experiment_id from change_effects"
        " where kind = 'deployment_published' order by occurred_at"
    )
    assert [
        (row["fields_changed"], row["fields_separable"], str(row["fields_experiment_id"])) for row in rows[1:2]
    ] == [(["model", "params.temperature"], True, str(experiment))]
