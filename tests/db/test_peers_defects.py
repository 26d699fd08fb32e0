"""What other engines were measured to get wrong, one test each. docs/reference/statistics.md has the table."""

import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from support.moments import compare

CONTRAST = "select k.* from r, stats.contrast(c, v) k"


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(6)


@pytest.mark.parametrize("offset", [1e8, 1e9])
def test_values_far_from_zero_keep_their_variance(ask, chance, offset):
    control, variant = (offset + np.round(chance.normal(shift, 1, 500), 4) for shift in (0, 0.15))
    row = compare(ask, control, variant, CONTRAST)
    near = stats.ttest_ind(variant - offset, control - offset, equal_var=False)
    assert row["p_value"] == pytest.approx(near.pvalue, rel=1e-4)
    assert 0.03 < row["std_error"] < 0.1


def test_a_tiny_p_is_not_zero(ask):
    (row,) = ask(
        "select k.* from stats.contrast(stats.readout_of(5000, 1, 0.0002), stats.readout_of(5000, 1.5, 0.0002)) k"
    )
    truth = stats.ttest_ind_from_stats(1.5, 1, 5000, 1, 1, 5000, equal_var=False).pvalue
    assert row["p_value"] == pytest.approx(truth, rel=1e-9)
    (split,) = ask("select s.* from stats.srm(array[50000, 55000], array[1, 1]) s")
    assert split["p_value"] == pytest.approx(stats.chisquare([50000, 55000]).pvalue, rel=1e-9)
    (beyond,) = ask("select s.* from stats.srm(array[500000, 550000], array[1, 1]) s")
    far = math.log(2) + stats.norm.logsf(math.sqrt(beyond["statistic"]))
    assert beyond["log10_p"] == pytest.approx(far / math.log(10), rel=1e-9)


@pytest.mark.parametrize(("value", "difference"), [(2, 1), (1, 0)])
def test_without_variance_the_difference_is_told_and_no_p(ask, value, difference):
    row = compare(ask, [1] * 50, [value] * 50, CONTRAST)
    assert (row["difference"], row["std_error"], row["p_value"], row["ci_low"]) == (difference, 0, None, None)
    assert row["reason_code"] == "zero_variance"


def test_a_control_of_zero_has_a_difference_and_no_lift(ask):
    zero, some = [0] * 5000, [0] * 4950 + [1] * 50
    row = compare(ask, zero, some, "select k.*, l.lift from r, stats.contrast(c, v) k, stats.lift(c, v) l")
    assert row["p_value"] == pytest.approx(stats.ttest_ind(some, zero, equal_var=False).pvalue, rel=1e-9)
    assert (row["difference"], row["lift"]) == (0.01, None)


def test_up_from_a_negative_baseline_is_up(ask, chance):
    control, variant = chance.normal(-1.99, 0.2, 80), chance.normal(-1.49, 0.2, 80)
    for function in ("lift", "lift_linear"):
        row = compare(ask, control, variant, f"select l.* from r, stats.{function}(c, v) l")
        assert row["lift"] == pytest.approx((variant.mean() - control.mean()) / abs(control.mean()), rel=1e-9)
        assert 0 < row["ci_low"] < row["lift"] < row["ci_high"]


@pytest.mark.parametrize(("higher", "side"), [(True, "greater"), (False, "less")])
def test_a_one_sided_interval_is_open_on_the_right_side(ask, chance, higher, side):
    control, variant = chance.normal(1, 1, 60), chance.normal(0.475, 1, 70)
    row = compare(ask, control, variant, f"select g.* from r, stats.noninferiority(c, v, 0, {higher}) g")
    test = stats.ttest_ind(variant, control, equal_var=False, alternative=side)
    ends = test.confidence_interval(0.95)
    assert row["bound"] == pytest.approx(ends.low if higher else ends.high, rel=1e-9)
    assert row["p_value"] == pytest.approx(test.pvalue, rel=1e-9)
    difference = variant.mean() - control.mean()
    assert row["bound"] < difference if higher else row["bound"] > difference


def test_an_arm_of_weight_zero_is_no_degree_of_freedom(ask):
    (row,) = ask("select s.* from stats.srm(array[500, 520, 0], array[0.5, 0.5, 0]) s")
    assert (row["degrees_of_freedom"], round(row["p_value"], 3), row["status"]) == (1, 0.531, "ok")
    (astray,) = ask("select s.* from stats.srm(array[500, 520, 3], array[0.5, 0.5, 0]) s")
    assert (astray["status"], astray["reason_code"]) == ("mismatch", "unexpected_arm")


def test_one_unit_has_a_difference_and_no_error(ask):
    row = compare(ask, [1], [2, 3, 4], CONTRAST)
    assert (row["difference"], row["std_error"], row["p_value"]) == (2, None, None)
    assert row["reason_code"] == "too_few_subjects"


def test_the_variance_between_strata_is_never_negative(ask):
    effects, errors = np.array([0.50, 0.51, 0.49]), np.array([0.20, 0.30, 0.25])
    other = combine_effects(effects, errors**2, method_re="dl")
    assert other.tau2 < 0  # the reason for this test: its random effect is too sure
    (row,) = ask(
        "select s.* from stats.stratified_effect(array(select stats.readout_of(1000, 0, 0.00001) from generate_series(1, 3)), "
        "array(select stats.readout_of(1000, e, s * s - 0.00001) from unnest(%s::float8[], %s::float8[]) u (e, s))) s",
        effects.tolist(), errors.tolist(),
    )  # fmt: skip
    assert row["tau2"] == 0
    assert row["random_std_error"] == pytest.approx(row["fixed_std_error"], rel=1e-12)
    assert row["fixed_std_error"] == pytest.approx(other.sd_eff_w_fe, rel=1e-6)


def test_a_ratio_is_that_of_the_sums_and_not_a_mean_of_ratios(ask):
    """Whoever calls much gets fewer right: each caller's own rate falls, and that of all calls rises."""
    calls = {"control": [1.0] * 9 + [91.0], "variant": [10.0] * 10}
    right = {"control": [1.0] * 9 + [1.0], "variant": [3.0] * 5 + [4.0] * 5}
    arms = [{"y": np.array(right[arm]), "d": np.array(calls[arm])} for arm in calls]
    row = compare(ask, *arms, "select t.* from r, stats.contrast(stats.ratio_readout(a), stats.ratio_readout(b)) t")
    of_callers = [np.mean(arm["y"] / arm["d"]) for arm in arms]
    assert of_callers[1] < of_callers[0]
    assert (row["mean_control"], row["mean_variant"]) == (pytest.approx(0.1), pytest.approx(0.35))
    assert row["difference"] == pytest.approx(0.25)
