"""A variant that was rolled back is compared until then, with a control that stops with it: from moments, as from raw rows."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from support.clinic import EPOCH, Clinic, Experiment

CUT = EPOCH + timedelta(days=2)
METRICS: dict[str, dict[str, Any]] = {
    "booked": {"when_absent": "zero"},
    "spend": {"kind": "mean", "when_absent": "zero"},
    "csat": {"kind": "mean"},
    "best": {"kind": "mean", "per_subject": "max"},
}
NUMBERS = (
    "n_control", "n_variant", "mean_control", "mean_variant", "difference", "std_error", "degrees_of_freedom", "p_value",
    "sequential_p_value", "lift", "variance_reduction",
)  # fmt: skip


def lived(experiment: Experiment, prefix: str, start: datetime, draw: random.Random) -> list[dict[str, Any]]:
    """Subjects are exposed; answers what happens to them over a week, before their exposure too."""
    clinic = experiment.clinic
    exposures, outcomes = [], []
    for n in range(60):
        subject, at = f"{prefix}{n}", start + timedelta(hours=draw.random() * 40)
        exposures.append(
            {"experiment_id": experiment.id, "subject": subject, "variant": draw.choice("abc"), "exposed_at": at.isoformat(),
             "source": "flags", "source_event_id": subject, "attributes": {"plan": draw.choice(["pro", "free"])}}
        )  # fmt: skip
        for metric in [*METRICS, "spend", "spend", "visits", "visits"]:
            value = 1.0 if metric in ("booked", "visits") else round(draw.gauss(9, 3), 2)
            when = at + timedelta(hours=draw.uniform(-50, 120))
            outcomes.append(clinic.outcome(metric, value, subject=subject, occurred_at=when.isoformat()))
    assert clinic.owner.rpc("record_exposures", exposures=exposures)["errors"] == []
    return outcomes


def happen(experiment: Experiment, outcomes: list[dict[str, Any]]) -> None:
    """Recorded and counted."""
    assert experiment.clinic.owner.rpc("record_outcomes", outcomes=outcomes)["errors"] == []
    experiment.clinic.world.catch_up()


@pytest.fixture
def stopped(clinic: Clinic) -> Experiment:
    """Half of what happened is known before b is rolled back, the other half comes late; then b comes back."""
    clinic.publish(clinic.version("live"))
    experiment = clinic.experiment(
        {k: clinic.version(k) for k in "abc"}, assigned_by="external", judged=False, segments=["plan"]
    )
    made = {
        key: clinic.metric(key, attribution_window="4 days", **values)["id"]
        for key, values in (METRICS | {"visits": {"kind": "count", "when_absent": "zero"}}).items()
    }
    halves = {"numerator_metric_id": made["spend"], "denominator_metric_id": made["visits"]}
    clinic.metric("pace", "ratio", attribution_window="4 days", **halves)
    roles = [
        {"metric": key, "role": "secondary" if place else "primary"} for place, key in enumerate([*METRICS, "pace"])
    ]
    experiment.edit(metrics=roles)
    experiment.move("activate")
    draw = random.Random(4)
    outcomes = lived(experiment, "s", EPOCH, draw)
    happen(experiment, outcomes[::2])
    clinic.owner.connection.execute("select set_config('upshot.now', %s, false)", [CUT.isoformat()])
    experiment.move("rollback_variant", variant="b")
    happen(experiment, outcomes[1::4])
    clinic.owner.connection.execute(
        "select set_config('upshot.now', %s, false)", [(CUT + timedelta(days=1)).isoformat()]
    )
    experiment.move("restore_variant", variant="b")
    happen(experiment, [*outcomes[3::4], *lived(experiment, "t", CUT + timedelta(days=1), draw)])
    return experiment


def close(told: dict[str, Any], expected: dict[str, Any]) -> None:
    for name in NUMBERS:
        assert told[name] == (expected[name] and pytest.approx(expected[name], rel=1e-9)), (name, told["metric_key"])


def test_moments_say_what_raw_rows_say_also_by_segment_and_cohort(stopped: Experiment):
    clinic, owner = stopped.clinic, stopped.clinic.owner
    assert clinic.world.admin.rows("select * from private.verify(%s)", stopped.id) == []
    rows = {(r["metric_key"], r["variant_key"]): r for r in owner.rows("select * from experiment_effects")}
    raw = owner.rpc("effects_as_of", experiment_id=stopped.id)["effects"]
    assert {(r["metric_key"], r["variant_key"]) for r in raw} == set(rows)
    assert len(rows) == 2 * (len(METRICS) + 1)
    for told in raw:
        close(rows[told["metric_key"], told["variant_key"]], told)
    booked = [rows["booked", key] for key in "bc"]
    assert len({r["n_control"] for r in booked}) == 1
    # The same subjects are the control of both; what they did after the rollback counts against c alone.
    assert booked[0]["mean_control"] < booked[1]["mean_control"]
    segments = owner.rows("select * from segment_effects where dimension = 'attribute:plan' and metric_key = 'booked'")
    for whole in booked:
        parts = [s for s in segments if s["variant_key"] == whole["variant_key"]]
        assert {s["segment"] for s in parts} == {"free", "pro"}
        assert sum(s["n_control"] for s in parts) == whole["n_control"]
    days = {"from_day": EPOCH.date(), "to_day": (EPOCH + timedelta(days=30)).date()}
    for told in owner.rpc("effects_between", experiment_id=stopped.id, **days):
        if told["variance_reduction"] is None:
            close(told, rows[told["metric_key"], told["variant_key"]])


def test_a_rollback_that_no_tick_has_seen_changes_nothing_and_one_before_all_values_leaves_none(stopped: Experiment):
    clinic = stopped.clinic
    asked = "select metric_key, variant_key, n_control, difference from experiment_effects order by 1, 2"
    before = clinic.owner.rows(asked)
    stopped.move("rollback_variant", variant="c")
    assert clinic.owner.rows(asked) == before
    clinic.world.catch_up()
    # Of those who came after, nobody has an answer that counts, while most have a past.
    for told in clinic.owner.rpc("effects_as_of", experiment_id=stopped.id)["effects"]:
        close(clinic.owner.one(
            "select * from experiment_effects where metric_key = %s and variant_key = %s", told["metric_key"], told["variant_key"]
        ), told)  # fmt: skip
    assert clinic.owner.rows(asked) != before
