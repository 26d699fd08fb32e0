"""Quantiles, rows in clusters, touch models, anomalies and forecasts, against numpy, statsmodels and scipy."""

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.tsa.holtwinters import Holt, SimpleExpSmoothing

from support.sums import near

DAY = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(20261122)


def agree(row, expected: dict[str, float], relative: float = 1e-9):
    assert {k: row[k] for k, v in expected.items() if not near(row[k], v, relative)} == {}, expected


def quantile_by_numpy(frame, q, clustered):
    n = len(frame)
    half = stats.norm.ppf(0.975) * math.sqrt(q * (1 - q) / n)
    at, low, high = np.quantile(frame.y, [q, max(q - half, 0), min(q + half, 1)])
    variance = (n - 1) / n * ((high - low) / (2 * stats.norm.ppf(0.975))) ** 2
    if clustered:
        shares = frame.assign(below=frame.y <= at).groupby("c").below.agg(["sum", "count"])
        residuals = shares["sum"] - shares["sum"].sum() / n * shares["count"]
        variance *= residuals.var(ddof=1) * len(shares) / n**2 / (q * (1 - q) / n)
    return {"n": n, "value": at, "variance": variance, "spread": variance**2 / (n - 1)}


@pytest.mark.parametrize("q", [0.05, 0.5, 0.95])
@pytest.mark.parametrize("clustered", [False, True])
def test_quantiles_are_read_from_ranks_and_widened_by_clusters(ask, chance, q, clustered):
    frame = pd.DataFrame({"c": chance.integers(0, 90, 800)})
    frame["y"] = np.exp(chance.normal(6, 0.4, 800) + frame.c.map(dict(enumerate(chance.normal(0, 0.3, 90)))))
    clusters = [str(c) for c in frame.c] if clustered else None
    row = ask("select r.* from stats.quantile_readout(%s, %s, %s::text[]) r", frame.y.tolist(), q, clusters)[0]
    agree(row, quantile_by_numpy(frame, q, clustered))


def test_a_quantile_can_be_read_without_moving_the_rows(ask, chance):
    values = chance.gamma(2, 3, 500).tolist()
    row = ask(
        "select stats.quantile_readout_of(n, percentile_cont(stats.quantile_fractions(0.9, n)) within group (order by v)) "
        "= stats.quantile_readout(array_agg(v), 0.9) as same from unnest(%s) v, (select 500::float8 as n) s group by n",
        values,
    )[0]
    assert row["same"]


@pytest.mark.parametrize("values", [[], [5.0], [None]])
def test_too_few_rows_have_no_quantile_error(ask, values):
    row = ask("select r.* from stats.quantile_readout(%s::float8[], 0.5) r", values)[0]
    assert row["variance"] is None


def test_rows_in_clusters_against_statsmodels(ask, chance):
    frame = pd.DataFrame({"c": chance.integers(0, 40, 400)})
    frame["t"] = (frame.c % 2).astype(float)
    frame["dose"] = chance.normal(3, 1, 400) * frame.t
    frame["y"] = chance.normal(0, 1, 400) + frame.c.map(dict(enumerate(chance.normal(0, 1, 40)))) + 0.3 * frame.t
    for regressor in ("t", "dose"):
        oracle = smf.ols(f"y ~ {regressor}", frame).fit(
            cov_type="cluster", cov_kwds={"groups": frame.c.to_numpy()}, use_t=True
        )
        row = ask(
            "select e.* from stats.clustered_slope(%s, %s, %s) e",
            frame.y.tolist(), frame[regressor].tolist(), [str(c) for c in frame.c],
        )[0]  # fmt: skip
        low, high = oracle.conf_int().loc[regressor]
        agree(row, {"estimate": oracle.params[regressor], "std_error": oracle.bse[regressor], "ci_low": low,
                    "ci_high": high, "p_value": oracle.pvalues[regressor], "degrees_of_freedom": 39}, 1e-8)  # fmt: skip


