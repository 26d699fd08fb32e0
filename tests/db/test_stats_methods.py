"""What is said of a contrast: shares, looking at any time, beliefs, guardrails, sample ratios, corrections, power."""

import itertools
import math

import numpy as np
import pytest
from scipy import integrate, optimize, stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower, TTestIndPower
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from support.moments import compare
from support.sums import near


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(20261122)


def agree(row, expected, relative: float = 1e-9):
    assert {k: row[k] for k, v in expected.items() if not near(row[k], v, relative, 1e-12)} == {}, expected


@pytest.mark.parametrize(
    ("k0", "n0", "k1", "n1"), [(100, 1000, 120, 1000), (0, 50, 5, 50), (211, 622, 1700, 2203), (9, 9, 8, 9)]
)
def test_two_shares(ask, k0, n0, k1, n1):
    row = ask(
        "select p.*, w.low, w.high from stats.proportions(%s, %s, %s, %s) p, stats.wilson(%s, %s) w",
        k0, n0, k1, n1, k1, n1,
    )[0]  # fmt: skip
    newcombe = confint_proportions_2indep(k1, n1, k0, n0, method="newcomb", compare="diff")
    wald = confint_proportions_2indep(k1, n1, k0, n0, method="wald", compare="diff")
    z, p = proportions_ztest([k1, k0], [n1, n0])
    low, high = proportion_confint(k1, n1, method="wilson")
    agree(row, {
        "newcombe_low": newcombe[0], "newcombe_high": newcombe[1], "wald_low": wald[0], "wald_high": wald[1],
        "z_pooled": z, "log10_p_pooled": math.log10(p), "low": low, "high": high,
    })  # fmt: skip
    assert row["p_value_pooled"] == pytest.approx(p, rel=1e-9)


def test_shares_that_cannot_be(ask):
    row = ask("select * from stats.proportions(0, 40, 0, 50)")[0]
    assert (row["difference"], row["p_value_pooled"], row["reason_code"]) == (0, None, "zero_variance")
    assert row["newcombe_low"] < 0 < row["newcombe_high"]
    assert ask("select reason_code from stats.proportions(0, 0, 3, 5)")[0]["reason_code"] == "no_subjects"
    assert ask("select stats.wilson(6, 5) as w")[0]["w"] is None
    ends = ask("select a.low, b.high from stats.wilson(0, 10) a, stats.wilson(10, 10) b")[0]
    assert (ends["low"], ends["high"]) == (0, 1)


@pytest.mark.parametrize("n", [120, 5000, 1e6])
def test_the_sequence_is_a_likelihood_ratio_of_a_normal_mixture(ask, n):
    rho = (-2 * math.log(0.05) + math.log(1 - 2 * math.log(0.05))) / 5000
    mixed = math.sqrt(1 + n * rho)
    row = ask("select * from stats.confidence_sequence(0.9, 0.2, %s)", n)[0]
    ln_p = stats.norm.logpdf(0.9 / 0.2) - stats.norm.logpdf(0.9 / 0.2, scale=mixed)
    agree(row, {"p_value": min(1, math.exp(ln_p)), "log10_p": min(0, ln_p) / math.log(10)})
    edge = optimize.brentq(lambda z: stats.norm.logpdf(z) - stats.norm.logpdf(z, scale=mixed) - math.log(0.05), 0.5, 40)
    agree(row, {"ci_low": 0.9 - edge * 0.2, "ci_high": 0.9 + edge * 0.2})


def test_a_sequence_keeps_what_it_has_seen(ask):
    row = ask(
        "select stats.intersected(a, b) is not distinct from stats.intersected(b, a) as same, (stats.intersected(a, b)).* "
        "from stats.confidence_sequence(0.9, 0.2, 500) a, stats.confidence_sequence(0.5, 0.1, 2000) b"
    )[0]
    parts = ask(
        "select greatest(a.ci_low, b.ci_low) as ci_low, least(a.ci_high, b.ci_high) as ci_high, least(a.p_value, b.p_value) as p "
        "from stats.confidence_sequence(0.9, 0.2, 500) a, stats.confidence_sequence(0.5, 0.1, 2000) b"
    )[0]
    assert (row["same"], row["ci_low"], row["ci_high"], row["p_value"]) == (
        True,
        parts["ci_low"],
        parts["ci_high"],
        parts["p"],
    )
    row = ask(
        "select (stats.intersected(a, b)).reason_code from stats.confidence_sequence(9, 0.1, 5000) a, "
        "stats.confidence_sequence(-9, 0.1, 5000) b"
    )[0]
    assert row["reason_code"] == "looks_disagree"


