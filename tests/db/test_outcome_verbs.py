"""Series, baselines and traces: what a person looks at first."""

import random
import uuid
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from support.clinic import EPOCH, Clinic, expose
from support.refusals import refusal


def at(clinic: Clinic, day: float) -> None:
    """From now on it is that day."""
    for actor in (clinic.owner, clinic.world.admin):
        actor.rows("select set_config('upshot.now', %s, false)", (EPOCH + timedelta(days=day)).isoformat())


@pytest.fixture
def weeks(clinic: Clinic) -> dict[int, list[int]]:
    """Six weeks in which weekends are lower, one day is a gap, and one is a disaster: day to values."""
    draw = random.Random(1)
    clinic.metric("booked", when_absent="zero", attribution_window="1 day")
    version = clinic.version("v")
    calls, outcomes = [], []
    days: dict[int, list[int]] = {}
    for day in range(42):
        moment = EPOCH + timedelta(days=day, hours=10)
        rate = 0.1 if day == 37 else 0.5 if moment.isoweekday() > 5 else 0.8
        days[day] = [] if day == 33 else [int(draw.random() < rate) for _ in range(40)]
        for k, value in enumerate(days[day]):
            who = f"d{day}-{k}"
            calls.append(clinic.inference(
                version, who, started_at=moment.isoformat(), latency_ms=100 if k else 500, cost_usd=0.25,
                status="error" if k == 1 else "ok",
            ))  # fmt: skip
            if value:
                outcomes.append(clinic.outcome("booked", 1, subject=who, occurred_at=moment.isoformat()))
    for kind, rows in (("inferences", calls), ("outcomes", outcomes)):
        assert clinic.owner.rpc(f"record_{kind}", **{kind: rows})["errors"] == []
    at(clinic, 42.5)
    clinic.world.catch_up()
    return days


def test_a_series_marks_what_is_out_of_the_ordinary_and_leaves_gaps(clinic: Clinic, weeks: dict[int, list[int]]):
    rows = clinic.owner.rpc(
        "metric_series", metric="booked", since=(EPOCH + timedelta(days=28)).isoformat(), environment="production",
        until=(EPOCH + timedelta(days=43)).isoformat(), method="seasonal_naive",
    )  # fmt: skip
    assert [row["at"] for row in rows] == [EPOCH + timedelta(days=n) for n in range(28, 43)]
    values = {(row["at"] - EPOCH).days: row for row in rows}
    for day, row in values.items():
        expected = weeks.get(day) or []
        assert row["n"] == len(expected)
        assert row["value"] == (pytest.approx(np.mean(expected)) if expected else None)
    assert [day for day, row in values.items() if row["is_anomaly"]] == [37]
    assert values[37]["z"] < -3
    assert values[33]["expected"] == values[40]["expected"] or values[40]["expected"] is None
    assert values[35]["expected"] == pytest.approx(np.mean(weeks[28]))
    assert values[35]["lower"] < values[35]["expected"] < values[35]["upper"]
    assert {row["method_used"] for row in rows} == {"seasonal_naive"}
    assert refusal(clinic.owner.rpc, "metric_series", metric="booked", method="tea leaves") == "bad_argument"
    holt = clinic.owner.rpc(
        "metric_series", metric="booked", method="holt", until=(EPOCH + timedelta(days=45)).isoformat()
    )
    # Beyond what is known the band grows.
    assert holt[-1]["upper"] - holt[-1]["lower"] > holt[-4]["upper"] - holt[-4]["lower"] > 0
    # Windows of the last day are open for another half day.
    assert [day for day, row in values.items() if not row["is_mature"]] == [41, 42]


def test_a_forecast_is_chosen_by_what_it_missed_before(clinic: Clinic):
    draw = random.Random(7)
    line = [10 + 2 * n + draw.gauss(0, 1) for n in range(35)]
    week = [10 + 8 * (n % 7 > 4) + draw.gauss(0, 1) for n in range(35)]
    for series, method in ((line, "holt"), (week, "seasonal_naive")):
        rows = clinic.world.admin.rows(
            "select * from private.chosen_forecast(%s::float8[], 7, 3, 'auto') order by place", series
        )
        assert {row["method"] for row in rows} == {method}
        assert len(rows) == 38
    # By hand: the error of the naive one on the weeks that it could forecast.
    naive = np.sqrt(np.mean([(week[n] - week[n - 7]) ** 2 for n in range(7, 35)]))
    found = clinic.world.admin.one(
        "select distinct error from private.forecasts(%s::float8[], 7, 3) where method = 'seasonal_naive'", week
    )
    assert found["error"] == pytest.approx(naive, rel=1e-12)
    assert clinic.world.admin.rows("select * from private.chosen_forecast('{}', 7, 3, 'auto')") == []


