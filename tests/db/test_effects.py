"""experiment_effects: as assigned, by subject, against scipy."""

import random
from datetime import timedelta

import numpy as np
import pytest
from psycopg.types.json import Jsonb
from scipy import stats

from support.clinic import EPOCH, Clinic, Experiment, expose, observe


def check_welch(effect, treated, control):
    expected = stats.ttest_ind(treated, control, equal_var=False)
    interval = expected.confidence_interval(0.95)
    assert (effect["n_control"], effect["n_variant"]) == (len(control), len(treated))
    for name, value in {
        "mean_control": np.mean(control),
        "mean_variant": np.mean(treated),
        "difference": np.mean(treated) - np.mean(control),
        "p_value": expected.pvalue,
        "degrees_of_freedom": expected.df,
        "ci_low": interval.low,
        "ci_high": interval.high,
        "std_error": np.sqrt(np.var(treated, ddof=1) / len(treated) + np.var(control, ddof=1) / len(control)),
    }.items():
        assert effect[name] == pytest.approx(value, rel=1e-9), name
    assert effect["reason_code"] is None


def lift_log(treated, control):
    m1, m0 = np.mean(treated), np.mean(control)
    parts = [np.var(x, ddof=1) / len(x) / np.mean(x) ** 2 for x in (treated, control)]
    df = sum(parts) ** 2 / sum(p**2 / (len(x) - 1) for p, x in zip(parts, (treated, control), strict=True))
    half = stats.t.isf(0.025, df) * np.sqrt(sum(parts))
    return m1 / m0 - 1, m1 / m0 * np.exp(-half) - 1, m1 / m0 * np.exp(half) - 1


@pytest.mark.parametrize("offset", [0.0, 1e9])
def test_a_mean_is_welchs_t(experiment: Experiment, offset):
    experiment.counts(experiment.clinic.metric("seconds", "duration", direction="decrease"), role="guardrail")
    draw = random.Random(7)
    arms = expose(experiment, [f"s{i}" for i in range(60)])
    values = {s: [offset + draw.gauss(13 if arm == "a" else 8, 2)] for arm, them in arms.items() for s in them}
    observe(experiment, "seconds", values)

    effect = experiment.effect("seconds", "b")

    treated, control = ([values[s][0] for s in arms[k]] for k in "ba")
    if offset == 0:
        check_welch(effect, treated, control)
        lift = lift_log(treated, control)
        assert (effect["lift"], effect["lift_low"], effect["lift_high"]) == pytest.approx(lift, rel=1e-9)
        assert (effect["verdict"], effect["metric_role"], effect["grade"]) == ("better", "guardrail", "A")
    else:
        assert effect["p_value"] == pytest.approx(stats.ttest_ind(treated, control, equal_var=False).pvalue, rel=1e-5)


def test_a_proportion_counts_absence_as_zero(experiment: Experiment):
    experiment.counts(experiment.clinic.metric("booked", when_absent="zero"))
    arms = expose(experiment, [f"s{i}" for i in range(50)])
    winners = set(arms["a"][:5]) | set(arms["b"][:15])
    # Twice booked is still booked.
    observe(experiment, "booked", {s: [1, 1] for s in winners} | {arms["a"][6]: [0]})

    effect = experiment.effect("booked", "b")

    check_welch(effect, [float(s in winners) for s in arms["b"]], [float(s in winners) for s in arms["a"]])
    # Enough for one look at a time fixed beforehand, not yet for somebody who may look at any time.
    assert effect["p_value"] < 0.05 < effect["sequential_p_value"]
    assert effect["sequential_low"] < 0 < effect["ci_low"]
    assert effect["verdict"] == "undecided"


def test_an_absent_answer_is_excluded(experiment: Experiment):
    experiment.counts(experiment.clinic.metric("csat", "mean", when_absent="exclude"))
    arms = expose(experiment, [f"s{i}" for i in range(40)])
    values = {s: [float(i % 5 + 1), 3.0] for arm in arms.values() for i, s in enumerate(arm[:8])}
    observe(experiment, "csat", values)

    mean = {s: sum(v) / len(v) for s, v in values.items()}
    check_welch(experiment.effect("csat", "b"), [mean[s] for s in arms["b"][:8]], [mean[s] for s in arms["a"][:8]])


def test_revenue_is_summed_by_subject(experiment: Experiment):
    experiment.counts(experiment.clinic.metric("revenue", "mean", when_absent="zero"))
    arms = expose(experiment, [f"s{i}" for i in range(40)])
    values = {s: [10.0 * i, -2.5] for arm in arms.values() for i, s in enumerate(arm[:6])}
    observe(experiment, "revenue", values)

    total = {s: sum(v) for s, v in values.items()}
    treated, control = ([total.get(s, 0.0) for s in arms[k]] for k in "ba")
    check_welch(experiment.effect("revenue", "b"), treated, control)


