"""Kinds of data that experiments meet, each with a known truth. Values are in thousandths."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from upshot_devstack.bench.calibration.sums import (
    LOOKS,
    SCALE,
    Drawn,
    Floats,
    Ints,
    Naive,
    arm_sums,
    looked_at,
    naive_of,
    naive_rows,
    naive_units,
    of_sums,
)  # fmt: skip

Rng = np.random.Generator
Draw = Callable[[Rng, int, bool], Drawn]
LEVEL = 10**9


def whole(values: Floats) -> Ints:
    """Thousandths."""
    return np.rint(values * SCALE).astype(np.int64)


def both(arms: list[Ints]) -> Ints:
    """Sums of two arms beside each other."""
    return np.stack(arms, axis=2)


def normal(rng: Rng, worlds: int, changed: bool, units: int = 500, effect: float = 0.18) -> Drawn:
    """A normal value of standard deviation 1 about ten; the change adds 0.18."""
    effect = effect if changed else 0.0
    arms = [whole(rng.normal(10 + e, 1, (worlds, units))) for e in (0.0, effect)]
    return Drawn(both([arm_sums(a) for a in arms]), naive_units(arms), effect * SCALE, effect / 10)


def levelled(rng: Rng, worlds: int, changed: bool, units: int = 500) -> Drawn:
    """The same far from zero: clock times, cents of a big account."""
    drawn = normal(rng, worlds, changed, units)
    kept = drawn.sums.astype(object)
    level, n = LEVEL * SCALE, kept[..., 0]
    y, yy = kept[..., 1].copy(), kept[..., 5].copy()
    kept[..., 1], kept[..., 5] = y + n * level, yy + 2 * level * y + n * level**2
    kept[..., 6] = kept[..., 1]  # Σyd, d being 1
    told = kept[..., [0, 1, 5]].astype(float)
    naive = naive_of([(a[..., 0], a[..., 1], a[..., 2]) for a in (told[:, :, 0], told[:, :, 1])])
    return Drawn(kept, naive, drawn.truth)


def shares(
    rng: Rng,
    worlds: int,
    changed: bool,
    units: tuple[int, int] = (4000, 4000),
    rates: tuple[float, float] = (0.02, 0.03),
) -> Drawn:
    """Two in a hundred do it; the change makes it three."""
    rates = rates if changed else (rates[0], rates[0])
    arms = [(rng.random((worlds, n)) < rate).astype(np.int64) for n, rate in zip(units, rates, strict=True)]
    return Drawn(both([arm_sums(a) for a in arms]), naive_units(arms), rates[1] - rates[0], rates[1] / rates[0] - 1)


def few(rng: Rng, worlds: int, changed: bool, units: int, size: float) -> Drawn:
    """Four in ten do it; the change adds so many standard errors of the end."""
    return shares(rng, worlds, changed, (units, units), (0.4, 0.4 + size * math.sqrt(2 * 0.24 / units)))


def skewed(rng: Rng, worlds: int, changed: bool, units: tuple[int, int] = (1000, 1000), sigma: float = 1.0) -> Drawn:
    """Money: lognormal, of which few spend most; the change makes everybody spend a sixth more."""
    factors = (1.0, 1.17 if changed else 1.0)
    arms = [whole(f * rng.lognormal(0, sigma, (worlds, n))) for f, n in zip(factors, units, strict=True)]
    truth = (factors[1] - 1) * math.exp(sigma**2 / 2) * SCALE
    return Drawn(both([arm_sums(a) for a in arms]), naive_units(arms), truth, factors[1] - 1)


def clustered(rng: Rng, worlds: int, changed: bool, icc: float, subjects: int = 200) -> Drawn:
    """Five to fifteen calls a subject that are alike: the mean of a call. The naive engine's rows are calls."""
    effect = 2.8 * math.sqrt(2 / subjects * (icc + (1 - icc) / 10 + icc / 10 * 1.0)) if changed else 0.0
    sums, rows, squares, counts = [], [], [], []
    for e in (0.0, effect):
        calls = rng.integers(5, 16, (worlds, subjects))
        real = np.arange(15) < calls[..., None]
        own = rng.normal(5 + e, math.sqrt(icc), (worlds, subjects, 1))
        values = whole(own + rng.normal(0, math.sqrt(1 - icc), (worlds, subjects, 15))) * real
        sums.append(arm_sums(values.sum(axis=2), calls))
        rows.append(values.sum(axis=2).astype(float))
        squares.append((values.astype(float) ** 2).sum(axis=2))
        counts.append(calls.astype(float))
    return Drawn(both(sums), naive_rows(rows, counts, squares), effect * SCALE, effect / 5, is_ratio=True)


