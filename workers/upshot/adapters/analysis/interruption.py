"""A series that a change interrupts: a line, the week's shape, and a step; days may hang together."""

from typing import Any

import numpy as np
from scipy import stats

from upshot.adapters.analysis.frame import Frame, Numbers
from upshot.adapters.analysis.regression import numbers
from upshot.domain.errors import NotComputableError
from upshot.domain.methods import InterruptedSeries

BEFORE, AFTER = 21, 14
"""Days on either side: fewer cannot tell a line and seven weekdays from a step."""
COEFFICIENT = 2
TIES = np.linspace(0, 0.95, 39)


def interrupted_series(frame: Frame, asked: InterruptedSeries) -> dict[str, Any]:
    """How far the days after lie, on average, from where line and weekdays of the days before lead.

    The interval takes the largest of three variances: independent days', Newey and West's (1987), and that of days
    which hang together as far as the residuals say, corrected for what fitting takes out of them.
    """
    t, post, y, weekdays = _days(frame)
    design = _design(t, post, weekdays)
    inverse = np.linalg.pinv(design)
    residual, weights = y - design @ (inverse @ y), inverse[COEFFICIENT]
    spare = len(y) - int(np.linalg.matrix_rank(design))
    if spare < 1 or np.ptp(y) == 0 or float(residual @ residual) <= 1e-18 * float(y @ y):
        raise NotComputableError("zero_variance", "The days do not vary around line and weekdays.")
    tie = _tie(design @ inverse, residual, t)
    variance = max(
        float(residual @ residual) / spare * float(weights @ weights),
        _newey_west(inverse[COEFFICIENT] * residual, t, asked.maxlags) * len(y) / spare,
        _tied(design @ inverse, residual, weights, t, tie),
    )
    df = max(spare * (1 - tie) / (1 + tie), 3.0)
    return _answer(float(inverse[COEFFICIENT] @ y), float(np.sqrt(variance)), df, asked.alpha) | {
        "mean_after": float(y[post].mean()), "mean_before": float(y[post].mean() - inverse[COEFFICIENT] @ y),
        "days_before": int((~post).sum()), "days_after": int(post.sum()), "autocorrelation": tie, "maxlags": asked.maxlags,
        "trend": float(inverse[1] @ y), "n_rows": len(y),
    }  # fmt: skip


def _days(frame: Frame) -> tuple[Numbers, Any, Numbers, Any]:
    kept = frame.only(frame.known(["value"]))
    post = kept.numbers("post") > 0
    if (~post).sum() < BEFORE or post.sum() < AFTER:
        raise NotComputableError("too_few_rows", f"The series needs {BEFORE} days before, and {AFTER} after.")
    return kept.numbers("t"), post, kept.numbers("value"), kept.names("weekday").astype(str)


def _design(t: Numbers, post: Any, weekdays: Any) -> Numbers:
    # The line may break too; counted from the middle of the days after, so that the step is their average effect.
    bend = np.where(post, t - t[post].mean(), 0.0)
    days = [(weekdays == day).astype(float) for day in sorted(set(weekdays))[1:]]
    return np.column_stack([np.ones(len(t)), t - t.mean(), post.astype(float), bend, *days])


def _apart(t: Numbers) -> Numbers:
    return np.asarray(np.abs(np.subtract.outer(t, t)))


def _tie(hat: Numbers, residual: Numbers, t: Numbers) -> float:
    """The correlation of neighbouring days that would leave, after fitting, what the residuals show."""
    left, pairs = np.eye(len(t)) - hat, (_apart(t) == 1) / 2.0
    seen = float(residual @ pairs @ residual / (residual @ residual))
    made = [left @ tie ** _apart(t) @ left for tie in TIES]
    return float(np.interp(seen, [np.trace(pairs @ m) / np.trace(m) for m in made], TIES))


def _tied(hat: Numbers, residual: Numbers, weights: Numbers, t: Numbers, tie: float) -> float:
    covariance = tie ** _apart(t)
    scale = float(residual @ residual) / float(np.trace((np.eye(len(t)) - hat) @ covariance))
    return scale * float(weights @ covariance @ weights)


def _newey_west(scores: Numbers, t: Numbers, maxlags: int) -> float:
    return float(scores @ np.maximum(1 - _apart(t) / (maxlags + 1), 0) @ scores)


def _answer(difference: float, error: float, df: float, alpha: float) -> dict[str, Any]:
    reach = float(stats.t.isf(alpha / 2, df)) * error
    return numbers(
        difference=difference, std_error=error, degrees_of_freedom=df, ci_low=difference - reach, ci_high=difference + reach,
        statistic=difference / error, p_value=2 * stats.t.sf(abs(difference / error), df),
    )  # fmt: skip