def test_looking_twenty_times_raises_few_false_alarms(ask):
    """A/A at twenty looks: the fixed test cries wolf in a quarter of the cases, the sequence hardly ever."""
    row = ask(
        """with draws as (
             select r, 250 * look as n, sum(sqrt(-2 * ln(1 - u)) * cos(6.283185307179586 * v)) over (partition by r order by look)
               / sqrt(look) as z
             from generate_series(1, 400) r, generate_series(1, 20) look,
               lateral (select ('x' || substr(md5(r || ':' || look), 1, 8))::bit(32)::bigint / 4294967296.0 as u,
                 ('x' || substr(md5(r || ':' || look), 9, 8))::bit(32)::bigint / 4294967296.0 as v) uniform
           ),
           looked as (
             select r, bool_or(abs(z) > 1.96) as fixed, bool_or(s.p_value < 0.05) as sequential
             from draws, lateral stats.confidence_sequence(z, 1, n) s group by r
           )
           select avg(fixed::integer) as fixed, avg(sequential::integer) as sequential from looked"""
    )[0]
    assert row["fixed"] > 0.18
    assert row["sequential"] < 0.05


@pytest.mark.parametrize("prior", [None, 0.3])
@pytest.mark.parametrize("higher", [True, False])
def test_a_normal_posterior(ask, prior, higher):
    weight = 0 if prior is None else 1 / (1 + (prior / 0.2) ** 2)
    mean, sd = weight * -0.1 + (1 - weight) * 0.5, 0.2 * math.sqrt(1 - weight)
    row = ask("select * from stats.bayes_normal(0.5, 0.2, -0.1, %s, %s)", prior, higher)[0]
    belief = stats.norm(mean, sd)
    gain = belief.expect(lambda x: max(x, 0), lb=0)
    loss = -belief.expect(lambda x: min(x, 0), ub=0)
    agree(row, {
        "mean": mean, "std_dev": sd, "chance_to_win": belief.sf(0) if higher else belief.cdf(0),
        "ci_low": belief.ppf(0.025), "ci_high": belief.ppf(0.975),
    })  # fmt: skip
    agree(row, {"risk_ship": loss if higher else gain, "risk_keep": gain if higher else loss}, 1e-7)


@pytest.mark.parametrize("counts", [(100, 1000, 120, 1000), (0, 50, 5, 50), (3, 10, 3, 10), (211, 622, 1700, 2203)])
def test_a_beta_posterior(ask, counts):
    k0, n0, k1, n1 = counts
    row = ask("select * from stats.bayes_beta(%s, %s, %s, %s)", *counts)[0]
    control, variant = stats.beta(1 + k0, 1 + n0 - k0), stats.beta(1 + k1, 1 + n1 - k1)

    def area(height):
        return integrate.quad(height, 0, 1, points=[control.mean(), variant.mean()], limit=400, epsabs=1e-12)[0]

    agree(row, {
        "chance_to_win": area(lambda x: variant.pdf(x) * control.cdf(x)),
        "risk_ship": area(lambda x: variant.cdf(x) * control.sf(x)),
        "risk_keep": area(lambda x: control.cdf(x) * variant.sf(x)),
    }, 1e-8)  # fmt: skip


def test_beta_sums_agree_with_each_other_and_with_the_normal(ask):
    row = ask(
        "select stats.beta_greater_sum(30, 70, 45, 60) a, stats.beta_greater_sum(60, 45, 70, 30) b, "
        "1 - stats.beta_greater_sum(45, 60, 30, 70) c, stats.beta_greater(5000, 45000, 5100, 45000) exact, "
        "stats.beta_greater(5000.5, 45000.5, 5100.5, 45000.5) approximate, stats.beta_greater(300, 30, 30, 300) small"
    )[0]
    assert row["a"] == pytest.approx(row["b"], rel=1e-12) == pytest.approx(row["c"], rel=1e-10)
    assert row["exact"] == pytest.approx(row["approximate"], abs=1e-4)
    # By quadrature in sixty digits.
    assert row["small"] == pytest.approx(2.71452964217743e-114, rel=1e-11)