def shared_out(ages, half_life):
    """Each model's credit of touches that are so many hours old, oldest first."""
    n = len(ages)
    decay = [0.5 ** ((a - ages[-1]) / half_life) for a in ages]
    ends = {1: [1.0], 2: [0.5, 0.5]}.get(n) or [0.4] + [0.2 / (n - 2)] * (n - 2) + [0.4]
    return {
        "first_touch": [float(i == 0) for i in range(n)], "last_touch": [float(i == n - 1) for i in range(n)],
        "linear": [1 / n] * n, "time_decay": [d / sum(decay) for d in decay], "position_based": ends,
    }  # fmt: skip


def test_credit_of_touches_is_exactly_one_and_ends_where_the_lookback_ends(ask):
    ask_touches = (
        "select * from stats.touch_credits(array['c'], array['s'], array[%s::timestamptz], %s, %s, %s, '7 days', %s) "
        "order by touch_id"
    )

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.integers(-5, 200), max_size=12, unique=True), st.sampled_from([1, 24, 72]))
    def claim(ages, half_life):
        ages = sorted(ages, reverse=True)
        names = [f"t{i:02d}" for i in range(len(ages))]
        moments = [DAY - dt.timedelta(hours=age) for age in ages]
        rows = ask(
            ask_touches.replace("%s, %s, %s, '7", "%s::text[], %s::text[], %s::timestamptz[], '7"),
            DAY, names, ["s"] * len(ages), moments, dt.timedelta(hours=half_life),
        )  # fmt: skip
        counted = [(n, a) for n, a in zip(names, ages, strict=True) if 0 <= a < 168]
        assert [row["touch_id"] for row in rows] == [n for n, _ in counted]
        if not counted:
            return
        for model, expected in shared_out([a for _, a in counted], half_life).items():
            assert sum(row[model] for row in rows) == 1
            assert all(near(row[model], e) for row, e in zip(rows, expected, strict=True))

    claim()


def test_touches_of_others_earn_nothing_and_each_conversion_stands_alone(ask):
    rows = ask(
        "select conversion_id, touch_id, linear from stats.touch_credits("
        "array['c1', 'c2', 'c3'], array['s', 's', 'r'], %s::timestamptz[], "
        "array['a', 'b', 'x'], array['s', 's', 'q'], %s::timestamptz[]) order by 1, 2",
        [DAY, DAY + dt.timedelta(days=6), DAY],
        [DAY - dt.timedelta(days=2), DAY - dt.timedelta(hours=1), DAY],
    )
    assert [(r["conversion_id"], r["touch_id"], float(r["linear"])) for r in rows] == [
        ("c1", "a", 0.5), ("c1", "b", 0.5), ("c2", "b", 1),
    ]  # fmt: skip


def test_robust_scores_against_scipy(ask, chance):
    values = chance.normal(50, 4, 120)
    base = values[:80]
    rows = ask("select * from stats.robust_scores(%s, %s)", values.tolist(), [i < 80 for i in range(120)])
    expected = (values - np.median(base)) / stats.median_abs_deviation(base, scale="normal")
    assert all(near(row["z"], z) for row, z in zip(rows, expected, strict=True))


def test_seasonal_scores_look_at_what_the_season_does_not_explain(ask, chance):
    season = np.arange(140) % 7
    values = chance.normal(0, 1, 140) + 10 * season
    is_base = np.arange(140) < 105
    rows = ask("select * from stats.robust_scores(%s, %s, %s)", values.tolist(), is_base.tolist(), season.tolist())
    residual = values - np.array([np.median(values[is_base & (season == s)]) for s in range(7)])[season]
    base = residual[is_base]
    expected = (residual - np.median(base)) / stats.median_abs_deviation(base, scale="normal")
    assert all(near(row["z"], z) for row, z in zip(rows, expected, strict=True))


