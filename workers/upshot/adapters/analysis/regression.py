"""Least squares and what is read off it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import statsmodels.api as sm
from scipy import stats

from upshot.adapters.analysis.frame import Design, Flags, Frame, Numbers, design
from upshot.domain.errors import FormulaError, NotComputableError
from upshot.domain.formula import Formula
from upshot.domain.methods import Adjusted, Anova, Mediation, NeweyWest, Ols

TINY = 1e-8


@dataclass(frozen=True)
class Fitted:
    """A fitted model with the numbers of each of its columns."""

    design: Design
    model: Any
    alpha: float
    degrees_of_freedom: float | None
    """None: read against the normal."""

    @cached_property
    def estimable(self) -> Flags:
        """Whether each coefficient is the same in every least-squares solution."""
        scale = np.linalg.norm(self.design.matrix, axis=0)
        scale[scale == 0] = 1
        _, sizes, rows = np.linalg.svd(self.design.matrix / scale, full_matrices=False)
        spanned = rows[sizes > sizes[0] * max(self.design.matrix.shape) * np.finfo(float).eps]
        return np.asarray(np.abs(1 - (spanned**2).sum(axis=0)) < TINY)

    @cached_property
    def intervals(self) -> Numbers:
        """Each coefficient's two ends."""
        return np.asarray(self.model.conf_int(self.alpha))

    def coefficient(self, term: str) -> dict[str, float | None]:
        """NotComputableError when the data cannot tell the term from the others."""
        at = self.design.position(term)
        if not self.estimable[at]:
            raise NotComputableError("collinear", f"The data cannot tell {term} from the other terms.")
        low, high = self.intervals[at]
        return numbers(
            estimate=self.model.params[at],
            std_error=self.model.bse[at],
            statistic=self.model.tvalues[at],
            p_value=self.model.pvalues[at],
            ci_low=low,
            ci_high=high,
        )

    def summary(self) -> dict[str, Any]:
        about = {"n_rows": len(self.design.response), "n_dropped": self.design.dropped}
        return about | {"degrees_of_freedom": self.degrees_of_freedom}


def numbers(**values: Any) -> dict[str, float | None]:
    """Plain numbers; what is not finite is absent."""
    return {name: float(value) if np.isfinite(value) else None for name, value in values.items()}


def fit(formula: str, frame: Frame, alpha: float, se: str = "nonrobust", **more: Any) -> Fitted:
    """Fit by least squares; NotComputableError with fewer rows than terms."""
    built = design(Formula.parse(formula), frame)
    rank = int(np.linalg.matrix_rank(built.matrix))
    rows = len(built.response)
    if rows <= rank:
        raise NotComputableError("too_few_rows", f"{rows} rows cannot carry {rank} terms and their errors.")
    model = sm.OLS(built.response, built.matrix)
    if se == "nonrobust":
        return Fitted(built, model.fit(), alpha, float(rows - rank))
    if se != "cluster":
        return Fitted(built, model.fit(cov_type=se, **({"cov_kwds": more} if more else {})), alpha, None)
    clusters = _clusters(built, more["cluster"])
    options = {"groups": clusters, "use_correction": True, "df_correction": True}
    fitted = model.fit(cov_type="cluster", cov_kwds=options, use_t=True)
    return Fitted(built, fitted, alpha, float(clusters.max()))


def _clusters(built: Design, column: str) -> Any:
    values = built.frame.names(column)
    if any(value is None for value in values):
        raise NotComputableError("unknown_cluster", f"Some rows have no {column}.")
    found = np.unique(values.astype(str), return_inverse=True)[1]
    if found.max() < 1:
        raise NotComputableError("one_cluster", "All rows are in one cluster.")
    return found


def ols(frame: Frame, asked: Ols) -> dict[str, Any]:
    """Every coefficient but the intercept."""
    more = {"cluster": asked.cluster} if asked.cluster else {}
    fitted = fit(asked.formula, frame, asked.alpha, asked.se, **more)
    terms = {name: fitted.coefficient(name) for name in fitted.design.names if name != "Intercept"}
    answer = {"coefficients": terms} | fitted.summary()
    if asked.cluster:
        answer["n_clusters"] = len(set(fitted.design.frame.names(asked.cluster)))
    return answer


