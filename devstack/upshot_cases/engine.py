"""What answers analyses: the statistics functions in SQL, the worker's methods, and the public ingest road."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from upshot.ports.methods import Methods
from upshot_cases.case import Analysis, OutOfReachError
from upshot_cases.database import Composite, Statistics
from upshot_cases.road import Road

Answer = Any


@dataclass(frozen=True)
class Engine:
    """The three roads to a number."""

    sql: Statistics
    methods: Methods
    road: Road

    def work(self, method: str, frame: Any, **inputs: Any) -> Mapping[str, Any]:
        """A method of the worker over a frame's columns."""
        columns = {name: [_cell(value) for value in frame[name]] for name in frame.columns}
        return self.methods.run(method, columns, {k: v for k, v in inputs.items() if v is not None})

    def mean(self, values: Any) -> Composite:
        """What an arm says: its mean."""
        return self.sql.made("readout", "mean_readout", self.sql.moments(values))

    def contrast(self, sides: Sequence[Composite], alpha: float) -> dict[str, Any]:
        """Treatment less control by the format's names."""
        return common(self.sql.row("contrast", *sides, alpha))


Method = Callable[[Engine, Analysis], Answer]
METHODS: dict[str, Method] = {}


ALIASES: dict[str, str] = {
    "welch": "mean_welch", "welch_t": "mean_welch", "welch_t_test": "mean_welch", "t_test": "mean_welch",
    "ttest_welch": "mean_welch", "mean_difference": "mean_welch", "difference_in_means": "mean_welch",
    "proportions": "proportion_diff", "two_proportions": "proportion_diff", "proportion_newcombe": "proportion_diff",
    "ratio_of_means": "ratio_delta", "cuped_ratio": "ratio_cuped", "ratio_delta_cuped": "ratio_cuped",
    "lift_relative": "lift_delta", "relative_lift": "lift_delta", "sequential_cs": "sequential_asymptotic_cs",
    "confidence_sequence": "sequential_asymptotic_cs", "always_valid": "sequential_asymptotic_cs",
    "bayes_gaussian": "bayes_normal", "beta_binomial": "bayes_beta", "non-inferiority": "noninferiority",
    "quantile_diff": "quantile_diff_iid", "mantel_haenszel": "cmh", "stratified_cmh": "cmh",
    "cluster_robust": "ols_cluster_cr1", "cluster_cr1": "ols_cluster_cr1", "shapley": "shapley_steps", "owen": "shapley_steps",
    "factorial_main_effects": "factorial_ols", "srm_chisquare": "srm_chi2", "srm_dirichlet": "srm_sequential",
    "its": "its_newey_west", "interrupted_time_series": "its_newey_west", "newey_west": "its_newey_west",
    "ses": "exp_smoothing", "holt": "exp_smoothing", "ipw_hajek": "ipw", "mde": "power_mde", "sample_size": "power_mde",
    "prepost_paired": "paired_t", "ttest_rel": "paired_t", "pre_post": "paired_t",
}  # fmt: skip
"""Other names of the same methods."""


def known(name: str) -> Method | None:
    """What answers a method; None for a method that nobody knows."""
    plain = name.strip().lower()
    return METHODS.get(ALIASES.get(plain, plain))


def method(*names: str) -> Callable[[Method], Method]:
    """Say which of the format's methods a function answers."""

    def register(function: Method) -> Method:
        METHODS.update(dict.fromkeys(names, function))
        return function

    return register


_FORMAT = {
    "difference": "estimate", "lift": "estimate", "std_error": "se", "degrees_of_freedom": "df", "n_variant": "n_treatment",
    "mean_variant": "mean_treatment", "wald_low": "wald_ci_low", "wald_high": "wald_ci_high",
    "newcombe_low": "newcombe_ci_low", "newcombe_high": "newcombe_ci_high", "corrected_statistic": "cmh_cc_statistic",
}  # fmt: skip


def common(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of ours by the format's names; a statistic is what a difference is in standard errors."""
    made = {_FORMAT.get(name, name): value for name, value in row.items()}
    if "statistic" not in made and made.get("se") and made.get("estimate") is not None:
        made["statistic"] = made["estimate"] / made["se"]
    return made


_SYNONYMS = (
    ("estimate", "difference", "diff", "effect", "coef", "coefficient", "effect_size", "mean_difference"),
    ("se", "std_error", "stderr", "std_err", "standard_error", "bse"),
    ("p_value", "p", "pvalue", "p_val", "pval", "p_value_pooled", "p_two_sided"),
    ("statistic", "t", "z", "t_statistic", "t_stat", "z_pooled", "chi2", "chisq", "q"),
    ("df", "dof", "degrees_of_freedom"),
    ("ci_low", "ci_lower", "lower", "low", "conf_low", "ci_lo", "wald_ci_low"),
    ("ci_high", "ci_upper", "upper", "high", "conf_high", "ci_hi", "wald_ci_high"),
    ("n_rows", "n", "n_obs", "nobs"), ("n_clusters", "clusters", "g", "groups"),
    ("n_control", "n0", "control_n"), ("n_treatment", "n1", "treatment_n"),
    ("mean_control", "m0", "control_mean", "mean0", "ratio_control", "p_control", "rate_control"),
    ("mean_treatment", "m1", "treatment_mean", "mean1", "ratio_treatment", "p_treatment", "rate_treatment"),
    ("var_control", "var0"), ("var_treatment", "var1"),
    ("chance_to_beat_control", "chance_to_win", "prob_win"), ("tau2_dl", "tau2"), ("i2", "i_squared"),
    ("bh", "benjamini_hochberg", "fdr_bh"), ("reason", "reason_code"),
)  # fmt: skip
"""Names that people give to the same number."""


def chosen(answer: Mapping[str, Any], analysis: Analysis) -> dict[str, Any]:
    """What is asked of an answer, and what else there is; a name that nobody knows is out of reach."""
    asked = list(analysis.asked) if isinstance(analysis.asked, dict) else []
    answer = dict(answer) | {name: _synonym(answer, name) for name in asked if name not in answer}
    missing = [name for name in asked if answer[name] is Ellipsis]
    if missing:
        raise OutOfReachError(f"no number is known under the name {', '.join(missing)}")
    return answer


def _synonym(answer: Mapping[str, Any], name: str) -> Any:
    """The number that has another name here; Ellipsis when there is none."""
    if name in ("ci", "confidence_interval") and "ci_low" in answer:
        return [answer["ci_low"], answer["ci_high"]]
    if name == "needs_reason":
        return bool(answer.get("reason_code"))
    same = next((names for names in _SYNONYMS if name.lower() in names), ())
    return next((answer[other] for other in same if other in answer), ...)


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return value
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def is_share(values: Any) -> bool:
    """Whether every value is 0 or 1."""
    return bool(len(values)) and all(value in (0.0, 1.0) for value in values)
