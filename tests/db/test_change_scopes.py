"""Who may see what changes did, and what is said of a provider's model and of the parts of a version."""

import random
from datetime import timedelta
from typing import Any

import pytest

from support.clinic import EPOCH, Clinic, Experiment, expose, observe


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


@pytest.fixture
def crossed(clinic: Clinic) -> tuple[Clinic, str, dict[str, dict[str, Any]]]:
    """A factorial experiment of model and temperature with outcomes, and the versions of its cells by their arms' keys."""
    first = clinic.version("one", params={"temperature": 0})
    clinic.publish(first)
    metric = clinic.metric("booked", when_absent="zero", attribution_window="1 hour")
    document = {
        "key": "cells", "environment": "production", "capability": "BookAppointment", "base": str(first["id"]),
        "factors": [
            {"key": "model", "kind": "model", "levels": ["smol", "big"]},
            {"key": "heat", "kind": "param", "param": "temperature", "levels": [0, 1]},
        ],
    }  # fmt: skip
    made = clinic.owner.rpc("create_experiment", document=document)
    experiment = Experiment(clinic, str(made["experiment_id"]))
    clinic.put("experiment_metrics", experiment_id=experiment.id, metric_id=metric["id"], role="primary")
    experiment.move("activate")
    rates = {("smol", 0): 5, ("big", 0): 3, ("smol", 1): 4, ("big", 1): 2}
    arms = expose(experiment, [f"u{n}" for n in range(240)])
    cells = clinic.owner.rows(
        "select a.key, v.id, v.model, (v.params ->> 'temperature')::int as heat from variants a join variant_versions r on"
        " r.variant_id = a.id join prompt_versions v on v.id = r.prompt_version_id where a.experiment_id = %s", experiment.id,
    )  # fmt: skip
    calls = [clinic.inference(first, who, started_at=EPOCH.isoformat()) for several in arms.values() for who in several]
    assert clinic.owner.rpc("record_inferences", inferences=calls)["errors"] == []
    for cell in cells:
        bookers = arms[cell["key"]][:: rates[cell["model"], cell["heat"]]]
        observe(experiment, "booked", {who: [1.0] for who in bookers}, EPOCH + timedelta(minutes=5))
    return clinic, experiment.id, {cell["key"]: cell for cell in cells}


def test_a_factorial_experiment_tells_the_parts_of_a_version_apart(crossed):
    clinic, experiment, cells = crossed
    by_level = {(cell["model"], cell["heat"]): cell for cell in cells.values()}
    live = clinic.owner.one("select prompt_version_id as id from live_deployments")["id"]
    both = by_level["big", 1]["id"]
    clinic.publish(by_level["big", 1], expected=live)
    # Back with the model alone: neither of the two is the control.
    clinic.publish(by_level["smol", 1], expected=both)
    # Other words beside: nobody ran that.
    clinic.publish(clinic.version("two", model="big", params={"temperature": 0}), expected=by_level["smol", 1]["id"])
    clinic.world.catch_up()
    rows = clinic.owner.rows(
        "select * from change_effects where kind = 'deployment_published' and metric_key = 'booked' order by occurred_at, field nulls first"
    )
    whole, heat, model, back = rows[:4]
    means = {
        (row["model"], row["heat"]): row["mean"] for row in clinic.owner.rows(
            "select v.model, (v.params ->> 'temperature')::int as heat, coalesce(f.mean_variant, g.mean_control) as mean"
            " from variants a join variant_versions r on r.variant_id = a.id join prompt_versions v on v.id = r.prompt_version_id"
            " left join experiment_effects f on f.variant_id = a.id"
            " left join lateral (select mean_control from experiment_effects where experiment_id = a.experiment_id limit 1) g on a.is_control"
            " where a.experiment_id = %s", experiment)
    }  # fmt: skip
    assert (whole["grade"], whole["field"], whole["method"], str(whole["experiment_id"])) == (
        "A", None, "factorial_contrast", experiment,
    )  # fmt: skip
    assert (whole["fields_changed"], whole["fields_separable"]) == (["model", "params.temperature"], True)
    assert whole["difference"] == pytest.approx(means["big", 1] - means["smol", 0], rel=1e-12)
    # Shapley of two by hand: half of what each added alone, half of what it added to the other.
    assert (heat["field"], model["field"]) == ("heat", "model")
    assert model["difference"] == pytest.approx(
        (means["big", 0] - means["smol", 0] + means["big", 1] - means["smol", 1]) / 2, rel=1e-12
    )
    assert heat["difference"] + model["difference"] == pytest.approx(whole["difference"], rel=1e-15)
    assert {heat["grade"], model["grade"]} == {"A"}
    assert {heat["method"], model["method"]} == {"shapley"}
    assert "order" in model["assumption"]
    assert "every combination" in whole["assumption"]
    assert (back["field"], back["method"], back["fields_changed"]) == (None, "factorial_contrast", ["model"])
    assert back["difference"] == pytest.approx(means["smol", 1] - means["big", 1], rel=1e-12)
    other = clinic.owner.rows("select * from change_effects order by occurred_at")[-1]
    assert (other["fields_changed"], other["fields_separable"], other["grade"]) == (
        ["messages", "model", "params.temperature"], False, None,
    )  # fmt: skip
