"""Designs beyond two arms, against statsmodels and scipy: strata, tables, factors, credit, differences in differences."""

import itertools
import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.multitest import multipletests

from support.sums import literal, near, readout

# Admissions to Berkeley's six largest departments in 1973, men first: Bickel, Hammel and O'Connell (1975).
BERKELEY = {
    "A": (512, 825, 89, 108), "B": (353, 560, 17, 25), "C": (120, 325, 202, 593),
    "D": (138, 417, 131, 375), "E": (53, 191, 94, 393), "F": (22, 373, 24, 341),
}  # fmt: skip


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(20261122)


def zeros_and_ones(successes: int, n: int) -> list[float]:
    return [1.0] * successes + [0.0] * (n - successes)


def agree(row, expected: dict[str, float], relative: float = 1e-9):
    assert {k: row[k] for k, v in expected.items() if not near(row[k], v, relative)} == {}, expected


def test_strata_against_statsmodels_and_the_regression_on_centred_strata(ask, chance):
    frame = pd.DataFrame({"s": chance.integers(0, 5, 3000), "t": chance.integers(0, 2, 3000)})
    frame["y"] = chance.gamma(2, 3, 3000) + frame.s * (1 + 0.4 * frame.t)
    arms = [[readout(frame[(frame.s == s) & (frame.t == t)].y) for s in range(5)] for t in (0, 1)]
    row = ask("select * from stats.stratified_effect(%s::stats.readout[], %s::stats.readout[])", *map(literal, arms))[0]
    control, variant = np.array(arms[0]), np.array(arms[1])
    meta = combine_effects(variant[:, 1] - control[:, 1], control[:, 2] + variant[:, 2], method_re="dl")
    table = meta.summary_frame()
    centred = pd.get_dummies(frame.s, drop_first=True, dtype=float)
    centred = (centred - centred.mean()).add_prefix("s")
    lin = smf.ols("y ~ t * (s1 + s2 + s3 + s4)", frame.join(centred)).fit(cov_type="HC2")
    agree(row, {
        "fixed_estimate": table.loc["fixed effect", "eff"], "fixed_std_error": table.loc["fixed effect", "sd_eff"],
        "q_statistic": meta.q, "q_p_value": stats.chi2.sf(meta.q, 4), "i2": meta.i2, "tau2": meta.tau2,
        "random_estimate": table.loc["random effect", "eff"], "random_std_error": table.loc["random effect", "sd_eff"],
        "poststratified_estimate": lin.params["t"], "poststratified_std_error": lin.bse["t"],
    }, 1e-8)  # fmt: skip


def test_tau_squared_is_never_below_zero(ask):
    arms = [literal([(100.0, value, 1.0, 0.01) for value in values]) for values in ([5, 5, 5], [6, 6.1, 5.9])]
    row = ask("select * from stats.stratified_effect(%s::stats.readout[], %s::stats.readout[])", *arms)[0]
    assert (row["tau2"], row["i2"]) == (0, 0)
    assert row["random_std_error"] == row["fixed_std_error"]


def test_the_post_stratified_effect_is_the_pooled_one_when_the_mix_is_equal(ask, chance):
    values = [[chance.normal(s, 1, 40 * (s + 1)) for s in range(4)] for _ in range(2)]
    arms = [literal([readout(v) for v in arm]) for arm in values]
    pooled = np.concatenate(values[1]).mean() - np.concatenate(values[0]).mean()
    row = ask("select * from stats.simpson(%s::stats.readout[], %s::stats.readout[])", *arms)[0]
    assert near(row["pooled_difference"], pooled)
    assert near(row["poststratified_difference"], pooled)
    assert row["warning"] is False


def test_a_stratum_that_is_too_small_is_left_out_and_counted(ask):
    arms = [literal([readout([1, 2, 3]), readout([4])]), literal([readout([2, 3, 5]), readout([1, 9])])]
    row = ask("select * from stats.stratified_effect(%s::stats.readout[], %s::stats.readout[])", *arms)[0]
    assert (row["strata"], row["strata_left_out"], row["reason_code"]) == (1, 1, None)
    assert near(row["poststratified_estimate"], 10 / 3 - 2)
    assert row["q_p_value"] is None