def test_operations_are_counted_by_the_hour(clinic: Clinic, weeks: dict[int, list[int]]):
    period = {"since": (EPOCH + timedelta(days=10)).isoformat(), "until": (EPOCH + timedelta(days=11)).isoformat()}

    def values(metric: str, grain: str) -> list[Any]:
        return [row["value"] for row in clinic.owner.rpc("metric_series", metric=metric, grain=grain, **period)]

    assert values("calls.count", "day") == [40]
    assert values("calls.cost_usd", "day") == [10]
    assert values("calls.latency_ms", "day") == [110]
    assert values("calls.error_rate", "day") == [pytest.approx(0.025)]
    assert values("calls.count", "hour") == [None] * 10 + [40] + [None] * 13
    assert refusal(clinic.owner.rpc, "metric_series", metric="booked", grain="hour") == "bad_argument"
    assert refusal(clinic.owner.rpc, "metric_series", metric="calls.none") == "unknown_metric"


def test_a_week_is_compared_with_its_weekdays_before(clinic: Clinic, weeks: dict[int, list[int]]):
    (row,) = clinic.owner.rpc("baseline_comparison", metric="booked", environment="production")
    assert (str(row["from_day"]), str(row["to_day"])) == ("2026-02-04", "2026-02-11")
    now = [v for day in range(34, 41) for v in weeks[day]]
    before = sum(np.mean([v for day in range(6, 34) if (day - d) % 7 == 0 for v in weeks[day]]) for d in range(7)) / 7
    assert row["value_now"] == pytest.approx(np.mean(now))
    assert row["value_before"] == pytest.approx(before)
    assert (row["n_now"], row["n_before"], row["days_now"], row["days_before"]) == (280, 27 * 40, 7, 27)
    assert (row["flag"], row["reason_code"]) == ("ordinary", None)
    (bad,) = clinic.owner.rpc("baseline_comparison", metric="booked", days=1, until="2026-02-08")
    assert (bad["n_now"], bad["reason_code"], bad["flag"]) == (40, "too_few_days", None)
    assert refusal(clinic.owner.rpc, "baseline_comparison", days=0) == "bad_argument"
    key = clinic.world.api_key(clinic.owner, clinic.workspace_id, ["workspace.read"], environments=["staging"])
    assert key.rpc("baseline_comparison")[0]["reason_code"] == "no_matching_days"
    assert refusal(key.rpc, "metric_series", metric="booked", environment="production") == "environment_denied"


def test_a_customer_is_traced_through_what_touched_them(experiment: Any):
    clinic = experiment.clinic
    experiment.counts(clinic.metric("booked", when_absent="zero", attribution_window="1 day"))
    arms = expose(experiment, ["ann", "bob"])
    arm = next(arm for arm, them in arms.items() if "ann" in them)
    version = clinic.version("v")
    call = clinic.inference(
        version, "ann", conversation="c1", started_at=(EPOCH + timedelta(minutes=5)).isoformat(), resolved_model="smol-1",
        keys=[{"type": "ticket", "value": "T7"}],
    )  # fmt: skip
    clinic.owner.rpc("record_inferences", inferences=[call])
    for hours, key in ((-1, "early"), (2, "in"), (30, "late")):
        moment = (EPOCH + timedelta(hours=hours)).isoformat()
        row = clinic.outcome(
            "booked", 1, key={"type": "ticket", "value": "T7"}, occurred_at=moment, source_event_id=key
        )
        clinic.owner.rpc("record_outcomes", outcomes=[row])
    clinic.owner.rpc(
        "annotate", summary="Outage", kind="incident", environment="production",
        occurred_at=(EPOCH + timedelta(hours=3)).isoformat(),
    )  # fmt: skip
    clinic.world.catch_up()
    found = clinic.owner.rpc("outcome_of", key_type="ticket", key_value="T7")
    assert [(o["placed_subject"], o["placed_conversation"], o["placed_by"]) for o in found] == [
        ("ann", "c1", "key")
    ] * 3
    assert [[(c["variant"], c["reason_code"]) for c in o["counted_in"]] for o in found] == [
        [(arm, "before_first_exposure")], [(arm, None)], [(arm, "after_window")],
    ]  # fmt: skip
    for whom in ({"conversation": "c1"}, {"subject": "ann"}, {"key_type": "ticket", "key_value": "T7"}):
        rows = clinic.owner.rpc("trace_of", **whom)
        assert [row["kind"] for row in rows] == ["outcome", "exposure", "inference", "outcome", "change", "outcome"]
    assert (rows[4]["summary"], rows[2]["inference_id"]) == ("Outage", uuid.UUID(call["id"]))
    view = clinic.owner.rows("select kind, model from conversation_timeline where conversation = 'c1'")
    assert view == [{"kind": "inference", "model": "smol-1"}]
    assert clinic.owner.rpc("trace_of", subject="nobody") == []
    assert refusal(clinic.owner.rpc, "trace_of") == "bad_argument"
    assert refusal(clinic.owner.rpc, "outcome_of", subject="ann", conversation="c1") == "bad_argument"