@pytest.mark.parametrize("higher", [True, False])
@pytest.mark.parametrize(("shift", "status"), [(0, "inconclusive"), (0.2, "pass"), (-1.5, "fail")])
def test_not_worse_by_a_margin(ask, chance, higher, shift, status):
    good = 1 if higher else -1
    control = chance.normal(10, 1, 60)
    variant = chance.normal(10, 1, 50)
    variant += 10 + good * (shift - 0.3) - variant.mean() + control.mean() - 10
    row = compare(ask, control, variant, f"select g.* from r, stats.noninferiority(c, v, 0.3, {higher}) g")
    both = CompareMeans(DescrStatsW(variant), DescrStatsW(control))
    side = "larger" if higher else "smaller"
    t, p, df = both.ttest_ind(alternative=side, usevar="unequal", value=-good * 0.3)
    bound = both.tconfint_diff(0.05, side, "unequal")[0 if higher else 1]
    agree(row, {"statistic": t, "p_value": p, "degrees_of_freedom": df, "bound": bound})
    assert row["status"] == ("inconclusive" if status == "pass" and p >= 0.05 else status)


def test_a_relative_margin_counts_the_noise_of_the_control(ask, chance):
    control, variant = chance.normal(10, 1, 60), chance.normal(10, 1, 50)
    row = compare(ask, control, variant, "select g.* from r, stats.noninferiority(c, v, 0.05, true, true) g")
    result = stats.ttest_ind(variant, control * 0.95, equal_var=False, alternative="greater")
    agree(row, {"statistic": result.statistic, "p_value": result.pvalue, "margin": 0.05 * control.mean()})
    low = result.confidence_interval().low
    agree(row, {"bound": low - row["margin"]})
    row = compare(ask, [1, 1, 1], [1, 1, 1], "select g.* from r, stats.noninferiority(c, v, 0.1) g")
    assert (row["status"], row["p_value"], row["reason_code"]) == (None, None, "zero_variance")


@pytest.mark.parametrize(
    ("counts", "weights"),
    [([821588, 815482], [0.5, 0.5]), ([9100, 900], [9, 1]), ([500, 520, 510], [1, 1, 1]), ([0, 40], [1, 1])],
)
def test_sample_ratios(ask, counts, weights):
    row = ask("select * from stats.srm(%s::float8[], %s::float8[])", counts, weights)[0]
    expected = stats.chisquare(counts, np.array(weights) / sum(weights) * sum(counts))
    agree(row, {"statistic": expected.statistic, "degrees_of_freedom": len(counts) - 1})
    assert math.log(row["p_value"]) == pytest.approx(math.log(expected.pvalue), rel=1e-9)
    assert row["status"] == ("mismatch" if expected.pvalue < 0.001 else "ok")


def test_an_arm_of_weight_nought_neither_counts_nor_may_have_units(ask):
    row = ask("select * from stats.srm('{500, 520, 0}', '{1, 1, 0}')")[0]
    assert (row["degrees_of_freedom"], row["status"]) == (1, "ok")
    assert row["p_value"] == pytest.approx(stats.chisquare([500, 520]).pvalue, rel=1e-12)
    for verb in ("srm", "srm_anytime"):
        row = ask(f"select * from stats.{verb}('{{500, 520, 3}}', '{{1, 1, 0}}')")[0]
        assert (row["status"], row["reason_code"]) == ("mismatch", "unexpected_arm")
    query = "select status, reason_code, degrees_of_freedom from stats.srm(%s::float8[], '{1, 1}')"
    assert [tuple(ask(query, n)[0].values()) for n in ([0, 0], [4, 3])] == [
        ("not_enough_data", "no_subjects", 1), ("not_enough_data", "too_few_subjects", 1),
    ]  # fmt: skip


def test_sample_ratios_at_any_time(ask):
    for counts in ([821588, 815482], [505, 495], [560, 440]):
        row = ask("select * from stats.srm_anytime(%s::float8[], '{1, 1}')", counts)[0]
        factor = stats.betabinom.logpmf(counts[0], sum(counts), 50, 50) - stats.binom.logpmf(
            counts[0], sum(counts), 0.5
        )
        agree(row, {"log_bayes_factor": factor}, 1e-7)
        assert row["p_value"] == pytest.approx(min(1, math.exp(-factor)), rel=1e-6)


