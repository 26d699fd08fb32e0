"""Not randomised: weights by the probability of being treated, and models of the outcome. All of it assumes that the
covariates hold everything that moves both the treatment and the outcome.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import statsmodels.api as sm
from scipy import stats
from statsmodels.tools.sm_exceptions import PerfectSeparationError

from upshot.adapters.analysis.frame import Design, Frame, Numbers, design
from upshot.adapters.analysis.regression import numbers, treatment_of
from upshot.domain.errors import NotComputableError
from upshot.domain.formula import Formula
from upshot.domain.methods import DoublyRobust, Standardised, Weighted

TOO_SURE = 1e-9
OVERLAP = 0.01
"""A probability nearer to 0 or 1 than this is too little overlap to rest a number on: it is reported."""


@dataclass(frozen=True)
class Propensity:
    """Each row's probability of being treated, from a fitted model."""

    built: Design
    treated: Numbers
    probability: Numbers
    outcome: Numbers

    @property
    def weights(self) -> Numbers:
        return self.treated / self.probability + (1 - self.treated) / (1 - self.probability)


def propensity(frame: Frame, asked: Weighted) -> Propensity:
    """Fit the model of the treatment by maximum likelihood, over the rows with an outcome."""
    formula = Formula.parse(asked.propensity)
    kept = frame.only(frame.known([*formula.columns, asked.outcome]))
    built = design(formula, kept)
    treated = treatment_of(kept, formula.response)
    model = (sm.Logit if asked.link == "logit" else sm.Probit)(treated, built.matrix)
    try:
        fitted = model.fit(disp=0, maxiter=200, tol=1e-12, warn_convergence=False)
    except (np.linalg.LinAlgError, PerfectSeparationError) as error:
        raise NotComputableError(
            "no_overlap", "The treatment cannot be modelled: terms overlap, or arms do not."
        ) from error
    probability = np.asarray(fitted.predict(), dtype=float)
    if probability.min() < TOO_SURE or probability.max() > 1 - TOO_SURE:
        raise NotComputableError("no_overlap", "Some rows could not have been in the other arm.")
    if not fitted.mle_retvals["converged"]:
        raise NotComputableError("not_converged", "The model of the treatment did not converge.")
    return Propensity(built, treated, probability, kept.numbers(asked.outcome))


def ipw(frame: Frame, asked: Weighted) -> dict[str, Any]:
    """The difference of weighted means, with the robust error that takes the weights as known."""
    found = propensity(frame, asked)
    w, t, y = found.weights, found.treated, found.outcome
    means = [float((w * arm * y).sum() / (w * arm).sum()) for arm in (1 - t, t)]
    residual = w * (y - np.where(t == 1, means[1], means[0]))
    variance = sum(float(((residual * arm) ** 2).sum()) / float((w * arm).sum()) ** 2 for arm in (1 - t, t))
    return _estimate(means[1] - means[0], np.sqrt(variance), asked.alpha) | diagnostics(found, frame)


def aipw(frame: Frame, asked: DoublyRobust) -> dict[str, Any]:
    """Augmented weighting: right when either model is. The error is that of the influence function."""
    found = propensity(frame, asked)
    right = (
        asked.propensity.partition("~")[2] if asked.outcome_formula is None else asked.outcome_formula.partition("~")[2]
    )
    formula = Formula.parse(f"{asked.outcome} ~ {right}")
    control, treated = by_arm(design(formula, found.built.frame), found.treated)
    t, y, e = found.treated, found.outcome, found.probability
    psi = treated - control + t * (y - treated) / e - (1 - t) * (y - control) / (1 - e)
    error = psi.std(ddof=1) / np.sqrt(len(psi))
    return _estimate(float(psi.mean()), error, asked.alpha) | diagnostics(found, frame)


def standardisation(frame: Frame, asked: Standardised) -> dict[str, Any]:
    """Each arm's regression predicts everybody; the difference of the two means. Error by the influence function."""
    built = design(Formula.parse(asked.formula), frame)
    t = treatment_of(built.frame, asked.treatment)
    control, treated = by_arm(built, t)
    estimate = float((treated - control).mean())
    influence = treated - control - estimate
    for arm, predicted, sign in ((t == 0, control, -1), (t == 1, treated, 1)):
        inverse = np.linalg.pinv(built.matrix[arm].T @ built.matrix[arm])
        pull = built.matrix @ inverse @ built.matrix.mean(axis=0) * len(t)
        influence = influence + sign * arm * (built.response - predicted) * pull
    error = np.sqrt((influence**2).sum()) / len(t)
    return _estimate(estimate, error, asked.alpha) | {"n_rows": len(t), "n_dropped": built.dropped}


def by_arm(built: Design, treated: Numbers) -> tuple[Numbers, Numbers]:
    """What each arm's own regression says of every row: as control, as treated."""
    predicted = []
    for arm in (0, 1):
        rows = treated == arm
        if np.linalg.matrix_rank(built.matrix[rows]) < np.linalg.matrix_rank(built.matrix):
            raise NotComputableError("no_overlap", "An arm has no rows for some of the terms.")
        predicted.append(built.matrix @ sm.OLS(built.response[rows], built.matrix[rows]).fit().params)
    return predicted[0], predicted[1]


def _estimate(estimate: float, error: float, alpha: float) -> dict[str, Any]:
    z = estimate / error if error > 0 else np.nan
    reach = float(stats.norm.isf(alpha / 2)) * error
    return numbers(
        difference=estimate, std_error=error, statistic=z, p_value=2 * stats.norm.sf(abs(z)),
        ci_low=estimate - reach, ci_high=estimate + reach,
    )  # fmt: skip


def diagnostics(found: Propensity, frame: Frame) -> dict[str, Any]:
    """Overlap, effective sample sizes and balance: whether the weights can be trusted at all."""
    w, t, e = found.weights, found.treated, found.probability
    arms = {"control": t == 0, "treated": t == 1}
    balance = {
        name: numbers(before=_gap(column, t, np.ones_like(w)), after=_gap(column, t, w))
        for name, column in zip(found.built.names, found.built.matrix.T, strict=True)
        if name != "Intercept"
    }
    return {
        "n_rows": len(t), "n_dropped": frame.rows - len(t),
        "propensity_min": float(e.min()), "propensity_max": float(e.max()),
        "n_little_overlap": int(((e < OVERLAP) | (e > 1 - OVERLAP)).sum()),
        "weights": {arm: float(w[rows].sum()) for arm, rows in arms.items()},
        "effective_n": {arm: float(w[rows].sum() ** 2 / (w[rows] ** 2).sum()) for arm, rows in arms.items()},
        "largest_weight": float(w.max()), "balance": balance,
    }  # fmt: skip


def _gap(column: Numbers, treated: Numbers, weights: Numbers) -> float:
    """The standardised difference of a covariate between the arms."""
    means, variances = [], []
    for arm in (0, 1):
        rows = treated == arm
        means.append(np.average(column[rows], weights=weights[rows]))
        variances.append(column[rows].var(ddof=1))
    spread = np.sqrt(sum(variances) / 2)
    return float((means[1] - means[0]) / spread) if spread > 0 else np.nan
