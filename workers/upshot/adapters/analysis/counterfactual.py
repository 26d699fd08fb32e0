"""What a series would have been: a structural model of the time before, forecast over the time after."""

from typing import Any

import numpy as np
import statsmodels.api as sm
from scipy import stats

from upshot.adapters.analysis.frame import Frame, Numbers
from upshot.adapters.analysis.regression import numbers
from upshot.domain.errors import NotComputableError
from upshot.domain.methods import Structural

SHORTEST = 10
"""Periods before the intervention: fewer say nothing of how the series wanders."""


def structural_counterfactual(frame: Frame, asked: Structural) -> dict[str, Any]:
    """Local level and season by maximum likelihood (Harvey 1989). Intervals take the fitted variances as known."""
    values, after = _series(frame, asked)
    before, seen = values[~after], values[after]
    needed = max(SHORTEST, 2 * (asked.season or 0))
    if len(before) < needed or not len(seen):
        raise NotComputableError("too_few_rows", f"The series needs {needed} periods before, and one after.")
    if np.ptp(before) == 0:
        raise NotComputableError("no_variation", "The series did not vary before.")
    expected, covariance = forecast(before, len(seen), asked.season)
    gap, errors = seen - expected, np.sqrt(np.diag(covariance))
    z = float(stats.norm.isf(asked.alpha / 2))
    total, total_error = float(gap.sum()), float(np.sqrt(covariance.sum()))
    points = [
        numbers(seen=s, expected=e, gap=s - e, ci_low=s - e - z * d, ci_high=s - e + z * d)
        for s, e, d in zip(seen, expected, errors, strict=True)
    ]
    about = {"n_before": len(before), "n_after": len(seen), "season": asked.season, "periods": points}
    return about | _sums(total, total_error, len(seen), z) | numbers(lift=total / abs(float(expected.sum())))


def _sums(total: float, error: float, periods: int, z: float) -> dict[str, Any]:
    statistic = total / error if error > 0 else np.nan
    return numbers(
        cumulative=total, cumulative_std_error=error, cumulative_ci_low=total - z * error,
        cumulative_ci_high=total + z * error, difference=total / periods, std_error=error / periods,
        ci_low=(total - z * error) / periods, ci_high=(total + z * error) / periods,
        statistic=statistic, p_value=2 * stats.norm.sf(abs(statistic)),
    )  # fmt: skip


def _series(frame: Frame, asked: Structural) -> tuple[Numbers, Any]:
    kept = frame.only(frame.known([asked.outcome, asked.order]))
    is_text = kept.is_text(asked.order)
    order: Any = kept.names(asked.order).astype(str) if is_text else kept.numbers(asked.order)
    places = np.argsort(order, kind="stable")
    start = str(asked.intervention) if is_text else float(asked.intervention)
    return kept.numbers(asked.outcome)[places], order[places] >= start


def forecast(before: Numbers, periods: int, season: int | None) -> tuple[Numbers, Numbers]:
    """The expected values of the next periods, and the covariance of their errors: they share the level's uncertainty."""
    scale = float(before.std())
    model = sm.tsa.UnobservedComponents(before / scale, "local level", seasonal=season)
    fitted = model.fit(disp=0, maxiter=500)
    space, filtered = fitted.filter_results, fitted.filter_results
    move, see = space.transition[:, :, -1], space.design[:, :, -1]
    shock = space.selection[:, :, -1] @ space.state_cov[:, :, -1] @ space.selection[:, :, -1].T
    noise = float(space.obs_cov[0, 0, -1])
    state, spread = filtered.predicted_state[:, -1], filtered.predicted_state_cov[:, :, -1]
    expected = np.empty(periods)
    covariance = np.empty((periods, periods))
    for h in range(periods):
        expected[h] = (see @ state)[0]
        ahead = spread @ see.T  # how the state's error goes with this period's forecast
        covariance[h, h] = float((see @ ahead)[0, 0]) + noise
        for later in range(h + 1, periods):
            ahead = move @ ahead
            covariance[h, later] = covariance[later, h] = float((see @ ahead)[0, 0])
        state, spread = move @ state, move @ spread @ move.T + shock
    return expected * scale, covariance * scale**2
