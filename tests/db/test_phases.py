"""Phases of an experiment: effects stratified by them, arms that stop, experiment_arms and experiment_health."""

import random
from datetime import timedelta

import numpy as np
import psycopg
import pytest
from scipy import stats

from support.clinic import EPOCH, Experiment, expose, observe


def still(effect: dict) -> dict:
    """What does not move with the clock."""
    moves = ("as_of", "waiting_for", "verdict", "adjusted_p_value", "settles_at")
    return {k: v for k, v in effect.items() if k not in moves and not k.startswith("mature_")}


def test_phases_are_never_pooled(experiment: Experiment):
    clinic = experiment.clinic
    experiment.counts(clinic.metric("score", "mean"))
    draw = random.Random(3)
    cells: dict[tuple[int, str], list[float]] = {}
    for phase, (weight, base) in enumerate(((1, 0.0), (9, 50.0))):
        if phase:
            experiment.move("pause")
            experiment.edit(weights={"b": weight})
            experiment.move("resume")
        for arm, them in expose(experiment, [f"p{phase}s{i}" for i in range(60)]).items():
            values = {s: [base + draw.gauss(1 if arm == "b" else 0, 1)] for s in them}
            cells[phase, arm] = [v[0] for v in values.values()]
            observe(experiment, "score", values)

    effect = experiment.effect("score", "b")

    total = sum(map(len, cells.values()))
    share = [(len(cells[p, "a"]) + len(cells[p, "b"])) / total for p in (0, 1)]
    difference = sum(share[p] * (np.mean(cells[p, "b"]) - np.mean(cells[p, "a"])) for p in (0, 1))
    parts = {(p, k): share[p] ** 2 * np.var(v, ddof=1) / len(v) for (p, k), v in cells.items()}
    variance = sum(parts.values())
    df = variance**2 / sum(x**2 / (len(cells[c]) - 1) for c, x in parts.items())
    assert effect["difference"] == pytest.approx(difference, rel=1e-9)
    assert effect["std_error"] == pytest.approx(np.sqrt(variance), rel=1e-9)
    assert effect["degrees_of_freedom"] == pytest.approx(df, rel=1e-9)
    assert effect["p_value"] == pytest.approx(2 * stats.t.sf(abs(difference / np.sqrt(variance)), df), rel=1e-9)
    assert abs(difference - 1) < 1


def test_a_rolled_back_arm_is_compared_until_then(experiment: Experiment):
    clinic = experiment.clinic
    experiment.counts(clinic.metric("booked", "count", when_absent="zero", attribution_window="30 days"))
    arms = expose(experiment, [f"s{i}" for i in range(40)], at=EPOCH)
    observe(experiment, "booked", {s: [1] for s in [*arms["b"][:9], *arms["a"][:5]]})
    before = experiment.effect("booked", "b")
    clinic.owner.connection.execute(
        "select set_config('upshot.now', %s, false)", [(EPOCH + timedelta(days=2)).isoformat()]
    )
    experiment.move("rollback_variant", variant="b")
    expose(experiment, [f"late{i}" for i in range(20)], at=EPOCH + timedelta(days=3))
    observe(experiment, "booked", {s: [1] for s in [*arms["b"], *arms["a"], "late1"]}, at=EPOCH + timedelta(days=4))

    after = experiment.effect("booked", "b")

    assert still(after) == still(before)


def test_a_restored_arm_goes_on_in_a_new_phase_and_counts_nothing_from_in_between(experiment: Experiment):
    clinic = experiment.clinic
    experiment.counts(clinic.metric("booked", "count", when_absent="zero", attribution_window="30 days"))
    arms = expose(experiment, [f"s{i}" for i in range(40)], at=EPOCH)
    observe(experiment, "booked", {s: [1] for s in [*arms["b"][:9], *arms["a"][:5]]})
    before = experiment.effect("booked", "b")
    now = "select set_config('upshot.now', %s, false)"
    clinic.owner.connection.execute(now, [(EPOCH + timedelta(days=2)).isoformat()])
    experiment.move("rollback_variant", variant="b")
    assert {clinic.decide(s)["reason"] for s in arms["b"]} == {"variant_rolled_back"}
    clinic.owner.connection.execute(now, [(EPOCH + timedelta(days=3)).isoformat()])

    answer = experiment.move("restore_variant", variant="b", reason="it was the network")

    assert (answer["rolled_back_at"], answer["variant"]) == (None, "b")
    assert {clinic.decide(s)["variant"]["key"] for s in arms["b"]} == {"b"}
    assert {clinic.decide(s)["reason"] for s in arms["b"]} == {"assigned"}
    assert clinic.owner.one("select count(*) from experiment_phases")["count"] == 3
    # Old subjects count until the rollback; what they do now is not told apart from what came in between.
    observe(experiment, "booked", {s: [1] for s in [*arms["b"], *arms["a"]]}, at=EPOCH + timedelta(days=4))
    after = experiment.effect("booked", "b")
    assert still(after) == still(before)
    fresh = expose(experiment, [f"new{i}" for i in range(30)], at=EPOCH + timedelta(days=4))
    observe(experiment, "booked", {s: [1] for s in fresh["b"]}, at=EPOCH + timedelta(days=5))
    grown = experiment.effect("booked", "b")
    assert grown["n_variant"] == before["n_variant"] + len(fresh["b"])
    kinds = [r["kind"] for r in clinic.owner.rows("select kind from changes where kind like 'variant%%' order by id")]
    assert kinds == ["variant_rolled_back", "variant_restored"]