def test_berkeley_gets_its_simpson_warning(ask):
    cells = BERKELEY.values()
    arms = [
        literal([readout(zeros_and_ones(k, n)) for k, n in pairs])
        for pairs in ([c[:2] for c in cells], [c[2:] for c in cells])
    ]
    row = ask("select * from stats.simpson(%s::stats.readout[], %s::stats.readout[])", *arms)[0]
    assert row["warning"] is True
    agree(row, {"pooled_difference": -0.141645428246542, "poststratified_difference": 0.0426367977713009})
    counts = np.array([[c[1] for c in cells], [c[3] for c in cells]])
    mix = stats.chi2_contingency(counts, correction=False)
    agree(row, {"mix_statistic": mix.statistic, "mix_p_value": mix.pvalue})


def cmh_of(ask, tables):
    columns = [list(map(float, column)) for column in zip(*tables, strict=True)]
    return ask("select * from stats.cmh(%s::float8[], %s::float8[], %s::float8[], %s::float8[])", *columns)[0]


def test_tables_in_strata_against_statsmodels(ask, chance):
    made = [
        (int(chance.binomial(n0, 0.3)), n0, int(chance.binomial(n1, 0.4)), n1)
        for n0, n1 in chance.integers(20, 400, (7, 2)).tolist()
    ]
    for tables in (list(BERKELEY.values()), made):
        oracle = StratifiedTable([np.array([[k1, n1 - k1], [k0, n0 - k0]], float) for k0, n0, k1, n1 in tables])
        plain, corrected = oracle.test_null_odds(), oracle.test_null_odds(correction=True)
        equal = oracle.test_equal_odds()
        agree(cmh_of(ask, tables), {
            "odds_ratio": oracle.oddsratio_pooled, "log_odds_std_error": oracle.logodds_pooled_se,
            "risk_ratio": oracle.riskratio_pooled, "statistic": plain.statistic, "p_value": plain.pvalue,
            "corrected_statistic": corrected.statistic, "corrected_p_value": corrected.pvalue,
            "breslow_day_statistic": equal.statistic, "breslow_day_p_value": equal.pvalue,
            "odds_ratio_low": oracle.oddsratio_pooled_confint()[0],
        })  # fmt: skip


@pytest.mark.parametrize(
    ("tables", "reason"),
    [([(0, 10, 0, 10)], "zero_variance"), ([(0, 10, 4, 10)], "zero_cell"), ([(0, 0, 3, 10)], "zero_variance")],
)
def test_tables_in_which_nothing_can_be_said(ask, tables, reason):
    row = cmh_of(ask, tables)
    assert (row["odds_ratio"], row["reason_code"]) == (None, reason)


def test_half_a_unit_from_the_expectation_is_no_surprise_at_all(ask):
    # Within half a unit of what is expected nothing could have come closer: the exact conditional p is 1, and so is the corrected
    # one. (R then drops the correction; statsmodels lets the statistic grow again as the gap shrinks.)
    for tables in ([(5, 10, 5, 10)], [(6, 13, 5, 10)]):
        ((k0, n0, k1, n1),) = tables
        row = cmh_of(ask, tables)
        assert abs(k1 - n1 * (k0 + k1) / (n0 + n1)) < 0.5
        assert (row["corrected_statistic"], row["corrected_p_value"]) == (0, 1)
        assert stats.fisher_exact([[k1, n1 - k1], [k0, n0 - k0]]).pvalue == pytest.approx(1)


def factorial_frame(chance, k, rows):
    frame = pd.DataFrame(chance.integers(0, 2, (rows, k)), columns=list("abcd"[:k]))
    frame["y"] = chance.gamma(3, 2, rows) + frame.a * 1.5 - 0.7 * frame.a * frame.b + 0.3 * frame.iloc[:, k - 1]
    return frame


def cells_of(frame, k):
    names = list("abcd"[:k])
    masks = range(2**k)
    chosen = [frame[(frame[names] == [m >> j & 1 for j in range(k)]).all(axis=1)].y for m in masks]
    return [readout(values) for values in chosen]


