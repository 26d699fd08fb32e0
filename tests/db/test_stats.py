"""Distribution functions against scipy, far tails included."""

import math

import pytest
from scipy import special, stats

from support.world import World


@pytest.fixture
def value(world: World):
    """Evaluate an expression once per tuple of arguments."""
    postgres = world.postgres()

    def evaluate(expression: str, rows: list[tuple]):
        names = ", ".join(f"a{i}" for i in range(len(rows[0])))
        arrays = ", ".join(["%s::float8[]"] * len(rows[0]))
        query = f"select {expression} as v from unnest({arrays}) with ordinality as t ({names}, n) order by n"
        return [
            row["v"] for row in postgres.rows(query, *(list(map(float, column)) for column in zip(*rows, strict=True)))
        ]

    return evaluate


def close(found: float, expected: float, relative: float) -> bool:
    return math.isclose(found, expected, rel_tol=relative, abs_tol=1e-300)


def test_t_tails(value):
    grid = [
        (t, df)
        for t in (0.01, 0.5, 1, 1.96, 3, 6.5, 12, 37, 200, 1e5)
        for df in (0.5, 1, 1.5, 2, 3.7, 10, 29.3, 99, 101, 1e3, 54321.5, 1e6)
    ]
    for (t, df), found in zip(grid, value("stats.t_two_sided_p(a0, a1)", grid), strict=True):
        expected = 2 * stats.t.sf(t, df)
        if expected > 1e-290:
            assert close(found, expected, 1e-9), (t, df, found, expected)


def test_t_near_the_middle_by_the_closed_form(value):
    grid = [(t, 1) for t in (1e-12, 1e-8, 1e-3)]
    for (t, _), found in zip(grid, value("stats.t_two_sided_p(a0, a1)", grid), strict=True):
        assert close(1 - found, 2 * math.atan(t) / math.pi, 1e-3 if t < 1e-10 else 1e-7), (t, found)


def test_t_critical_values(value):
    grid = [
        (a, df) for a in (1e-12, 1e-4, 0.01, 0.05, 0.1, 0.5, 0.95) for df in (0.7, 1, 2, 3.3, 12, 75, 150, 9999, 1e6)
    ]
    for (alpha, df), found in zip(grid, value("stats.t_critical(a0, a1)", grid), strict=True):
        assert close(found, stats.t.isf(alpha / 2, df), 1e-9), (alpha, df, found)


def test_chi_square_tails(value):
    grid = [(x, df) for x in (1e-6, 0.1, 1, 3.84, 10, 50, 400, 1200) for df in (1, 2, 3, 7, 30, 200)]
    for (x, df), found in zip(grid, value("stats.chi2_sf(a0, a1)", grid), strict=True):
        assert close(found, stats.chi2.sf(x, df), 1e-9), (x, df, found)


def test_normal_quantiles(value):
    grid = [(p,) for p in (1e-300, 1e-20, 1e-5, 0.024, 0.3, 0.5, 0.7, 0.975, 1 - 1e-10)]
    for (p,), found in zip(grid, value("stats.normal_quantile(a0)", grid), strict=True):
        assert close(found, special.ndtri(p), 1e-12), (p, found)


def test_ln_gamma(value):
    grid = [(x,) for x in (1e-6, 0.1, 0.5, 1.5, 3.3, 10, 99.5, 1e4, 1e8)]
    for (x,), found in zip(grid, value("stats.ln_gamma(a0)", grid), strict=True):
        assert math.isclose(found, special.gammaln(x), rel_tol=1e-13, abs_tol=1e-14), (x, found)


@pytest.mark.parametrize(
    "expression",
    [
        "stats.t_two_sided_p(1, 0)", "stats.t_two_sided_p(1, -3)", "stats.t_critical(0, 5)", "stats.t_critical(1, 5)",
        "stats.t_critical(0.05, 0)", "stats.normal_quantile(0)", "stats.normal_quantile(1)",
        "stats.chi2_sf(1, 0)", "stats.chi2_sf(-1, 2)", "stats.t_two_sided_p(null, 3)",
    ],
)  # fmt: skip
def test_what_is_not_defined_is_null(world: World, expression):
    assert world.postgres().one(f"select {expression} as v")["v"] is None


def test_nothing_underflows_into_an_error(world: World):
    row = world.postgres().one(
        "select stats.t_two_sided_p(1e200, 50) a, stats.t_two_sided_p(1e-200, 50) b, stats.chi2_sf(1e6, 3) c, "
        "stats.t_two_sided_p(60, 1e6) d"
    )
    assert (row["a"], row["b"], row["c"], row["d"]) == (0, 1, 0, 0)
