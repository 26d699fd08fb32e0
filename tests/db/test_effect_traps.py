"""Where engines are known to go wrong: each trap with the right answer beside it, through the public ingest road."""

import random
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from scipy import stats

from support.clinic import EPOCH, Clinic, Experiment
from support.world import World

RAW = ("outcomes", "outcomes_default", "inferences", "assignments", "exposures", "exposures_default",
       "outcome_places")  # fmt: skip
SCANS = """
select sum(coalesce(seq_scan, 0) + coalesce(idx_scan, 0)) as n from pg_stat_xact_all_tables where relname = any (%s)
"""


def external(clinic: Clinic, arms: dict[str, int], **values: Any) -> Experiment:
    """An experiment whose arms another system draws, with these weights."""
    versions = {key: clinic.version(key) for key in arms}
    experiment = clinic.experiment(versions, assigned_by="external", **values)
    if set(arms.values()) != {1}:
        experiment.edit(weights=arms)
    return experiment


def expose(experiment: Experiment, arms: dict[str, list[str]], **more: Any) -> None:
    """Everybody is exposed at the epoch."""
    rows = [
        {"experiment_id": experiment.id, "subject": subject, "variant": arm, "exposed_at": EPOCH.isoformat(),
         "source": "other", "source_event_id": f"{arm}-{subject}", **more}
        for arm, them in arms.items() for subject in them
    ]  # fmt: skip
    assert experiment.clinic.owner.rpc("record_exposures", exposures=rows)["errors"] == []


def measure(clinic: Clinic, metric: str, values: dict[str, float]) -> None:
    at = (EPOCH + timedelta(hours=1)).isoformat()
    rows = [clinic.outcome(metric, value, subject=s, occurred_at=at) for s, value in values.items()]
    assert clinic.owner.rpc("record_outcomes", outcomes=rows)["errors"] == []


@pytest.fixture
def peers(clinic: Clinic) -> dict[str, dict[str, Any]]:
    """One experiment, one metric a trap: what each arm had, and what experiment_effects says."""
    clinic.publish(clinic.version("live"))
    experiment = external(clinic, {"a": 1, "b": 1, "idle": 0})
    draw = random.Random(1)
    arms = {arm: [f"{arm}{n}" for n in range(24)] for arm in "ab"}
    values = {
        "huge": {arm: [1e9 + draw.gauss("ab".index(arm), 1) for _ in them] for arm, them in arms.items()},
        "equal": {"a": [1.1] * 24, "b": [2.1] * 24},
        "never": {"a": [0.0] * 24, "b": [1.0] * 6 + [0.0] * 18},
        "owed": {arm: [draw.gauss(-2 + 0.5 * "ab".index(arm), 0.1) for _ in them] for arm, them in arms.items()},
        "lonely": {"a": [3.0, 4.0], "b": [5.0]},
        "clear": {arm: [draw.gauss(1000.0 * "ab".index(arm), 0.01) for _ in them] for arm, them in arms.items()},
    }
    for metric in values:
        kind = "proportion" if metric == "never" else "mean"
        experiment.counts(
            clinic.metric(metric, kind, attribution_window="1 day"),
            role="guardrail" if metric == "owed" else "secondary",
        )
    experiment.move("activate")
    expose(experiment, arms)
    for metric, by_arm in values.items():
        for arm, them in by_arm.items():
            measure(clinic, metric, dict(zip(arms[arm], them, strict=False)))
    clinic.world.catch_up()
    found = clinic.owner.rows("select * from experiment_effects where variant_key = 'b'")
    return {r["metric_key"]: r | {"a": values[r["metric_key"]]["a"], "b": values[r["metric_key"]]["b"]}
            for r in found if r["metric_key"] in values}  # fmt: skip


def test_what_others_get_wrong(peers: dict[str, dict[str, Any]], world: World, clinic: Clinic):
    for metric in ("huge", "never", "owed", "clear"):
        row = peers[metric]
        test = stats.ttest_ind(row["b"], row["a"], equal_var=False)
        assert row["difference"] == pytest.approx(np.mean(row["b"]) - np.mean(row["a"]), rel=1e-9)
        # A double near 1e9 has seven decimals: scipy's own variance is no better.
        assert row["p_value"] == pytest.approx(test.pvalue, rel=1e-5 if metric == "huge" else 1e-8), metric
    # gbstats: variance of values near 1e9 from sums of squares, 200 times too large.
    assert peers["huge"]["std_error"] < 0.5
    # gbstats: effect 0 and p 1 without variance.
    equal = peers["equal"]
    assert (round(equal["difference"], 9), equal["std_error"], equal["p_value"], equal["verdict"]) == (
        1.0,
        0,
        None,
        None,
    )
    assert equal["reason_code"] == "zero_variance"
    # gbstats: p 1 when the control's rate is 0; the lift alone is not there.
    assert (peers["never"]["difference"], peers["never"]["lift"]) == (0.25, None)
    # gbstats: -2 to -1.5 told as a fall.
    assert peers["owed"]["lift"] == pytest.approx(0.25, abs=0.05)
    # tea-tasting: raises at n = 1.
    lonely = peers["lonely"]
    assert (lonely["n_control"], lonely["n_variant"], lonely["reason_code"]) == (2, 1, "too_few_subjects")
    assert (lonely["std_error"], lonely["p_value"]) == (None, None)
    # p = 0 from 1 - cdf.
    assert -500 < peers["clear"]["log10_p"] < -90
    # gbstats: an arm of weight 0 counts among the degrees of freedom of the split.
    health = clinic.owner.one("select * from experiment_health")
    assert (health["srm_df"], health["srm_status"], health["subjects"]) == (1, "ok", 48)
    guardrail = clinic.owner.one("select * from guardrail_status where variant_key = 'b'")
    assert (guardrail["status"], guardrail["margin"]) == ("pass", 1)
    assert guardrail["harm"] == pytest.approx(-peers["owed"]["difference"])
    assert guardrail["harm_low"] < guardrail["harm"] < guardrail["harm_high"]
    # A page reads moments, and units whose window is open: no raw row, however the view is asked.
    postgres = world.postgres()
    with postgres.connection.transaction():
        for view in (
            "experiment_effects",
            "segment_effects",
            "segment_summaries",
            "guardrail_status",
            "experiment_health",
            "experiment_arms",
        ):
            assert postgres.rows(f"select * from {view}") != [], view
        assert postgres.one(SCANS, list(RAW))["n"] in (0, None)


