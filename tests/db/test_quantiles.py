"""Quantile metrics: the p of a latency, call by call, with the error that its clusters make."""

import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from support.clinic import EPOCH, Clinic, Experiment


def at(n: float) -> str:
    return (EPOCH + timedelta(hours=n)).isoformat()


def slow(clinic: Clinic, **values: Any) -> Experiment:
    """An experiment whose guardrail is the p90 of latency, with subjects who call many times."""
    clinic.version("x")
    experiment = clinic.experiment({"a": None, "b": None}, judged=False, assigned_by="external")
    clinic.metric("booked")
    clinic.metric(
        "p90",
        "quantile",
        quantile=0.9,
        source="latency_ms",
        direction="decrease",
        attribution_window="2 days",
        **values,
    )
    experiment.edit(
        metrics=[{"metric": "booked", "role": "primary"}, {"metric": "p90", "role": "guardrail", "margin": 30}]
    )
    experiment.move("activate")
    return experiment


def calls(experiment: Experiment, subjects: int = 160) -> dict[str, list[tuple[str, float]]]:
    """What each arm's calls took, by subject: slow subjects are slow in all of theirs."""
    clinic, draw = experiment.clinic, random.Random(11)
    version = clinic.owner.one("select id from prompt_versions where workspace_id = %s limit 1", clinic.workspace_id)
    shown, rows = [], []
    took: dict[str, list[tuple[str, float]]] = {"a": [], "b": []}
    for n in range(subjects):
        who, arm, taste = f"s{n}", "ab"[n % 2], draw.gammavariate(4, 30)
        shown.append({"experiment_id": experiment.id, "variant": arm, "subject": who, "source": "f", "exposed_at": at(0),
            "source_event_id": who, "intent": draw.choice(["ScheduleMeeting", "CancelMeeting"])})  # fmt: skip
        for hour in [-3, *(draw.uniform(0.1, 40) for _ in range(draw.randint(1, 9))), 60]:
            latency = round(taste + draw.expovariate(1 / 40) + (40 if arm == "b" else 0), 3)
            call = clinic.inference(
                version,
                who,
                started_at=at(hour),
                latency_ms=latency,
                id=str(uuid.UUID(int=draw.getrandbits(128), version=4)),
            )
            rows.append(call)
            if 0 <= hour < 48:
                took[arm].append((who, latency))
    assert clinic.owner.rpc("record_exposures", exposures=shown)["errors"] == []
    assert clinic.owner.rpc("record_inferences", inferences=rows)["errors"] == []
    return took


CONTRAST = """
select c.* from (select stats.quantile_readout(%s::float8[], 0.9, %s::text[]) as a, stats.quantile_readout(%s::float8[], 0.9, %s::text[]) as b) r
cross join lateral stats.contrast(stats.readout_of(80, (r.a).value, (r.a).variance), stats.readout_of(80, (r.b).value, (r.b).variance)) c
"""


def test_a_quantile_of_calls_is_exact_clustered_by_subject_and_guards(clinic: Clinic):
    experiment = slow(clinic)
    took = calls(experiment)
    clinic.world.catch_up()
    assert experiment.effect("p90", "b")["reason_code"] == "not_computed_yet"
    clinic.world.catch_up_slices()
    row = experiment.effect("p90", "b")
    columns = [column for arm in "ab" for column in zip(*((v, who) for who, v in took[arm]), strict=True)]
    said = clinic.world.admin.one(CONTRAST, *(list(column) for column in columns))
    assert (row["n_control"], row["n_variant"], row["method"]) == (80, 80, "quantile_ranks")
    for name in ("mean_control", "mean_variant", "difference", "std_error", "degrees_of_freedom", "ci_low", "p_value"):
        assert row[name] == pytest.approx(said[name], rel=1e-12), name
    # Rows that are clusters are not that many customers.
    iid = clinic.world.admin.one(CONTRAST, columns[0] and list(columns[0]), None, list(columns[2]), None)
    assert row["std_error"] > 1.2 * iid["std_error"]
    (guard,) = clinic.owner.rows("select * from guardrail_status where metric_key = 'p90'")
    assert (guard["status"], guard["harm"]) == ("inconclusive", row["difference"])
    raw = clinic.owner.rpc("effects_as_of", experiment_id=experiment.id)["effects"]
    (kept,) = (e for e in raw if e["metric_key"] == "p90")
    for name in ("difference", "std_error", "degrees_of_freedom", "sequential_p_value"):
        assert kept[name] == pytest.approx(row[name], rel=1e-9), name
    segments = clinic.owner.rows("select * from segment_effects where metric_key = 'p90' and reason_code is null")
    assert sum(s["n_control"] for s in segments) == 80

    # Somebody whose window is open takes nothing away from what those say whose window is closed.
    newcomers = [
        {"experiment_id": experiment.id, "variant": "ab"[n % 2], "subject": f"new{n}", "source": "f",
         "source_event_id": f"new{n}", "exposed_at": (datetime.now(UTC) - timedelta(hours=1)).isoformat()}
        for n in range(10)
    ]  # fmt: skip
    version = clinic.owner.one("select id from prompt_versions where workspace_id = %s limit 1", clinic.workspace_id)
    slow_calls = [clinic.inference(version, shown["subject"], latency_ms=900) for shown in newcomers]
    assert clinic.owner.rpc("record_exposures", exposures=newcomers)["errors"] == []
    assert clinic.owner.rpc("record_inferences", inferences=slow_calls)["errors"] == []
    clinic.world.catch_up_slices()
    open_too = experiment.effect("p90", "b")
    assert (open_too["n_variant"], open_too["mature_n_variant"]) == (85, 80)
    assert (open_too["verdict"], open_too["mature_difference"]) == (row["verdict"], pytest.approx(row["difference"]))
    assert open_too["difference"] != pytest.approx(row["difference"])


def test_where_per_subject_says_how_a_unit_is_one_value(clinic: Clinic):
    experiment = slow(clinic, per_subject="max")
    took = calls(experiment)
    clinic.world.catch_up_slices()
    tops = {arm: [max(v for w, v in took[arm] if w == who) for who in {w for w, _ in took[arm]}] for arm in "ab"}
    said = clinic.world.admin.one(CONTRAST, tops["a"], None, tops["b"], None)
    row = experiment.effect("p90", "b")
    assert row["difference"] == pytest.approx(said["difference"], rel=1e-12)
    assert row["std_error"] == pytest.approx(said["std_error"], rel=1e-12)


def test_a_rolled_back_variant_and_its_control_stop_counting_together(clinic: Clinic):
    experiment = slow(clinic)
    calls(experiment)
    clinic.world.catch_up_slices()
    clinic.owner.connection.execute("select set_config('upshot.now', %s, false)", [at(20)])
    experiment.move("rollback_variant", variant="b", reason="slow")
    clinic.world.catch_up_slices()
    row = experiment.effect("p90", "b")
    raw = clinic.owner.rpc("effects_as_of", experiment_id=experiment.id)["effects"]
    (kept,) = (e for e in raw if e["metric_key"] == "p90")
    assert row["difference"] == pytest.approx(kept["difference"], rel=1e-9)
    assert row["std_error"] == pytest.approx(kept["std_error"], rel=1e-9)