def test_only_a_stopped_arm_of_a_living_experiment_can_be_restored(experiment: Experiment):
    for moves, code in (((), "not_rolled_back"), (("rollback_variant",), None), (("archive",), "not_rolled_back")):
        for verb in moves:
            experiment.move(verb, **({"variant": "b"} if "variant" in verb else {}))
        if code is None:
            experiment.move("restore_variant", variant="b")
            continue
        with pytest.raises(psycopg.Error) as caught:
            experiment.move("restore_variant", variant="b")
        assert code in caught.value.diag.message_detail


def test_arms_and_health_follow_the_phases(experiment: Experiment):
    clinic = experiment.clinic
    expose(experiment, [f"p0s{i}" for i in range(60)])
    experiment.move("pause")
    experiment.edit(weights={"b": 3})
    experiment.move("resume")
    expose(experiment, [f"p1s{i}" for i in range(100)])

    counts = {
        (r["number"], r["key"]): r["count"]
        for r in clinic.owner.rows(
            "select p.number, v.key, count(*) from assignments a join experiment_phases p on p.id = a.phase_id "
            "join variants v on v.id = a.variant_id group by 1, 2"
        )
    }
    chi2 = [
        stats.chisquare([counts[1, "a"], counts[1, "b"]]),
        stats.chisquare([counts[2, "a"], counts[2, "b"]], [25, 75]),
    ]
    clinic.world.catch_up()
    health = clinic.owner.one("select * from experiment_health")
    assert (health["subjects"], health["srm_df"]) == (160, 2)
    assert health["srm_chi2"] == pytest.approx(sum(c.statistic for c in chi2), rel=1e-12)
    assert health["srm_p_value"] == pytest.approx(stats.chi2.sf(sum(c.statistic for c in chi2), 2), rel=1e-9)
    arms = {r["variant_key"]: r for r in clinic.owner.rows("select * from experiment_arms")}
    assert arms["b"]["expected_share"] == pytest.approx((30 + 75) / 160)
    assert arms["a"]["share"] == pytest.approx((counts[1, "a"] + counts[2, "a"]) / 160)


def test_a_skewed_split_takes_the_verdict_away(experiment: Experiment):
    clinic = experiment.clinic
    experiment.counts(clinic.metric("booked", when_absent="zero"))
    arms = expose(experiment, [f"s{i}" for i in range(60)])
    observe(experiment, "booked", {s: [1] for s in arms["b"][1:]})
    assert experiment.effect("booked", "b")["verdict"] == "better"
    # Somebody's pipeline puts forty more into one arm: written as the owner, the API has no way to.
    clinic.world.postgres().connection.execute(
        "insert into assignments (workspace_id, experiment_id, phase_id, variant_id, unit_id, subject, bucket, assigned_at) "
        "select workspace_id, experiment_id, phase_id, variant_id, 'x' || n, 'x' || n, bucket, assigned_at "
        "from (select * from assignments limit 1) a, generate_series(1, 60) n"
    )
    effect = experiment.effect("booked", "b")
    health = clinic.owner.one("select * from experiment_health")
    assert (health["srm_status"], health["srm_anytime_status"]) == ("mismatch", "mismatch")
    assert (effect["verdict"], effect["reason_code"]) == (None, "sample_ratio_mismatch")
    assert effect["difference"] is not None


def test_a_handful_is_not_judged(experiment: Experiment):
    expose(experiment, ["s1", "s2", "s3"])
    experiment.clinic.world.catch_up()
    health = experiment.clinic.owner.one("select * from experiment_health")
    assert (health["srm_status"], health["srm_p_value"], health["subjects"]) == ("not_enough_data", None, 3)