def test_factorial_effects_are_the_regression_on_coded_factors(ask, chance):
    frame = factorial_frame(chance, 3, 700)
    rows = ask(
        "select * from stats.factorial_effects(array['a','b','c'], %s::stats.readout[])", literal(cells_of(frame, 3))
    )
    coded = frame.assign(**{name: frame[name] - 0.5 for name in "abc"})
    oracle = smf.ols("y ~ a * b * c", coded).fit(cov_type="HC2")
    assert len(rows) == 7
    for row in rows:
        name = ":".join(row["factors_of"])
        agree(row, {"estimate": oracle.params[name], "std_error": oracle.bse[name]}, 1e-8)
    holm = multipletests([row["p_value"] for row in rows], method="holm")[1]
    assert all(near(row["p_holm"], p) for row, p in zip(rows, holm, strict=True))


def shapley_by_orders(values, k, union_of=None):
    """Average of what a player adds, over all orders that keep unions together."""
    credit, orders = [0.0] * k, 0
    for order in itertools.permutations(range(k)):
        if union_of:
            runs = [union for union, _ in itertools.groupby(order, key=lambda i: union_of[i])]
            if len(runs) != len(set(runs)):
                continue
        orders += 1
        mask = 0
        for i in order:
            credit[i] += values[mask | 1 << i] - values[mask]
            mask |= 1 << i
    return [c / orders for c in credit]


@pytest.mark.parametrize("unions", [None, [7, 9, 9, 7], [1, 2, 2, 2]])
def test_credit_is_the_average_over_orders_and_adds_up_to_the_last_digit(ask, chance, unions):
    cells = cells_of(factorial_frame(chance, 4, 900), 4)
    query = "stats.shapley(%s, %s::stats.readout[])" if unions is None else "stats.owen(%s, %s, %s::stats.readout[])"
    arguments = [list("abcd"), *([] if unions is None else [unions]), literal(cells)]
    rows = ask(f"select * from {query}", *arguments)
    expected = shapley_by_orders([c[1] for c in cells], 4, unions)
    assert all(near(row["credit"], e) for row, e in zip(rows, expected, strict=True))
    assert sum(row["credit"] for row in rows) == Decimal(repr(rows[0]["total"]))
    # The error by hand: what a credit moves when one cell's mean moves, squared, times that mean's variance.
    moved = [
        shapley_by_orders([float(i == cell) for i in range(16)], 4, unions)[0] ** 2 * cells[cell][2]
        for cell in range(16)
    ]
    assert near(rows[0]["std_error"], math.sqrt(sum(moved)))


def test_a_cell_that_was_never_run_leaves_credit_absent_with_a_reason(ask):
    cells = literal([readout([1, 2]), readout([]), readout([2, 3]), readout([5, 6])])
    rows = ask("select * from stats.shapley(array['a', 'b'], %s::stats.readout[])", cells)
    assert [(row["credit"], row["reason_code"]) for row in rows] == [(None, "no_value")] * 2
    assert ask("select * from stats.shapley(array['a'], %s::stats.readout[])", cells) == []


def test_parts_add_up_exactly_or_are_not_given(ask, chance):
    for size in (1, 2, 7, 40):
        parts = (chance.normal(0, 1, size) * 10.0 ** chance.integers(-9, 9, size)).tolist()
        total = math.fsum(parts)
        found = ask("select stats.exact_parts(%s, %s) as parts", parts, total)[0]["parts"]
        assert sum(found) == Decimal(repr(total))
        assert all(near(f, p, 1e-12, 1e-14 * max(map(abs, parts))) for f, p in zip(found, parts, strict=True))
    wrong = "select stats.exact_parts(array[1, 2]::float8[], 4) a, stats.exact_parts(array[1, null]::float8[], 1) b, "
    assert set(ask(wrong + "stats.exact_parts(array['nan']::float8[], 1) c")[0].values()) == {None}


