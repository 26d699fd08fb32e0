"""Which arm is best, against scipy's quadrature; and that no design raises, whatever it is given."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

from support.sums import near


def best_by_quadrature(arms):
    marks = sorted({float(np.clip(d.mean() + s * d.std(), 1e-9, 1 - 1e-9)) for d in arms for s in (-8, -3, 0, 3, 8)})
    return [
        integrate.quad(
            lambda x, i=i: arms[i].pdf(x) * math.prod(d.cdf(x) for j, d in enumerate(arms) if j != i),
            0, 1, points=marks, limit=2000, epsabs=1e-13,
        )[0]
        for i in range(len(arms))
    ]  # fmt: skip


@pytest.mark.parametrize(
    "posteriors",
    [
        [(121, 881), (136, 866), (151, 851)],
        [(3, 9), (8, 4), (5, 7), (2, 2)],
        [(500, 500), (510000, 490000), (5, 4)],
        [(1, 1), (1, 1)],
        [(100, 100), (200, 100)],
    ],
)
def test_thompson_shares_are_chances_to_be_best(ask, posteriors):
    rows = ask("select * from stats.thompson(%s, %s)", *([float(p[k]) for p in posteriors] for k in (0, 1)))
    expected = best_by_quadrature([stats.beta(*p) for p in posteriors])
    assert all(near(row["p_best"], p, 1e-7) for row, p in zip(rows, expected, strict=True))
    top_two = [
        p / 2 + p / 2 * sum(q / (1 - q) for j, q in enumerate(expected) if j != i) for i, p in enumerate(expected)
    ]
    assert all(near(row["top_two_share"], p, 1e-7) for row, p in zip(rows, top_two, strict=True))


def test_means_are_compared_as_shares_are(ask):
    rows = ask("select * from stats.thompson_normal(array[0, 1], array[1, 2])")
    assert near(rows[1]["p_best"], stats.norm.cdf(1 / math.sqrt(5)))
    sure = ask("select p_best, top_two_share from stats.thompson_normal(array[0, 900], array[1, 2])")
    assert sure == [{"p_best": 0, "top_two_share": 0.5}, {"p_best": 1, "top_two_share": 0.5}]
    assert ask("select * from stats.thompson(array[1, null], array[1, 2])") == []
    assert ask("select * from stats.thompson_normal(array[1, 2], array[1, 0])") == []


NOTHING = {
    "double precision": ["null", "0", "-1", "'nan'", "'infinity'", "1e-300", "1e300"],
    "double precision[]": ["null", "'{}'", "'{0,0}'", "'{null,1}'", "'{nan,infinity}'", "'{1e300,-1e300}'"],
    "stats.readout": ["null", "'(0,,,)'", "'(1,5,,)'", "'(2,1e70,0,0)'"],
    "stats.readout[]": ["null", "'{}'", "array[null, '(0,,,)'::stats.readout]", """'{"(9,1,1e-140,0)","(2,1e69,1e140,1e280)"}'"""],
    "text[]": ["null", "'{}'", "'{a,a}'", "'{null,b}'"],
    "integer": ["null", "0", "-1", "3", "100"],
    "integer[]": ["null", "'{}'", "'{1,1}'", "'{null,2}'"],
    "boolean": ["null", "true"],
    "boolean[]": ["null", "'{}'", "'{true,false}'"],
    "timestamp with time zone[]": ["null", "'{}'", "'{2026-01-01,infinity}'"],
    "interval": ["null", "'0'", "'-1 day'"],
}  # fmt: skip

DESIGNS = """
    select p.proname as name, array(select format_type(t, null) from unnest(p.proargtypes::oid[]) t) as types
    from pg_proc p where p.pronamespace = 'stats'::regnamespace and p.proname = any (%s) order by 1"""

NAMES = [
    "weighed", "estimate_of", "exact_parts", "contingency_chi2", "mix_shift", "cmh", "strata_effects", "stratified_effect",
    "simpson", "factorial_effects", "experiment_interaction", "owen", "shapley", "quantile_readout", "quantile_fractions",
    "clustered_slope", "difference_in_differences", "panel_difference_in_differences", "pretrend", "touch_credits",
    "step_credits", "median", "robust_scale", "robust_z", "robust_scores", "ewma", "seasonal_naive", "exponential_smoothing", "thompson",
    "thompson_normal",
]  # fmt: skip


def test_no_design_raises_whatever_it_is_given(ask):
    chance = np.random.default_rng(4)
    designs = ask(DESIGNS, NAMES)
    assert {d["name"] for d in designs} == set(NAMES)
    for design in designs:
        for _ in range(12):
            arguments = ", ".join(f"{chance.choice(NOTHING[t])}::{t}" for t in design["types"])
            ask(f"select * from stats.{design['name']}({arguments})")
