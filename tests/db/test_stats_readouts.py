"""From units to effects: moments, readouts, contrasts, lifts, ratios and CUPED, each against numpy and scipy on the units."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from support.moments import ARM, columns, compare
from support.sums import near

CONTRAST = "select t.* from r, stats.contrast(c, v) t"
LIFT = (
    "select t.*, l.lift, l.std_error as lift_error, l.ci_low as lift_low, l.ci_high as lift_high, l.reason_code as why"
)


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(20261122)


def welch(control, variant) -> dict[str, float]:
    """What a contrast must say, from the units themselves."""
    result = stats.ttest_ind(variant, control, equal_var=False)
    interval = result.confidence_interval()
    parts = [np.var(a, ddof=1) / len(a) for a in (control, variant)]
    return {
        "difference": np.mean(variant) - np.mean(control), "std_error": math.sqrt(sum(parts)),
        "degrees_of_freedom": result.df, "p_value": result.pvalue, "ci_low": interval.low, "ci_high": interval.high,
    }  # fmt: skip


def agree(row, expected, relative: float = 1e-9):
    assert {k: row[k] for k, v in expected.items() if not near(row[k], v, relative, 1e-11)} == {}, expected


def test_means_by_welch(ask, chance):
    control, variant = chance.gamma(2, 3, 400), chance.gamma(2, 3.4, 77)
    agree(compare(ask, control, variant, CONTRAST), welch(control, variant))


@pytest.mark.parametrize("offset", [1e8, 1e9, 1.7e12])
def test_large_values_keep_their_variance(ask, chance, offset):
    control, variant = (np.round(chance.normal(shift, 1, 500), 3) + offset for shift in (0, 0.15))
    exact = [[Fraction(float(value)) for value in arm] for arm in (control, variant)]
    row = compare(
        ask, control, variant, "select (a).yy / 499 as v0, (b).yy / 499 as v1, t.* from r, stats.contrast(c, v) t"
    )
    for name, units in zip(("v0", "v1"), exact, strict=True):
        mean = sum(units) / 500
        # The sums are of the shortest decimals; a double of this size lies up to 1e-4 beside its own.
        assert row[name] == pytest.approx(float(sum((u - mean) ** 2 for u in units) / 499), rel=1e-4)
    assert row["p_value"] == pytest.approx(
        stats.ttest_ind(variant - offset, control - offset, equal_var=False).pvalue, rel=1e-2
    )


def test_a_far_tail_is_not_zero(ask):
    row = ask(
        "select * from stats.contrast(stats.readout_of(5000, 1, 1/5000.0), stats.readout_of(5000, 1.5, 1/5000.0))"
    )[0]
    assert math.log(row["p_value"]) == pytest.approx(math.log(2 * stats.t.sf(25, 9998)), rel=1e-12)
    further = ask("select * from stats.contrast(stats.readout_of(50000, 1, 1e-5), stats.readout_of(50000, 2, 1e-5))")[0]
    assert further["p_value"] == 0
    assert -25000 / math.log(10) < further["log10_p"] < -15000 / math.log(10)


@pytest.mark.parametrize(
    ("control", "variant", "difference", "std_error", "reason"),
    [
        ([1, 2, 3], [], None, None, "too_few_subjects"),
        ([], [], None, None, "no_subjects"),
        ([1], [2], 1, None, "too_few_subjects"),
        ([1], [2, 3, 4], 2, None, "too_few_subjects"),
        ([1] * 50, [2] * 50, 1, 0, "zero_variance"),
        ([0.1] * 50, [0.1] * 50, 0, 0, "zero_variance"),
    ],
)
def test_what_cannot_be_computed_is_null_with_a_reason(ask, control, variant, difference, std_error, reason):
    row = compare(ask, control, variant, CONTRAST)
    assert (row["difference"], row["std_error"], row["reason_code"]) == (difference, std_error, reason)
    assert {row[name] for name in ("p_value", "log10_p", "ci_low", "ci_high", "degrees_of_freedom")} == {None}


def test_lifts_linear_and_on_the_log_scale(ask, chance):
    control, variant = chance.gamma(2, 3, 400), chance.gamma(2, 3.4, 77)
    (m0, v0), (m1, v1) = ((np.mean(a), np.var(a, ddof=1) / len(a)) for a in (control, variant))
    df = welch(control, variant)["degrees_of_freedom"]
    error = math.sqrt(v1 / m0**2 + v0 * m1**2 / m0**4)
    row = compare(ask, control, variant, "select l.* from r, stats.lift_linear(c, v) l")
    agree(row, {
        "lift": m1 / m0 - 1, "std_error": error, "ci_low": m1 / m0 - 1 - stats.t.isf(0.025, df) * error,
        "p_value": 2 * stats.t.sf((m1 / m0 - 1) / error, df),
    })  # fmt: skip
    parts = (v0 / m0**2, v1 / m1**2)
    df = sum(parts) ** 2 / (parts[0] ** 2 / 399 + parts[1] ** 2 / 76)
    half = stats.t.isf(0.025, df) * math.sqrt(sum(parts))
    row = compare(ask, control, variant, "select l.* from r, stats.lift(c, v) l")
    agree(row, {"lift": m1 / m0 - 1, "ci_low": m1 / m0 * math.exp(-half) - 1, "ci_high": m1 / m0 * math.exp(half) - 1})


def test_up_is_up_from_a_negative_baseline(ask):
    row = compare(
        ask, [-2, -3, -2.5, -2.2], [-1, -1.5, -1.2, -0.9], f"{LIFT} from r, stats.contrast(c, v) t, stats.lift(c, v) l"
    )
    assert row["difference"] == pytest.approx(1.275)
    assert row["lift"] == pytest.approx(1.275 / 2.425)
    assert 0 < row["lift_low"] < row["lift"] < row["lift_high"]


@pytest.mark.parametrize(("control", "variant"), [([0] * 40, [0] * 30 + [1] * 10), ([-1, 1, -1, 1.1], [5, 6, 7])])
def test_nothing_is_relative_to_a_baseline_of_nothing(ask, control, variant):
    row = compare(ask, control, variant, f"{LIFT} from r, stats.contrast(c, v) t, stats.lift(c, v) l")
    assert row["p_value"] < 0.05
    assert (row["lift"], row["lift_low"], row["why"], row["reason_code"]) == (None, None, "no_baseline", None)


def test_a_ratio_by_the_delta_method(ask, chance):
    arms = []
    for rate in (0.3, 0.35):
        d = chance.poisson(4, 300)
        arms.append({"y": chance.binomial(d, rate), "d": d})
    row = compare(ask, *arms, "select t.* from r, stats.contrast(stats.ratio_readout(a), stats.ratio_readout(b)) t")
    ratios = [arm["y"].sum() / arm["d"].sum() for arm in arms]
    expected = welch(*((a["y"] - r * a["d"]) / a["d"].mean() + r for a, r in zip(arms, ratios, strict=True)))
    agree(row, expected | {"mean_control": ratios[0], "mean_variant": ratios[1]})


def test_ratios_of_nothing_and_without_noise(ask):
    query = "select t.* from r, stats.contrast(stats.ratio_readout(a), stats.ratio_readout(b)) t"
    some = {"y": [1, 2, 3], "d": [2, 3, 3]}
    row = compare(ask, {"y": [0, 0], "d": [0, 0]}, some, query)
    assert (row["difference"], row["reason_code"]) == (None, "no_value")
    exact = {"y": [0.3, 0.6, 0.7], "d": [3, 6, 7]}
    row = compare(ask, exact, exact, query)
    assert (row["difference"], row["std_error"], row["reason_code"]) == (0, 0, "zero_variance")


def adjusted(arms, covariates, centre):
    """CUPED on units: theta from all of them together."""
    theta = np.cov(np.concatenate(arms), np.concatenate(covariates))[0, 1] / np.var(np.concatenate(covariates), ddof=1)
    return theta, [y - theta * (x - centre) for y, x in zip(arms, covariates, strict=True)]


CUPED = """select t.*, stats.cuped_theta(p, {zero}) as theta, stats.variance_reduction(s, t) as saved
  from r, stats.contrast(stats.cuped_readout(a, p, {zero}), stats.cuped_readout(b, p, {zero})) t, stats.contrast(c, v) s"""


@pytest.mark.parametrize("missing", ["nobody", "filled with the mean", "nothing happened"])
def test_cuped_on_means(ask, chance, missing):
    arms, covariates, present = [], [], []
    for n, shift in ((300, 0), (220, 0.4)):
        x = chance.gamma(2, 2, n)
        arms.append(0.7 * x + chance.normal(shift, 1, n))
        present.append(np.ones(n) if missing == "nobody" else (chance.random(n) < 0.6) * 1.0)
        covariates.append(x * present[-1])
    known = np.concatenate(covariates)[np.concatenate(present) == 1].mean()
    fill = 0 if missing == "nothing happened" else known
    filled = [np.where(w == 1, x, fill) for x, w in zip(covariates, present, strict=True)]
    theta, units = adjusted(arms, filled, np.concatenate(filled).mean())
    given = [{"y": y, "x": x, "w": w} for y, x, w in zip(arms, covariates, present, strict=True)]
    row = compare(ask, *given, CUPED.format(zero="true" if missing == "nothing happened" else "false"))
    expected = welch(*units)
    saved = 1 - (expected["std_error"] / welch(*arms)["std_error"]) ** 2
    agree(row, expected | {"theta": theta, "saved": saved})


def test_a_covariate_that_says_nothing_changes_nothing(ask, chance):
    arms = [{"y": chance.normal(0, 1, 40), "x": [3] * 40} for _ in range(2)]
    row = compare(ask, *arms, CUPED.format(zero="false"))
    agree(row, welch(arms[0]["y"], arms[1]["y"]))
    assert (row["theta"], row["saved"]) == (None, 0)
    outcome = chance.normal(0, 1, 40)
    row = compare(ask, *({"y": outcome + shift, "x": outcome} for shift in (0, 0)), CUPED.format(zero="false"))
    assert (row["std_error"], row["reason_code"]) == (0, "zero_variance")


def test_cuped_on_a_ratio(ask, chance):
    arms = []
    for n, rate in ((400, 0.3), (350, 0.34)):
        skill, w = chance.beta(3, 7, n), chance.poisson(5, n) + 1
        d = chance.poisson(5, n) + 1
        arms.append({"y": chance.binomial(d, skill + rate - 0.3), "d": d, "x": chance.binomial(w, skill), "w": w})
    query = "stats.contrast(stats.ratio_cuped_readout(a, p), stats.ratio_cuped_readout(b, p)) t"
    row = compare(ask, *arms, f"select t.*, stats.ratio_theta(p) as theta from r, {query}")

    def lines(them, top, bottom):
        return (them[top] - them[top].sum() / them[bottom].sum() * them[bottom]) / them[bottom].mean()

    everybody = {name: np.concatenate([arm[name] for arm in arms]) for name in "ydxw"}
    now, before = lines(everybody, "y", "d"), lines(everybody, "x", "w")
    theta = np.cov(now, before)[0, 1] / np.var(before, ddof=1)
    past = everybody["x"].sum() / everybody["w"].sum()
    units = [
        a["y"].sum() / a["d"].sum() - theta * (a["x"].sum() / a["w"].sum() - past)
        + lines(a, "y", "d") - theta * lines(a, "x", "w") for a in arms
    ]  # fmt: skip
    agree(row, welch(*units) | {"theta": theta})
    assert (
        row["std_error"]
        < compare(ask, *arms, "select t.* from r, stats.contrast(stats.ratio_readout(a), stats.ratio_readout(b)) t")[
            "std_error"
        ]
    )


def test_strata_are_put_together_by_fixed_weights(ask, chance):
    parts = [chance.normal(i, 1 + i, 50 * (i + 1)) for i in range(3)]
    readouts = (
        "array["
        + ", ".join(f"stats.readout_of({len(p)}, {p.mean()!r}, {p.var(ddof=1) / len(p)!r})" for p in parts)
        + "]"
    )
    row = ask(f"select (t).* from (select stats.combined({readouts}, '{{1, 2, 5}}') as t) x".replace("np.float64", ""))[
        0
    ]
    shares = np.array([1, 2, 5]) / 8
    variances = shares**2 * [p.var(ddof=1) / len(p) for p in parts]
    assert row["n"] == 300
    assert row["value"] == pytest.approx(shares @ [p.mean() for p in parts])
    assert row["variance"] == pytest.approx(variances.sum())
    assert row["spread"] == pytest.approx(sum(variances**2 / [len(p) - 1 for p in parts]))


def test_moments_merge_as_if_they_were_one(ask, chance):
    parts = [[chance.normal(5, 2, n) for _ in range(4)] for n in (3, 40, 17)]
    whole = ask("select (m).* from (select stats.merged(array[" + ", ".join([ARM] * 3) + "]) as m) x", *flat(parts))[0]
    together = ask(
        f"select (m).* from (select {ARM} as m) x",
        *flat([[np.concatenate(c) for c in zip(*parts, strict=True)]]),
    )[0]
    agree(whole, together, 1e-12)


def flat(parts) -> list[list[float]]:
    return [column for part in parts for column in columns(*part)]


def test_no_number_raises(ask, chance):
    """Whatever a unit may hold, the answer is a number or an absence with a reason."""
    extremes = [
        0,
        1,
        -1,
        1e-308,
        -1e-308,
        1e-200,
        1e-170,
        1e-80,
        1e-75,
        1e75,
        1e80,
        -1e170,
        1e200,
        1e308,
        -1e308,
        5e-324,
    ]
    query = """select t.*, l.lift, e.lift as linear, q.p_value as ratio_p, u.p_value as cuped_p, z.p_value as both_p
      from r, stats.contrast(c, v) t, stats.lift(c, v) l, stats.lift_linear(c, v) e,
        stats.contrast(stats.ratio_readout(a), stats.ratio_readout(b)) q,
        stats.contrast(stats.cuped_readout(a, p), stats.cuped_readout(b, p)) u,
        stats.contrast(stats.ratio_cuped_readout(a, p), stats.ratio_cuped_readout(b, p)) z,
        stats.noninferiority(c, v, 0.1, true, true) g, stats.confidence_sequence(t.difference, t.std_error, 9) s,
        stats.bayes_normal(t.difference, t.std_error, 0, 1) n"""
    for _ in range(150):
        arms = [{name: chance.choice(extremes, 3) for name in "ydxw"} for _ in range(2)]
        row = compare(ask, *arms, query)
        assert row["p_value"] is not None or row["reason_code"] is not None, arms