def test_differences_in_differences_against_regression(ask, chance):
    frame = pd.DataFrame({"t": chance.integers(0, 2, 500), "after": chance.integers(0, 2, 500)})
    frame["y"] = chance.normal(10, 2, 500) + frame.t + 0.5 * frame.after + 0.8 * frame.t * frame.after
    cells = [readout(frame[(frame.t == t) & (frame.after == a)].y) for t in (0, 1) for a in (0, 1)]
    row = ask(
        "select e.* from (select %s::stats.readout[] as c) x, stats.difference_in_differences(c[1], c[2], c[3], c[4]) e",
        literal(cells),
    )[0]
    oracle = smf.ols("y ~ t * after", frame).fit(cov_type="HC2")
    low, high = oracle.conf_int().loc["t:after"]
    agree(row, {"estimate": oracle.params["t:after"], "std_error": oracle.bse["t:after"],
                "p_value": oracle.pvalues["t:after"], "ci_low": low, "ci_high": high}, 1e-8)  # fmt: skip
    crossed = ask(
        "select e.* from (select %s::stats.readout[] as c) x, stats.experiment_interaction(c[1], c[2], c[3], c[4]) e",
        literal(cells),
    )[0]
    assert (crossed["estimate"], crossed["std_error"]) == (row["estimate"], row["std_error"])
    assert crossed["ci_high"] > row["ci_high"]
    assert crossed["degrees_of_freedom"] < 500


def test_a_panel_is_compared_by_its_own_changes(ask, chance):
    before = chance.normal(5, 3, 200)
    treated = chance.random(200) < 0.5
    after = before + chance.normal(0.2, 0.5, 200) + 0.3 * treated
    row = ask(
        "select * from stats.panel_difference_in_differences(%s, %s, %s)",
        [*before.tolist(), None], [*after.tolist(), 4.0], [*treated.tolist(), True],
    )[0]  # fmt: skip
    change = after - before
    oracle = stats.ttest_ind(change[treated], change[~treated], equal_var=False)
    agree(row, {"estimate": change[treated].mean() - change[~treated].mean(), "p_value": oracle.pvalue,
                "degrees_of_freedom": oracle.df})  # fmt: skip


def test_the_pretrend_is_weighted_regression_of_the_gaps(ask, chance):
    controls, variants = ([readout(chance.normal(m + i, 1, 30 + 9 * i)) for i in range(5)] for m in (0, 1))
    row = ask(
        "select * from stats.pretrend(%s, %s::stats.readout[], %s::stats.readout[])",
        [1.0, 2.0, 3.0, 5.0, 6.0], literal(controls), literal(variants),
    )[0]  # fmt: skip
    gaps = np.array([b[1] - a[1] for a, b in zip(controls, variants, strict=True)])
    w = 1 / np.array([a[2] + b[2] for a, b in zip(controls, variants, strict=True)])
    design = np.column_stack([np.ones(5), [1, 2, 3, 5, 6]])
    inverse = np.linalg.inv(design.T @ (design * w[:, None]))
    slope = (inverse @ design.T @ (w * gaps))[1]
    meta = combine_effects(gaps, 1 / w)
    agree(row, {"slope": slope, "std_error": math.sqrt(inverse[1, 1]), "q_statistic": meta.q,
                "p_value": 2 * stats.norm.sf(abs(slope) / math.sqrt(inverse[1, 1]))}, 1e-8)  # fmt: skip
    assert ask("select * from stats.pretrend(array[]::float8[], null, null)")[0]["reason_code"] == "too_few_periods"


def test_parts_of_steps_add_up_also_where_an_arm_never_came(ask, chance):
    for most in (3, 20):
        for _ in range(15):
            n = chance.integers(0, most, (2, 4)).astype(float)
            n[:, 1] += 1
            y = n * chance.normal(5, 3, (2, 4))
            columns = [n[0].tolist(), y[0].tolist(), n[1].tolist(), y[1].tolist()]
            rows = ask("select * from stats.step_credits(%s, %s, %s, %s)", *columns)
            found = sum(row["going_on"] + row["stopping"] for row in rows)
            assert near(found, y[1].sum() / n[1].sum() - y[0].sum() / n[0].sum(), 1e-9, 1e-9)


def test_the_step_at_which_units_drop_out_gets_the_blame(ask):
    """All who end the workflow book; in the variant, three in ten more stop at the second step."""
    rows = ask(
        "select * from stats.step_credits(array[0,10,10,80], array[0,0,0,80], array[0,10,40,50], array[0,0,0,50])"
    )
    assert [round(row["going_on"] + row["stopping"], 12) for row in rows] == [0, 0, -0.3, 0]