def test_only_the_window_from_the_first_exposure_counts(experiment: Experiment):
    clinic = experiment.clinic
    experiment.counts(clinic.metric("booked", "count", attribution_window="1 day", when_absent="zero"))
    arms = expose(experiment, [f"s{i}" for i in range(20)])
    subject = arms["b"][0]
    for at, counts in (
        (EPOCH - timedelta(microseconds=1), False),
        (EPOCH, True),
        (EPOCH + timedelta(days=1, microseconds=-1), True),
        (EPOCH + timedelta(days=1), False),
    ):
        before = experiment.effect("booked", "b")["mean_variant"] * len(arms["b"])
        observe(experiment, "booked", {subject: [1]}, at=at)
        after = experiment.effect("booked", "b")["mean_variant"] * len(arms["b"])
        assert round(after - before, 9) == counts, at


def test_outcomes_of_another_environment_do_not_count(experiment: Experiment):
    clinic = experiment.clinic
    experiment.counts(clinic.metric("booked", when_absent="zero"))
    arms = expose(experiment, [f"s{i}" for i in range(20)])
    row = clinic.outcome("booked", 1, subject=arms["b"][0], environment="staging", occurred_at=EPOCH.isoformat())
    clinic.owner.rpc("record_outcomes", outcomes=[row])
    assert experiment.effect("booked", "b")["mean_variant"] == 0


@pytest.mark.parametrize("inference_first", [True, False])
def test_late_keys_find_their_subject_in_any_order(experiment: Experiment, inference_first):
    clinic = experiment.clinic
    experiment.counts(clinic.metric("booked", "count", when_absent="zero"))
    arms = expose(experiment, [f"s{i}" for i in range(20)])
    version, at = clinic.version("x"), (EPOCH + timedelta(hours=1)).isoformat()
    subject = arms["b"][0]
    inference = clinic.inference(
        version, subject, conversation="c9", started_at=at, keys=[{"type": "ticket", "value": "T-1"}]
    )
    outcomes = [
        clinic.outcome("booked", 1, occurred_at=at, **where)
        for where in (
            {"inference_id": inference["id"]},
            {"conversation": "c9"},
            {"key": {"type": "ticket", "value": "T-1"}},
        )
    ]
    steps = [("record_inferences", {"inferences": [inference]}), ("record_outcomes", {"outcomes": outcomes})]
    for verb, arguments in steps if inference_first else reversed(steps):
        assert clinic.owner.rpc(verb, **arguments)["errors"] == []

    assert experiment.effect("booked", "b")["mean_variant"] * len(arms["b"]) == pytest.approx(3)


def test_a_conversation_experiment_counts_by_conversation(clinic: Clinic):
    clinic.publish(clinic.version("live"))
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")}, unit="conversation")
    experiment.counts(clinic.metric("booked", when_absent="zero"))
    experiment.move("activate")
    arms: dict[str, list[str]] = {"a": [], "b": []}
    for i in range(30):
        arms[clinic.decide("ann", conversation=f"c{i}")["variant"]["key"]].append(f"c{i}")
    rows = [clinic.outcome("booked", 1, conversation=c) for c in arms["b"][:4]]
    clinic.owner.rpc("record_outcomes", outcomes=[*rows, clinic.outcome("booked", 1, subject="ann")])

    effect = experiment.effect("booked", "b")
    assert (effect["n_control"], effect["n_variant"]) == (len(arms["a"]), len(arms["b"]))
    assert effect["mean_variant"] * len(arms["b"]) == pytest.approx(4)
    assert effect["mean_control"] == 0


def test_no_subject_no_number(experiment: Experiment):
    experiment.counts(experiment.clinic.metric("booked", when_absent="zero"))
    effect = experiment.effect("booked", "b")
    assert (effect["n_control"], effect["n_variant"], effect["reason_code"]) == (0, 0, "no_subjects")
    numbers = ("mean_control", "mean_variant", "difference", "std_error", "ci_low", "p_value", "lift", "verdict")
    assert {effect[name] for name in numbers} == {None}


def test_one_subject_is_too_few(experiment: Experiment):
    experiment.counts(experiment.clinic.metric("csat", "mean"))
    arms = expose(experiment, [f"s{i}" for i in range(20)])
    observe(experiment, "csat", {arms["b"][0]: [4]} | {s: [3.0, 5.0] for s in arms["a"]})
    effect = experiment.effect("csat", "b")
    assert (effect["n_variant"], effect["reason_code"]) == (1, "too_few_subjects")
    assert (effect["mean_variant"], effect["difference"], effect["p_value"]) == (4, 0, None)


def test_without_variance_there_is_a_difference_and_no_p(experiment: Experiment):
    experiment.counts(experiment.clinic.metric("csat", "mean"))
    arms = expose(experiment, [f"s{i}" for i in range(20)])
    observe(experiment, "csat", {s: [0.1 if arm == "a" else 1.1] for arm, them in arms.items() for s in them})
    effect = experiment.effect("csat", "b")
    assert effect["difference"] == pytest.approx(1.0)
    assert (effect["std_error"], effect["reason_code"]) == (0, "zero_variance")
    assert {effect[n] for n in ("p_value", "ci_low", "ci_high", "verdict")} == {None}


