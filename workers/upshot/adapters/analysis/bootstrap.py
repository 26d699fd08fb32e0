"""Resampling subjects: slow, assumes little, and so a check of what a formula says."""

from typing import Any

import numpy as np

from upshot.adapters.analysis.frame import Frame, Numbers
from upshot.adapters.analysis.regression import numbers, treatment_of
from upshot.domain.errors import NotComputableError
from upshot.domain.methods import BootstrapQuantile


def bootstrap_quantile(frame: Frame, asked: BootstrapQuantile) -> dict[str, Any]:
    """The difference of a quantile with its percentile interval; all rows of a drawn subject come along."""
    kept = frame.only(frame.known([asked.outcome, asked.treatment, *filter(None, [asked.cluster])]))
    treated, values = treatment_of(kept, asked.treatment), kept.numbers(asked.outcome)
    subjects = kept.names(asked.cluster).astype(str) if asked.cluster else np.arange(kept.rows)
    chance = np.random.default_rng(asked.seed)
    drawn = []
    for arm in (0, 1):
        rows = treated == arm
        drawn.append(_draws(values[rows], subjects[rows], asked, chance))
    estimate = [float(np.quantile(values[treated == arm], asked.quantile)) for arm in (0, 1)]
    gaps = drawn[1] - drawn[0]
    low, high = np.quantile(gaps, [asked.alpha / 2, 1 - asked.alpha / 2])
    about = {
        "quantile": asked.quantile,
        "resamples": asked.resamples,
        "n_rows": kept.rows,
        "n_dropped": frame.rows - kept.rows,
    }
    return about | numbers(
        value_control=estimate[0], value_treated=estimate[1], difference=estimate[1] - estimate[0],
        std_error=gaps.std(ddof=1), ci_low=low, ci_high=high,
    )  # fmt: skip


def _draws(values: Numbers, subjects: Any, asked: BootstrapQuantile, chance: np.random.Generator) -> Numbers:
    """The quantile of each resample. Each subject counts as often as it was drawn: no row is copied."""
    place = np.unique(subjects, return_inverse=True)[1]
    many = int(place.max()) + 1
    if many < 2:  # noqa: PLR2004
        raise NotComputableError("too_few_rows", "Each arm needs two subjects at least.")
    order = np.argsort(values, kind="stable")
    ranked, owner = values[order], place[order]
    found = np.empty(asked.resamples)
    for n in range(asked.resamples):
        times = np.bincount(chance.integers(0, many, many), minlength=many)[owner]
        found[n] = _weighted_quantile(ranked, times.cumsum(), asked.quantile)
    return found


def _weighted_quantile(ranked: Numbers, ends: Any, quantile: float) -> float:
    """percentile_cont of sorted values of which each occurs so often that `ends` is their running count."""
    rank = quantile * (ends[-1] - 1)
    low = int(np.floor(rank))
    below, above = (ranked[np.searchsorted(ends, at, side="right")] for at in (low, min(low + 1, ends[-1] - 1)))
    return float(below + (rank - low) * (above - below))
