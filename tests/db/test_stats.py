"""Distribution functions to nine digits and more, in both tails, against scipy and against closed forms."""

import math
from collections.abc import Callable, Iterable
from decimal import Decimal, localcontext
from typing import Any

import pytest
from scipy import special, stats

P = (1e-300, 1e-100, 1e-20, 1e-6, 1e-3, 0.024, 0.3, 0.5, 0.7, 0.975, 0.9999, 1 - 1e-10)
FEW = (0.5, 1, 1.5, 2, 3.7, 7, 11.9)
MANY = (12, 12.1, 19, 29.3, 99, 307.13, 1e3, 54321.5, 1e6)
SHAPES = [(a, b) for a in (0.1, 0.5, 1, 2.5, 30, 400, 1e5) for b in (0.1, 0.5, 1, 3.3, 50, 900, 1e5)]
DEGREES = [(a, b) for a in (0.5, 1, 3, 40, 1000) for b in (0.5, 1, 12, 100.5, 5000)]

Grid = list[tuple[float, ...]]


def crossed(first: Iterable[float], rest: Iterable[Any]) -> Grid:
    """Every first with every rest."""
    return [(x, *(r if isinstance(r, tuple) else (r,))) for x in first for r in rest]


def t_tail(t: float, df: int) -> Decimal:
    """P(|T| >= t) for even df by the finite sum, in many digits: 1 - cdf loses nearly all of them."""
    with localcontext(prec=2000):
        square = Decimal(t) ** 2
        cosine = df / (df + square)
        term = total = Decimal(1)
        for k in range(1, df // 2):
            term *= cosine * (2 * k - 1) / (2 * k)
            total += term
        return 1 - total * (square / (df + square)).sqrt()


def folded(lower: Callable[..., Any], upper: Callable[..., Any]) -> Callable[..., float]:
    """A quantile from whichever tail keeps its digits."""
    return lambda p, *shape: float(lower(p, *shape) if p < 0.5 else upper(1 - p, *shape))


CLAIMS: dict[str, tuple[Grid, Callable[..., Any]]] = {
    "normal_cdf(a0)": (crossed((-37, -20, -6, -1, 0, 1, 6), [()]), stats.norm.cdf),
    "normal_sf(a0)": (crossed((-6, -1, 0, 1, 1.96, 6, 20, 37), [()]), stats.norm.sf),
    "normal_ln_sf(a0)": (crossed((-8, -1, 0, 5, 29.9, 30.1, 60, 1e3, 1e6), [()]), stats.norm.logsf),
    "normal_quantile(a0)": (crossed(P, [()]), special.ndtri),
    "normal_loss(a0)": (crossed((-40, -3, 0, 2), [()]), lambda z: stats.norm.pdf(z) - z * stats.norm.sf(z)),
    "t_two_sided_p(a0, a1)": (
        crossed((0.01, 0.5, 1, 1.96, 3, 6.5, 12, 25, 37, 200, 1e5), FEW + MANY),
        lambda t, df: 2 * stats.t.sf(t, df),
    ),
    "t_cdf(a0, a1)": (crossed((-30, -2, 0, 2), FEW + MANY), stats.t.cdf),
    "t_critical(a0, a1)": (
        crossed((1e-12, 1e-4, 0.01, 0.05, 0.1, 0.5, 0.95), FEW + MANY),
        lambda alpha, df: stats.t.isf(alpha / 2, df),
    ),
    "t_quantile(a0, a1)": (crossed((1e-9, 0.025, 0.6, 0.9995), FEW + MANY), stats.t.ppf),
    "chi2_sf(a0, a1)": (crossed((1e-6, 0.1, 1, 3.84, 10, 50, 400, 1200), (0.3, 1, 2, 7, 30, 200, 1e3)), stats.chi2.sf),
    "chi2_cdf(a0, a1)": (crossed((1e-6, 0.1, 3.84, 50, 1200), (0.3, 1, 2, 7, 30, 200, 1e3)), stats.chi2.cdf),
    "chi2_quantile(a0, a1)": (crossed(P, (0.3, 1, 2, 7, 30, 200, 1e3)), folded(stats.chi2.ppf, stats.chi2.isf)),
    "beta_cdf(a0, a1, a2)": (crossed((1e-10, 1e-3, 0.1, 0.5, 0.9, 0.999), SHAPES), stats.beta.cdf),
    "beta_sf(a0, a1, a2)": (crossed((1e-3, 0.1, 0.5, 0.9, 0.999), SHAPES), stats.beta.sf),
    "beta_quantile(a0, a1, a2)": (crossed((1e-6, 0.024, 0.5, 0.99), SHAPES[:21]), stats.beta.ppf),
    "f_sf(a0, a1, a2)": (crossed((1e-6, 0.5, 1, 4, 12.259, 1e4), DEGREES), stats.f.sf),
    "f_cdf(a0, a1, a2)": (crossed((1e-6, 0.5, 4, 1e4), DEGREES), stats.f.cdf),
    "f_quantile(a0, a1, a2)": (crossed((1e-6, 0.3, 0.95, 1 - 1e-9), DEGREES), folded(stats.f.ppf, stats.f.isf)),
    "ln_gamma(a0)": (crossed((1e-6, 0.1, 0.5, 1.5, 3.3, 10, 99.5, 1e4, 1e8), [()]), special.gammaln),
    "ln_beta(a0, a1)": (SHAPES, special.betaln),
}


@pytest.fixture
def value(ask):
    """An expression of schema stats for each tuple of arguments."""

    def evaluate(expression: str, grid: Grid) -> list[float | None]:
        names = ", ".join(f"a{i}" for i in range(len(grid[0])))
        arrays = ", ".join(["%s::float8[]"] * len(grid[0]))
        query = f"select stats.{expression} as v from unnest({arrays}) with ordinality as t ({names}, n) order by n"
        return [row["v"] for row in ask(query, *(list(map(float, column)) for column in zip(*grid, strict=True)))]

    return evaluate


@pytest.mark.parametrize("expression", CLAIMS)
def test_nine_digits_against_scipy(value, expression: str):
    grid, oracle = CLAIMS[expression]
    expected = [float(oracle(*row)) for row in grid]
    pairs = zip(grid, value(expression, grid), expected, strict=True)
    wrong = [
        (row, found, right)
        for row, found, right in pairs
        if (abs(right) > 1e-290 or right == 0)
        and math.isfinite(right)
        and not math.isclose(found, right, rel_tol=1e-9, abs_tol=1e-290)
    ]
    assert wrong == []


def test_tails_far_beyond_a_double(value, ask):
    grid = [(t, df) for t in (30, 60, 200, 5000) for df in (6, 20, 400, 3000) if t * df < 3e5]
    for (t, df), found in zip(grid, value("t_two_sided_log10_p(a0, a1)", grid), strict=True):
        assert found == pytest.approx(float(t_tail(t, int(df)).log10()), rel=1e-10), (t, df)
    row = ask(
        "select stats.chi2_log10_sf(40000, 2) c, stats.normal_two_sided_log10_p(100) n, stats.f_ln_sf(1e9, 2, 400) f, "
        "stats.chi2_sf(40000, 2) p"
    )[0]
    assert row["c"] == pytest.approx(-20000 / math.log(10), rel=1e-12)
    assert row["n"] == pytest.approx((stats.norm.logsf(100) + math.log(2)) / math.log(10), rel=1e-12)
    assert row["f"] == pytest.approx(-200 * math.log1p(2e9 / 400), rel=1e-10)
    assert row["p"] == 0


def test_t_near_the_middle_by_the_closed_form(value):
    grid = [(t, 1.0) for t in (1e-12, 1e-8, 1e-3)]
    for (t, _), found in zip(grid, value("t_two_sided_p(a0, a1)", grid), strict=True):
        assert math.isclose(1 - found, 2 * math.atan(t) / math.pi, rel_tol=1e-3 if t < 1e-10 else 1e-7)


@pytest.mark.parametrize(
    "expression",
    [
        "t_two_sided_p(1, 0)", "t_two_sided_p(1, -3)", "t_critical(0, 5)", "t_critical(1, 5)", "t_critical(0.05, 0)",
        "normal_quantile(0)", "normal_quantile(1)", "chi2_sf(1, 0)", "chi2_sf(-1, 2)", "t_two_sided_p(null, 3)",
        "beta_cdf(0.5, 0, 1)", "f_sf(2, -1, 3)", "chi2_quantile(1, 3)", "beta_quantile(0, 2, 2)", "t_quantile(0.5, -1)",
    ],
)  # fmt: skip
def test_what_is_not_defined_is_null(ask, expression):
    assert ask(f"select stats.{expression} as v")[0]["v"] is None


def test_nothing_underflows_into_an_error(ask):
    row = ask(
        "select stats.t_two_sided_p(1e200, 50) a, stats.t_two_sided_p(1e-200, 50) b, stats.chi2_sf(1e6, 3) c, "
        "stats.t_two_sided_p(60, 1e6) d, stats.f_sf(1e300, 3, 50) e, stats.beta_cdf(1e-300, 40, 2) f, "
        "stats.t_critical(1e-300, 0.5) g, stats.chi2_quantile(1e-300, 0.1) h"
    )[0]
    assert list(row.values()) == [0, 1, 0, 0, 0, 0, math.inf, 0]


@pytest.mark.parametrize("t", [1e-149, 1e-40, 1e-16, 1e-9])
def test_a_t_next_to_nothing_has_a_p_of_one(world, t):
    found = world.admin.one("select stats.t_two_sided_p(%s, 26) as p", t)["p"]
    assert found == pytest.approx(1, abs=1e-8)


@pytest.mark.parametrize("call", [
    "chi2_sf('NaN', 3)", "chi2_sf(1, 'NaN')", "beta_sf('NaN', 2, 2)", "beta_cdf(0.5, 'NaN', 2)", "f_sf('NaN', 1, 2)",
    "f_sf(2, 'NaN', 3)", "t_two_sided_p('NaN', 5)", "t_two_sided_p(1, 'NaN')", "t_sf(1, 'NaN')", "t_critical('NaN', 3)",
    "t_two_sided_p(1, 0)", "chi2_sf(1, -1)", "f_sf(1, 0, 3)", "chi2_sf(-1, 3)", "mixture_rate(0, 5000)",
    "anytime_power('NaN', 100, 0.05, 100)", "anytime_sample_size(1, 0, 0.5, 0.5, 0.05, 0.8)",
])  # fmt: skip
def test_what_is_no_number_has_no_answer(ask, call):
    assert ask(f"select stats.{call} as x")[0]["x"] is None