def ratio(rng: Rng, worlds: int, changed: bool, subjects: int = 500) -> Drawn:
    """Cost per success: both follow how busy a subject is. The naive engine takes them for independent."""
    effect = 0.12 if changed else 0.0
    sums, means, variances = [], [], []
    for e in (0.0, effect):
        done = rng.poisson(rng.gamma(2.0, 2.0, (worlds, subjects)))
        cost = whole(rng.gamma(2.0, 0.5, (worlds, subjects)) * (1 + e) * done)
        sums.append(arm_sums(cost, done))
        n = looked_at(np.ones(cost.shape))
        a, va = of_sums(n, looked_at(cost.astype(float)), looked_at(cost.astype(float) ** 2))
        b, vb = of_sums(n, looked_at(done.astype(float)), looked_at(done.astype(float) ** 2))
        means.append(a / b)
        variances.append((va + (a / b) ** 2 * vb) / b**2)
    naive = Naive(means[1] - means[0], np.sqrt(variances[0] + variances[1]))
    return Drawn(both(sums), naive, effect * SCALE, effect, is_ratio=True)


def with_past(rng: Rng, worlds: int, changed: bool, units: int = 500) -> Drawn:
    """A past that explains half of the variance. The naive engine does not know it."""
    effect = 0.127 if changed else 0.0
    sums, arms = [], []
    for e in (0.0, effect):
        past = rng.normal(5, 1, (worlds, units))
        now = 5 + e + math.sqrt(0.5) * (past - 5) + rng.normal(0, math.sqrt(0.5), (worlds, units))
        arms.append(whole(now))
        sums.append(arm_sums(arms[-1], x=whole(past)))
    return Drawn(both(sums), naive_units(arms), effect * SCALE, effect / 5)


def late(
    rng: Rng, worlds: int, changed: bool, *, slower: bool = False, mature: bool = False, units: int = 500
) -> Drawn:
    """Four in ten book, up to five looks after they came in (slower: five to ten); each look sees what has arrived.

    mature: only those whose window of ten looks is over. The naive engine's rows are the bookings and whoever came in.
    """
    rates = (0.4, 0.487 if changed else 0.4)
    entered = np.arange(units) * LOOKS / units
    sums, naive = [], []
    for arm, rate in enumerate(rates):
        delay = rng.uniform(0, 5, (worlds, units)) + (5 if slower and arm == 1 else 0)
        books = rng.random((worlds, units)) < rate
        looks = np.arange(1, LOOKS + 1) + (10 if not slower else 0)
        n = np.stack([np.full(worlds, (entered + 10 * mature < look).sum()) for look in looks], axis=1)
        y = np.stack(
            [(books & (entered + delay <= k) & (entered + 10 * mature < k)).sum(axis=1) for k in looks], axis=1
        )
        zero = np.zeros_like(y)
        sums.append(np.stack([n, y, n, zero, zero, y, y, zero, zero, n, zero, zero, zero, zero, zero], axis=-1))
        naive.append((n.astype(float), y.astype(float), y.astype(float)))
    return Drawn(both(sums), naive_of(naive), rates[1] - rates[0])


@dataclass(frozen=True)
class Kind:
    """A kind of data: its name, how it is drawn, and how far theory goes."""

    name: str
    draw: Draw
    naive: str
    exact: bool = True  # two-sided: neither too often nor too rarely


KINDS = (
    Kind("normal", normal, "peeking, z"),
    Kind("normal, at a level of 1e9", levelled, "sums of squares"),
    Kind("2 in 100", shares, "peeking, z"),
    Kind("lognormal, 1000 : 1000", skewed, "peeking, z", exact=False),
    *(Kind(f"10 calls a subject, ICC {i}", partial(clustered, icc=i), "calls as rows") for i in (0.1, 0.3, 0.5)),
    Kind("ratio of sums", ratio, "no covariance"),
    Kind("with a past (CUPED)", with_past, "no covariate"),
    Kind("outcomes come late", late, "peeking, z"),
)
