"""The worker's methods against statsmodels' own formulas, published figures, and the definitions written out."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf

from upshot.adapters.analysis.group_sequential import bounds
from upshot.adapters.analysis.methods import StatsmodelsMethods
from upshot.domain.errors import FormulaError, NotComputableError
from upshot.domain.methods import METHODS

METHOD = StatsmodelsMethods()
COEFFICIENT = ("estimate", "std_error", "statistic", "p_value", "ci_low", "ci_high")


@pytest.fixture(scope="module")
def people():
    """A treatment that depends on what moves the outcome, in clusters, with a mediator and a plan."""
    chance = np.random.default_rng(7)
    n = 600
    age, plan, site = chance.normal(40, 9, n), chance.choice(["free", "pro", "team"], n), chance.integers(0, 12, n)
    treated = (chance.random(n) < 1 / (1 + np.exp(-(age - 40) / 12 - (plan == "pro") * 0.5))).astype(float)
    m = 0.8 * treated + 0.02 * age + chance.normal(0, 1, n)
    y = (
        3
        + 1.5 * treated
        + 0.9 * m
        + 0.1 * age
        + (plan == "team") * 2
        + chance.normal(0, 2, 12)[site]
        + chance.normal(0, 2, n)
    )
    return pd.DataFrame({"y": y, "treated": treated, "age": age, "plan": plan, "site": site, "m": m})


def run(method, frame, **inputs):
    return METHOD.run(method, {name: frame[name].tolist() for name in frame}, inputs)


def oracle(model, name):
    low, high = model.conf_int().loc[name]
    return [model.params[name], model.bse[name], model.tvalues[name], model.pvalues[name], low, high]


@pytest.mark.parametrize(
    "formula", ["y ~ treated*age + C(plan)", "y ~ C(plan)*C(site) + age", "y ~ plan:age + treated"]
)
@pytest.mark.parametrize("se", ["nonrobust", "HC1", "HC2", "cluster"])
def test_least_squares_are_those_of_statsmodels(people, formula, se):
    if se == "cluster":
        how = {"cov_type": "cluster", "cov_kwds": {"groups": people["site"]}, "use_t": True}
        found = run("ols", people, formula=formula, se=se, cluster="site")
    else:
        how = {"cov_type": se}
        found = run("ols", people, formula=formula, se=se)
    model = smf.ols(formula, people).fit(**how)
    if "C(site)" in formula and se == "cluster":
        return  # as many clusters as their own terms: nothing to compare with
    name = "treated" if "treated" in formula else "age"
    assert [found["coefficients"][name][key] for key in COEFFICIENT] == pytest.approx(oracle(model, name), rel=1e-7)
    assert set(found["coefficients"]) == set(model.params.index) - {"Intercept"}


def test_sequential_sums_of_squares_and_a_term_that_adds_nothing(people):
    found = run("anova", people, formula="y ~ C(plan) + treated*age")
    table = sm.stats.anova_lm(smf.ols("y ~ C(plan) + treated*age", people).fit())
    for term, row in found["terms"].items():
        assert [row["sum_sq"], row["f"], row["p_value"]] == pytest.approx(
            table.loc[term, ["sum_sq", "F", "PR(>F)"]], rel=1e-6
        )
    doubled = people.assign(twice=2 * people["age"])
    assert "twice" not in run("anova", doubled, formula="y ~ age + twice")["terms"]


def test_lins_adjustment_is_the_regression_with_centred_covariates(people):
    centred = people.assign(age=people["age"] - people["age"].mean())
    expected = oracle(smf.ols("y ~ treated*age", centred).fit(cov_type="HC2"), "treated")
    found = run("regression_adjustment", people, covariates=["age"])
    assert [found[key] for key in ("difference", *COEFFICIENT[1:])] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_weighting_and_its_diagnostics(people, link):
    right = "age + C(plan) + I(age**2)"
    e = getattr(smf, link)(f"treated ~ {right}", people).fit(disp=0, maxiter=200, tol=1e-12).predict()
    t = people["treated"]
    w = t / e + (1 - t) / (1 - e)
    expected = oracle(smf.wls("y ~ treated", people, weights=w).fit(cov_type="HC0"), "treated")
    found = run("ipw", people, propensity=f"treated ~ {right}", link=link)
    assert [found[key] for key in ("difference", *COEFFICIENT[1:])] == pytest.approx(expected, rel=1e-6)
    assert found["propensity_min"] == pytest.approx(e.min(), rel=1e-6)
    assert found["effective_n"]["treated"] == pytest.approx(w[t == 1].sum() ** 2 / (w[t == 1] ** 2).sum(), rel=1e-6)
    assert abs(found["balance"]["age"]["before"]) > 0.3
    assert abs(found["balance"]["age"]["after"]) < 0.1
    arms = [smf.ols(f"y ~ {right}", people[t == arm]).fit().predict(people) for arm in (0, 1)]
    psi = arms[1] - arms[0] + t * (people["y"] - arms[1]) / e - (1 - t) * (people["y"] - arms[0]) / (1 - e)
    double = run("aipw", people, propensity=f"treated ~ {right}", link=link)
    assert double["difference"] == pytest.approx(psi.mean(), rel=1e-6)
    assert double["std_error"] == pytest.approx(psi.std() / len(psi) ** 0.5, rel=1e-6)
    standardised = run("standardisation", people, formula=f"y ~ {right}")
    assert standardised["difference"] == pytest.approx((arms[1] - arms[0]).mean(), rel=1e-9)


def test_the_error_of_standardisation_is_that_of_resampling(people):
    chance = np.random.default_rng(3)
    spread = []
    for _ in range(400):
        drawn = people.iloc[chance.integers(0, len(people), len(people))]
        lines = [np.polyfit(arm["age"], arm["y"], 1) for _, arm in drawn.groupby("treated")]
        spread.append(np.polyval(lines[1] - lines[0], drawn["age"].mean()))
    assert run("standardisation", people, formula="y ~ age")["std_error"] == pytest.approx(np.std(spread), rel=0.15)


def test_mediation_multiplies_two_paths_and_adds_up(people):
    first = smf.ols("m ~ treated + age", people).fit()
    second = smf.ols("y ~ treated + m + age", people).fit()
    a, b = first.params["treated"], second.params["m"]
    se = np.hypot(a * second.bse["m"], b * first.bse["treated"])
    found = run(
        "mediation",
        people,
        mediator_model="m ~ treated + age",
        outcome_model="y ~ treated + m + age",
        treatment="treated",
    )
    assert [found["acme"], found["acme_std_error"], found["ade"]] == pytest.approx(
        [a * b, se, second.params["treated"]]
    )
    assert found["total"] == found["acme"] + found["ade"]


def test_an_interrupted_series_with_newey_and_wests_errors():
    chance = np.random.default_rng(5)
    frame = pd.DataFrame({"t": np.arange(80.0), "post": (np.arange(80) >= 50) * 1.0})
    frame["value"] = 5 + 0.1 * frame["t"] + 3 * frame["post"] + chance.normal(0, 1, 80).cumsum() * 0.3
    model = smf.ols("value ~ t + post", frame).fit(cov_type="HAC", cov_kwds={"maxlags": 4, "use_correction": False})
    found = run("its_newey_west", frame, formula="value ~ t + post", maxlags=4)["coefficients"]["post"]
    assert [found[key] for key in COEFFICIENT] == pytest.approx(oracle(model, "post"), rel=1e-8)


def test_a_counterfactuals_covariance_is_that_of_simulated_futures():
    chance = np.random.default_rng(2)
    level = chance.normal(0, 0.5, 60).cumsum() + 20 + np.tile([3, 0, -1, -2], 15)
    values = level + chance.normal(0, 1, 60)
    values[48:] += 4
    frame = pd.DataFrame({"value": values, "period": np.arange(60.0)})
    found = run("structural_counterfactual", frame, intervention=48, season=4)
    model = sm.tsa.UnobservedComponents(values[:48] / values[:48].std(), "local level", seasonal=4).fit(
        disp=0, maxiter=500
    )
    ahead = model.get_forecast(12)
    scale = values[:48].std()
    assert [p["expected"] for p in found["periods"]] == pytest.approx(ahead.predicted_mean * scale, rel=1e-6)
    spread = [(p["ci_high"] - p["ci_low"]) / 2 / 1.959963984540054 for p in found["periods"]]
    assert spread == pytest.approx(ahead.se_mean * scale, rel=1e-6)
    futures = model.simulate(12, anchor="end", repetitions=4000, rng=1).sum(axis=0) * scale
    assert found["cumulative_std_error"] == pytest.approx(np.std(futures), rel=0.05)
    assert abs(found["difference"] - 4) < 3 * found["std_error"]


@pytest.mark.parametrize(
    ("spending", "looks", "published"),
    [
        # Lan and DeMets' tables for two-sided 0.05; the same to four places in gsDesign (sfLDOF, sfLDPocock).
        ("obrien_fleming", (0.2, 0.4, 0.6, 0.8, 1.0), (4.8769, 3.3569, 2.6803, 2.2898, 2.0310)),
        ("pocock", (0.2, 0.4, 0.6, 0.8, 1.0), (2.4380, 2.4268, 2.4101, 2.3966, 2.3859)),
        ("obrien_fleming", (0.5, 1.0), (2.9626, 1.9686)),
        ("pocock", (1.0,), (1.9600,)),
    ],
)
def test_bounds_are_the_published_ones(spending, looks, published):
    assert bounds(looks, 0.05, spending) == pytest.approx(published, abs=2e-4)


def test_looks_under_no_effect_cross_as_often_as_promised():
    looks = (0.25, 0.5, 0.75, 1.0)
    edges = bounds(looks, 0.1, "pocock")
    steps = np.random.default_rng(1).normal(0, 0.5, (100_000, 4)).cumsum(axis=1) / np.sqrt(looks)
    crossed = (np.abs(steps) > edges).any(axis=1).mean()
    assert crossed == pytest.approx(0.1, abs=0.004)
    taken = METHOD.run(
        "group_sequential", {}, {"looks": looks, "alpha": 0.1, "spending": "pocock", "statistics": (1.0, 2.9)}
    )
    assert (taken["crossed_at_look"], [look["crossed"] for look in taken["looks"]]) == (2, [False, True, None, None])


def test_resampling_subjects_widens_with_their_rows(people):
    rows = pd.concat([people.assign(who=range(len(people)))] * 4)
    about = {"quantile": 0.5, "resamples": 500}
    alone, together = (run("bootstrap_quantile", rows, **about, **more) for more in ({}, {"cluster": "who"}))
    once = run("bootstrap_quantile", people, **about)
    assert together["std_error"] == pytest.approx(once["std_error"], rel=0.1)
    assert alone["std_error"] < 0.7 * together["std_error"]
    assert run("bootstrap_quantile", people, **about) == once


@pytest.mark.parametrize(
    ("method", "inputs", "error", "says"),
    [
        ("ols", {"formula": "y ~ nothing"}, FormulaError, "no column nothing"),
        ("ols", {"formula": "y ~ age", "se": "cluster"}, FormulaError, "clusters"),
        ("ols", {"formula": "plan ~ age"}, FormulaError, "texts"),
        ("ols", {"formula": "y ~ age", "rows": 3}, FormulaError, "rows"),
        ("ols", {"formula": "y ~ age + double"}, NotComputableError, "collinear"),
        ("ipw", {"propensity": "treated ~ treated2"}, NotComputableError, "no_overlap"),
        ("ipw", {"propensity": "age ~ y"}, FormulaError, "0 for the control"),
        ("its_newey_west", {"formula": "y ~ log(m)", "maxlags": 1}, NotComputableError, "not_finite"),
        (
            "structural_counterfactual",
            {"outcome": "y", "order": "age", "intervention": 0},
            NotComputableError,
            "too_few_rows",
        ),
        ("group_sequential", {"looks": [0.5, 0.4]}, FormulaError, "rise"),
        ("prophecy", {}, FormulaError, "no method"),
    ],
)
def test_what_cannot_be_computed_says_why(people, method, inputs, error, says):
    odd = people.assign(double=2 * people["age"], treated2=people["treated"])
    with pytest.raises(error) as caught:
        run(method, odd, **inputs)
    assert says in f"{getattr(caught.value, 'reason', '')} {caught.value}"


def test_rows_that_lack_a_column_are_dropped_and_counted(people):
    torn = people.assign(age=people["age"].where(people["age"] > 30))
    columns = {name: [None if v != v else v for v in torn[name]] for name in torn}  # noqa: PLR0124
    found = METHOD.run("ols", columns, {"formula": "y ~ age"})
    assert (found["n_dropped"], found["n_rows"]) == (torn["age"].isna().sum(), torn["age"].notna().sum())


def test_each_declared_method_is_there():
    for name in METHODS:
        with pytest.raises((FormulaError, NotComputableError)):
            METHOD.run(name, {"y": [1.0]}, {"nonsense": 1})


def weeks(chance, tie, days=56, start=28, effect=1.0):
    """A series with a line, a weekday, a step, and neighbours that hang together."""
    noise, shocks = np.empty(days), chance.normal(size=days)
    noise[0] = shocks[0] / np.sqrt(1 - tie**2)
    for n in range(1, days):
        noise[n] = tie * noise[n - 1] + shocks[n]
    t = np.arange(days)
    return pd.DataFrame({
        "t": t.astype(float), "post": (t >= start).astype(float), "weekday": [f"d{n % 7}" for n in t],
        "value": 5 + 0.03 * t + 2.0 * (t % 7 == 3) + noise + effect * (t >= start),
    })  # fmt: skip


def test_an_interrupted_series_is_least_squares_with_an_interval_that_holds():
    chance = np.random.default_rng(3)
    frame = weeks(chance, 0.3)
    frame.loc[40, "value"] = np.nan
    found = run("interrupted_series", frame.astype(object).where(frame.notna(), None))
    frame["bend"] = np.where(
        frame["post"] > 0, frame["t"] - frame["t"][(frame["post"] > 0) & frame["value"].notna()].mean(), 0
    )
    model = smf.ols("value ~ t + post + bend + C(weekday)", frame.dropna()).fit()
    assert found["difference"] == pytest.approx(model.params["post"], rel=1e-9)
    assert found["trend"] == pytest.approx(model.params["t"], rel=1e-9)
    assert found["std_error"] >= model.bse["post"] * (1 - 1e-9)
    assert (found["days_before"], found["days_after"]) == (28, 27)
    # The textbook's Newey-West interval would hold in 82, 78 and 70 of 100 series as short as these.
    for tie, least in ((0.0, 0.93), (0.3, 0.9), (0.6, 0.86)):
        told = [run("interrupted_series", weeks(chance, tie)) for _ in range(60)]
        assert np.mean([one["ci_low"] <= 1 <= one["ci_high"] for one in told]) >= least - 0.06
    for wrong, reason in ((weeks(chance, 0, 30, 20), "too_few_rows"), (frame.assign(value=1.0), "zero_variance")):
        with pytest.raises(NotComputableError) as caught:
            run("interrupted_series", wrong)
        assert caught.value.reason == reason