@pytest.mark.parametrize(("control", "treated"), [([0.0] * 9, [1.0, 0.0, 2.0]), ([-1.0, -2.0, -3.0], [1.0, 2.0, 3.0])])
def test_nothing_is_relative_to_a_baseline_that_is_not_clearly_positive(experiment: Experiment, control, treated):
    experiment.counts(experiment.clinic.metric("score", "mean"))
    arms = expose(experiment, [f"s{i}" for i in range(40)])
    observe(
        experiment,
        "score",
        {s: [v] for arm, vs in (("a", control), ("b", treated)) for s, v in zip(arms[arm], vs, strict=False)},
    )
    effect = experiment.effect("score", "b")
    assert effect["difference"] is not None
    assert (effect["lift"], effect["lift_low"], effect["lift_high"]) == (None, None, None)


def test_a_lift_to_nothing_is_minus_one_and_claims_no_certainty(experiment: Experiment):
    experiment.counts(experiment.clinic.metric("booked", when_absent="zero"))
    arms = expose(experiment, [f"s{i}" for i in range(60)])
    observe(experiment, "booked", {s: [1] for s in arms["a"][:15]})
    effect = experiment.effect("booked", "b")
    assert (effect["lift"], effect["lift_low"], effect["lift_high"]) == (-1, None, None)


def test_a_lift_below_nothing_has_a_linear_interval(experiment: Experiment):
    experiment.counts(experiment.clinic.metric("revenue", "mean", when_absent="zero"))
    arms = expose(experiment, [f"s{i}" for i in range(60)])
    observe(
        experiment, "revenue", {s: [5.0 + i % 3] for i, s in enumerate(arms["a"])} | {s: [-3] for s in arms["b"][:4]}
    )
    effect = experiment.effect("revenue", "b")
    assert effect["lift_low"] < effect["lift"] < -1
    assert effect["lift_high"] - effect["lift"] == pytest.approx(effect["lift"] - effect["lift_low"])


def test_fresh_tables_without_statistics_do_not_make_it_quadratic(experiment: Experiment):
    """Ten thousand subjects that autovacuum has not seen yet, within the API's own statement timeout."""
    clinic = experiment.clinic
    experiment.counts(clinic.metric("score", "mean"))
    postgres = clinic.world.postgres()
    postgres.connection.execute(
        "insert into assignments (workspace_id, experiment_id, phase_id, variant_id, unit_id, subject, bucket, assigned_at) "
        "select workspace_id, experiment_id, phase_id, variant_id, v.key || n, v.key || n, 0, '2026-01-01Z' "
        "from experiment_phase_arms join variants v using (workspace_id, experiment_id) , generate_series(1, 5000) n "
        "where v.id = variant_id"
    )
    postgres.connection.execute(
        "insert into outcomes (workspace_id, environment_id, metric_id, value, subject, occurred_at, source, source_event_id) "
        "select a.workspace_id, e.environment_id, m.id, a.bucket + length(a.subject), a.subject, a.assigned_at, 'x', a.subject "
        "from assignments a join experiments e on e.id = a.experiment_id join outcome_metrics m on m.key <> 'goal'"
    )
    clinic.owner.connection.execute("set statement_timeout = '8s'")
    effect = experiment.effect("score", "b")
    assert (effect["n_control"], effect["n_variant"], effect["difference"]) == (5000, 5000, 0)


def test_any_order_of_arrival_gives_the_same_numbers(experiment: Experiment):
    """Inferences, outcomes and keys of one history, shuffled, split and sent twice, into three metrics at once."""
    clinic = experiment.clinic
    subjects = [f"s{i}" for i in range(24)]
    expose(experiment, subjects)
    version = clinic.version("x")
    draw = random.Random(11)
    history = []
    for n, subject in enumerate(subjects * 2):
        at = (EPOCH + timedelta(minutes=n)).isoformat()
        inference = clinic.inference(
            version, subject, conversation=f"c{n % 7}", started_at=at, keys=[{"type": "ticket", "value": f"T{n % 11}"}]
        )
        history.append(("inferences", inference))
        keys = ({"inference_id": inference["id"]}, {"conversation": f"c{n % 7}"}, {"key": inference["keys"][0]})
        outcomes = [clinic.outcome("", draw.randint(-3, 9), occurred_at=at, **where) for where in keys]
        history += [("outcomes", outcome) for outcome in outcomes]
    effects = []
    for n in range(3):
        key = f"score{n}"
        experiment.counts(clinic.metric(key, "mean", when_absent="zero"))
        told = [(what, row | ({"metric": key, "source": key} if what == "outcomes" else {})) for what, row in history]
        random.Random(n).shuffle(told)
        for start in range(0, len(told), 40):
            for what in ("outcomes", "inferences"):
                rows = [row for kind, row in told[start : start + 40] if kind == what]
                for _ in range(2):
                    assert clinic.owner.rpc(f"record_{what}", **{what: Jsonb(rows)})["errors"] == []
        effects.append(experiment.effect(key, "b"))
    numbers = [
        {k: e[k] for k in ("n_control", "n_variant", "mean_control", "mean_variant", "std_error")} for e in effects
    ]
    assert numbers[0]["std_error"] > 0
    for other in numbers[1:]:
        assert other == pytest.approx(numbers[0], rel=1e-12)