def test_segments_say_what_the_pooled_effect_hides(clinic: Clinic):
    """The variant is better for each intent, and got those who book least: the pooled effect has the other sign."""
    clinic.publish(clinic.version("live"))
    experiment = external(clinic, {"a": 1, "b": 1}, segments=["plan"])
    experiment.counts(clinic.metric("booked", when_absent="zero", attribution_window="1 day"), role="primary")
    experiment.move("activate")
    sizes = {("ScheduleMeeting", "a"): (90, 72), ("ScheduleMeeting", "b"): (30, 27),
             ("CancelMeeting", "a"): (30, 3), ("CancelMeeting", "b"): (90, 18)}  # fmt: skip
    for (intent, arm), (n, wins) in sizes.items():
        them = [f"{intent}-{arm}-{k}" for k in range(n)]
        expose(experiment, {arm: them}, intent=intent, attributes={"plan": "pro" if n == 30 else "free"})
        measure(clinic, "booked", dict.fromkeys(them[:wins], 1))
    expose(experiment, {"b": ["CancelMeeting-a-29", "CancelMeeting-a-28", "CancelMeeting-a-27"]})
    pooled = experiment.effect("booked", "b")
    assert pooled["difference"] < 0
    rows = clinic.owner.rows("select * from segment_effects where dimension = 'intent'")
    by_intent = {r["segment_name"]: r for r in rows}
    assert set(by_intent) == {"ScheduleMeeting", "CancelMeeting"}
    for intent, row in by_intent.items():
        (n0, w0), (n1, w1) = [sizes[intent, "a"], sizes[intent, "b"]]
        n0 -= 3 if intent == "CancelMeeting" else 0
        assert (row["n_control"], row["n_variant"]) == (n0, n1)
        assert row["difference"] == pytest.approx(w1 / n1 - w0 / n0, rel=1e-9)
        assert row["adjusted_p_value"] >= row["sequential_p_value"]
    summary = {r["dimension"]: r for r in clinic.owner.rows("select * from segment_summaries")}
    intent = summary["intent"]
    assert intent["simpson_warning"] is True
    total = 117 + 120
    by_hand = sum(
        (r["n_control"] + r["n_variant"]) / total * r["difference"] for r in by_intent.values()
    )  # fmt: skip
    assert intent["poststratified_difference"] == pytest.approx(by_hand, rel=1e-9)
    assert intent["poststratified_difference"] > 0
    health = clinic.owner.one("select * from experiment_health")
    assert (health["switchers"], health["switcher_status"]) == (3, "alarm")


def test_a_subject_of_two_experiments_counts_in_each_by_its_own_arm(clinic: Clinic):
    """Who is in both is no switcher: each experiment reads its own arms, as if the other were not there."""
    clinic.publish(clinic.version("live"))
    metric, draw = clinic.metric("spend", "mean", attribution_window="1 day"), random.Random(3)
    value = {f"s{n}": round(draw.gauss(10 + 2 * (n % 2) - (n // 2 % 2), 1), 3) for n in range(48)}
    splits = [
        {"a": lambda n: n % 2 == 0, "b": lambda n: n % 2 == 1},
        {"a": lambda n: n // 2 % 2 == 0, "b": lambda n: n // 2 % 2 == 1},
    ]
    drawn = [{arm: [f"s{n}" for n in range(48) if has(n)] for arm, has in split.items()} for split in splits]
    experiments = [external(clinic, {"a": 1, "b": 1}, key=key) for key in ("tone", "tools")]
    for experiment, arms in zip(experiments, drawn, strict=True):
        experiment.counts(metric, role="primary")
        experiment.move("activate")
        expose(experiment, arms)
    measure(clinic, "spend", value)
    for experiment, arms in zip(experiments, drawn, strict=True):
        test = stats.ttest_ind(*([value[s] for s in arms[arm]] for arm in "ba"), equal_var=False)
        row = experiment.effect("spend", "b")
        assert (row["n_control"], row["n_variant"]) == (24, 24)
        assert row["p_value"] == pytest.approx(test.pvalue, rel=1e-8)