@pytest.mark.parametrize(
    "p_values", [[0.0001, 0.0201, 0.0004, 0.3, 0.0095, 0.3, 1.0], [0.04], [0.03, 0.02, 0.01, 0.01]]
)
def test_corrections(ask, p_values):
    gaps = [None, *p_values]
    row = ask("select stats.holm(%s::float8[]) as holm, stats.benjamini_hochberg(%s::float8[]) as bh", gaps, gaps)[0]
    for name, method in (("holm", "holm"), ("bh", "fdr_bh")):
        assert row[name][0] is None
        assert row[name][1:] == pytest.approx(list(multipletests(p_values, method=method)[1]), rel=1e-12)
    assert ask("select stats.holm('{}') as h")[0]["h"] == []


@pytest.mark.parametrize(("effect", "power"), list(itertools.product((0.1, 0.2, 0.5), (0.8, 0.9))))
def test_subjects_for_two_means(ask, effect, power):
    row = ask(
        "select stats.sample_size(1, %s, 0.5, 0.5, 0.05, %s) / 2 as t, stats.sample_size(1, %s, 0.5, 0.5, 0.05, %s, true) / 2 as z",
        effect, power, effect, power,
    )[0]  # fmt: skip
    assert row["t"] == pytest.approx(TTestIndPower().solve_power(effect, alpha=0.05, power=power), rel=3e-5)
    assert row["z"] == pytest.approx(NormalIndPower().solve_power(effect, alpha=0.05, power=power), rel=1e-5)


@pytest.mark.parametrize(
    ("n0", "n1", "alpha", "power"), [(3, 3, 0.05, 0.8), (26, 17, 0.01, 0.95), (640, 270, 0.1, 0.7)]
)
def test_what_few_and_unequal_arms_can_see(ask, n0, n1, alpha, power):
    (row,) = ask("select stats.detectable_effect(1, %s, %s, %s, %s) as t", n0, n1, alpha, power)
    meant = TTestIndPower().solve_power(nobs1=n0, ratio=n1 / n0, alpha=alpha, power=power)
    assert row["t"] == pytest.approx(meant, rel=1e-5 if n0 > 200 else 1e-7)


def test_what_can_be_seen_and_when(ask):
    row = ask(
        "select stats.detectable_effect(4, 1500, 1300, 0.05, 0.8) as t, stats.detectable_effect(4, 1500, 1300, 0.05, 0.8, true) as z, "
        "stats.sample_size_of_shares(0.1, 0.12, 0.05, 0.8) as wald, stats.sample_size_of_shares(0.1, 0.12, 0.05, 0.8, true) as arcsine, "
        "stats.days_to_decide(7700, 500) as weeks, stats.days_to_decide(7700, 500, false) as days, stats.days_to_decide(1, 0) as never"
    )[0]
    ratio = 1300 / 1500
    assert row["t"] == pytest.approx(
        2 * TTestIndPower().solve_power(nobs1=1500, ratio=ratio, alpha=0.05, power=0.8), rel=1e-4
    )
    assert row["z"] == pytest.approx(
        2 * NormalIndPower().solve_power(nobs1=1500, ratio=ratio, alpha=0.05, power=0.8), rel=1e-5
    )
    assert (row["wald"], row["arcsine"]) == (pytest.approx(3838.10219, rel=1e-6), pytest.approx(3834.5957, rel=1e-5))
    assert (row["days"], row["weeks"], row["never"]) == (16, 21, None)


def test_absurd_questions_have_no_answer_and_do_not_raise(ask):
    row = ask(
        "select stats.subjects_needed(1, 0, 0.5, 0.5, 0.05, 0.8) a, stats.subjects_needed(1, 1e-300, 0.5, 0.5, 0.05, 0.8) b, "
        "stats.subjects_needed(1e60, 1e-60, 0.5, 0.5, 0.05, 0.8) > 1e170 c, stats.detectable_effect(1, 1, 9, 0.05, 0.8) d, "
        "stats.sample_size(1, 0.1, 0.5, 0.5, 0.05, 0.4) e, (stats.srm_anytime('{0, 0}', '{1, 1}')).p_value f, "
        "stats.sample_size_of_shares(0.1, 0.1, 0.05, 0.8) g, (stats.bayes_beta(5, 4, 1, 2)).reason_code h, "
        "(stats.bayes_normal(1, 0)).reason_code i, (stats.confidence_sequence(1, null, 9)).reason_code j, "
        "(stats.noninferiority(null, null, 1)).reason_code k, stats.t_critical(0.05, 1e300) l"
    )[0]
    assert list(row.values()) == [
        None, None, True, None, None, None, None, "bad_counts", "zero_variance", "too_few_subjects", "no_subjects",
        pytest.approx(stats.norm.isf(0.025)),
    ]  # fmt: skip