def test_a_baseline_that_hardly_moves_has_no_z_but_counts_have_one(ask):
    series = [4.0] * 9 + [16.0]
    assert ask("select * from stats.robust_scores(%s)", series)[9]["reason_code"] == "zero_variance"
    assert ask("select * from stats.robust_scores(%s, null, null, true)", series)[9]["z"] == 6
    rows = ask("select * from stats.robust_scores(%s, array[true, true, null])", [1.0, None, 3.0])
    assert [row["reason_code"] for row in rows] == ["zero_variance", "no_value", "zero_variance"]
    nothing = ask("select * from stats.robust_scores(array[1, 2]::float8[], array[false, false])")
    assert [row["reason_code"] for row in nothing] == ["no_baseline"] * 2


def test_ewma_against_pandas(ask, chance):
    values = chance.normal(5, 1, 60)
    rows = ask("select * from stats.ewma(%s, 0.2, 5, 1)", values.tolist())
    expected = pd.Series(values).ewm(alpha=0.2, adjust=False).mean()
    assert all(near(row["smoothed"], s) for row, s in zip(rows, expected, strict=True))
    agree(rows[0], {"low": 5 - 3 * math.sqrt(0.2 / 1.8), "high": 5 + 3 * math.sqrt(0.2 / 1.8)})
    assert ask("select * from stats.ewma(array[]::float8[])") == []


def test_forecasts_with_given_parameters_against_statsmodels(ask, chance):
    values = (chance.normal(0, 2, 80) + np.linspace(20, 35, 80)).tolist()
    known = {"initialization_method": "known", "initial_level": values[0]}
    simple = SimpleExpSmoothing(values, **known).fit(smoothing_level=0.4, optimized=False)
    holt = Holt(values, initial_trend=0.0, **known).fit(smoothing_level=0.4, smoothing_trend=0.2, optimized=False)
    for trend, oracle in ((None, simple), (0.2, holt)):
        rows = ask("select * from stats.exponential_smoothing(%s, 0.4, %s, 5)", values, trend)
        expected = [*oracle.fittedvalues, *oracle.forecast(5)]
        assert all(near(row["forecast"], e) for row, e in zip(rows, expected, strict=True))
        assert near(rows[0]["rmse"], math.sqrt(np.mean(oracle.resid**2)))
        steps = [1 + 0.4**2 * sum((1 + j * (trend or 0)) ** 2 for j in range(1, h)) for h in range(1, 6)]
        widths = [row["high"] - row["forecast"] for row in rows[80:]]
        assert all(
            near(w, 1.959963984540054 * rows[0]["rmse"] * math.sqrt(g)) for w, g in zip(widths, steps, strict=True)
        )
    later = Holt(values, initialization_method="known", initial_level=18.0, initial_trend=1.5)
    oracle = later.fit(smoothing_level=0.4, smoothing_trend=0.2, optimized=False)
    call = "select * from stats.exponential_smoothing(%s, 0.4, 0.2, 5, first_level => 18, first_trend => 1.5)"
    assert all(
        near(row["forecast"], e)
        for row, e in zip(ask(call, values), [*oracle.fittedvalues, *oracle.forecast(5)], strict=True)
    )


def test_a_seasonal_naive_forecast_repeats_the_last_cycle(ask):
    series = [1.0, 5.0, 2.0, 2.0, 7.0, 1.0]
    rows = ask("select * from stats.seasonal_naive(%s, 3, 4)", series)
    assert [row["forecast"] for row in rows] == [None, None, None, 1, 5, 2, 2, 7, 1, 2]
    rmse = math.sqrt((1 + 4 + 1) / 3)
    agree(rows[9], {"rmse": rmse, "high": 2 + 1.959963984540054 * rmse * math.sqrt(2)})
    assert ask("select * from stats.seasonal_naive(array[1, 2]::float8[], 3)") == []