def anova(frame: Frame, asked: Anova) -> dict[str, Any]:
    """Sequential sums of squares. A term that adds nothing to those before it is left out."""
    built = design(Formula.parse(asked.formula), frame)
    columns: list[int] = []
    left: Mapping[str, float] = {"rank": 0, "squares": float((built.response**2).sum())}
    rows: dict[str, dict[str, float]] = {}
    for name, positions in built.terms:
        columns += positions
        after = _residual(built.matrix[:, columns], built.response)
        gained = after["rank"] - left["rank"]
        if gained and name != "Intercept":
            rows[name] = {"df": float(gained), "sum_sq": left["squares"] - after["squares"]}
        left = after
    freedom = len(built.response) - left["rank"]
    if freedom < 1:
        raise NotComputableError("too_few_rows", "The model uses up every row: nothing is left to judge by.")
    noise = left["squares"] / freedom
    for row in rows.values():
        row["f"] = row["sum_sq"] / row["df"] / noise
        row["p_value"] = float(stats.f.sf(row["f"], row["df"], freedom))
    return {"terms": rows, "residual": {"df": float(freedom), "sum_sq": left["squares"]}, "n_rows": len(built.response)}


def _residual(matrix: Numbers, response: Numbers) -> Mapping[str, float]:
    solution, _, rank, _ = np.linalg.lstsq(matrix, response, rcond=None)
    return {"rank": int(rank), "squares": float(((response - matrix @ solution) ** 2).sum())}


def regression_adjustment(frame: Frame, asked: Adjusted) -> dict[str, Any]:
    """The treatment's coefficient with covariates centred and crossed with it."""
    kept = frame.only(frame.known([asked.outcome, asked.treatment, *asked.covariates]))
    centred = {f"centred_{i}": _centred(kept.numbers(name)) for i, name in enumerate(asked.covariates)}
    columns = {"outcome": kept.numbers(asked.outcome), "treatment": treatment_of(kept, asked.treatment)} | centred
    crossed = " + ".join(centred)
    model = Frame({name: values.tolist() for name, values in columns.items()})
    fitted = fit(f"outcome ~ treatment * ({crossed})", model, asked.alpha, "HC2")
    found = fitted.coefficient("treatment")
    return difference(found) | fitted.summary() | {"n_dropped": frame.rows - kept.rows}


def difference(found: Mapping[str, float | None]) -> dict[str, Any]:
    """A coefficient by the names of a difference."""
    return {"difference": found["estimate"]} | {name: found[name] for name in found if name != "estimate"}


def _centred(values: Numbers) -> Numbers:
    return np.asarray(values - values.mean())


def treatment_of(frame: Frame, column: str) -> Numbers:
    """A column of 0 and 1 in which both occur."""
    values = frame.numbers(column)
    if not np.isin(values, (0.0, 1.0)).all():
        raise FormulaError(f"{column} is 0 for the control and 1 for the treated.")
    if min(values.sum(), len(values) - values.sum()) < 2:  # noqa: PLR2004 - a variance needs two
        raise NotComputableError("too_few_rows", "Each arm needs two rows at least.")
    return values


def its_newey_west(frame: Frame, asked: NeweyWest) -> dict[str, Any]:
    """The coefficients of a series' model. Rows must come in the order of time."""
    fitted = fit(asked.formula, frame, asked.alpha, "HAC", maxlags=asked.maxlags, use_correction=False)
    terms = {name: fitted.coefficient(name) for name in fitted.design.names if name != "Intercept"}
    return {"coefficients": terms, "maxlags": asked.maxlags} | fitted.summary()


def mediation(frame: Frame, asked: Mediation) -> dict[str, Any]:
    """The part of the effect that runs through the mediator, with Sobel's error."""
    mediator = Formula.parse(asked.mediator_model).response
    both = Formula.parse(asked.mediator_model).columns | Formula.parse(asked.outcome_model).columns
    kept = frame.only(frame.known(both))
    first = fit(asked.mediator_model, kept, asked.alpha).coefficient(asked.treatment)
    second = fit(asked.outcome_model, kept, asked.alpha)
    through, direct = second.coefficient(mediator), second.coefficient(asked.treatment)
    a, a_se, b, b_se = _all_there(first["estimate"], first["std_error"], through["estimate"], through["std_error"])
    se = float(np.hypot(a * b_se, b * a_se))
    reach = float(stats.norm.isf(asked.alpha / 2)) * se
    acme, ade = a * b, _all_there(direct["estimate"])[0]
    z = acme / se if se > 0 else np.nan
    return {
        "a": first, "b": through, "direct": direct,
        "acme": acme, "acme_std_error": se, "acme_ci_low": acme - reach, "acme_ci_high": acme + reach,
        "ade": ade, "total": acme + ade, "n_rows": kept.rows, "n_dropped": frame.rows - kept.rows,
    } | numbers(acme_statistic=z, acme_p_value=2 * stats.norm.sf(abs(z)),
        proportion_mediated=acme / (acme + ade) if acme + ade else np.nan)  # fmt: skip


def _all_there(*values: float | None) -> tuple[float, ...]:
    if any(value is None for value in values):
        raise NotComputableError("no_variation", "A coefficient of the model has no error.")
    return tuple(value for value in values if value is not None)
