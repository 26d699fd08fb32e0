"""effect_moments: what the compactor keeps is what the raw rows say."""

import random
from datetime import timedelta

from support.clinic import EPOCH, Experiment, expose, observe

TOTALS = """
select v.key as arm, m.y, m.yy, m.x, m.w, m.units_with_value, m.outcomes_used, m.outcomes_before, m.outcomes_after
from private.effect_moments m join variants v on v.id = m.variant_id
join outcome_metrics o on o.id = m.metric_id
where m.experiment_id = %s and o.key = %s and m.dimension = 'all' and m.entry_day = 'infinity' order by v.key
"""


def test_moments_are_sums_over_units_of_what_counts(experiment: Experiment):
    clinic = experiment.clinic
    kinds = {
        "booked": {"kind": "proportion", "when_absent": "zero"},
        "revenue": {"kind": "mean", "when_absent": "zero", "attribution_window": "1 day"},
        "csat": {"kind": "mean"},
    }
    for key, values in kinds.items():
        experiment.counts(clinic.metric(key, **values))
    arms = expose(experiment, [f"s{i}" for i in range(30)])
    draw = random.Random(5)
    revenue = {s: [draw.gauss(10, 3), 0.1, -2.5] for arm in arms.values() for s in arm[:9]}
    observe(experiment, "revenue", revenue)
    observe(experiment, "revenue", {s: [7.5] for s in arms["a"][:4]}, at=EPOCH - timedelta(hours=1))
    observe(experiment, "revenue", {s: [99.0] for s in arms["b"][:4]}, at=EPOCH + timedelta(days=1))
    observe(experiment, "booked", {s: [1, 1] for s in arms["b"][:7]})
    observe(experiment, "csat", {s: [1.0, 2.0, 2.0] for s in arms["a"][:3]})

    clinic.world.catch_up()

    by_arm = {m["arm"]: m for m in clinic.owner.rows(TOTALS, experiment.id, "revenue")}
    for key, arm in arms.items():
        totals = [sum(revenue[s]) for s in arm[:9]]
        assert float(by_arm[key]["y"]) == sum(totals) or abs(float(by_arm[key]["y"]) - sum(totals)) < 1e-9
        assert abs(float(by_arm[key]["yy"]) - sum(y * y for y in totals)) < 1e-8
        assert (by_arm[key]["units_with_value"], by_arm[key]["outcomes_used"]) == (9, 27)
    assert (by_arm["a"]["outcomes_before"], by_arm["a"]["x"], by_arm["a"]["w"]) == (4, 30, 4)
    assert (by_arm["b"]["outcomes_after"], by_arm["b"]["x"]) == (4, 0)
    booked = {m["arm"]: m for m in clinic.owner.rows(TOTALS, experiment.id, "booked")}
    assert (booked["b"]["y"], booked["b"]["yy"], booked["b"]["outcomes_used"], list(booked)) == (7, 7, 14, ["b"])
    csat = clinic.owner.rows(TOTALS, experiment.id, "csat")
    assert abs(float(csat[0]["y"]) - 5) < 1e-12
    cells = clinic.owner.rows(
        "select v.key, c.units from private.unit_cells c join variants v on v.id = c.variant_id "
        "where dimension = 'all' and entry_day = 'infinity'"
    )
    assert {c["key"]: c["units"] for c in cells} == {k: len(v) for k, v in arms.items()}
