"""What is not randomised, and what iterates over looks: weights, standardisation, mediation, counterfactuals."""

import re
from typing import Any

import pandas as pd

from upshot.domain.formula import Formula
from upshot_cases import arms, models, words
from upshot_cases.case import Analysis, OutOfReachError
from upshot_cases.engine import Answer, Engine, common, method


def _weighted(engine: Engine, analysis: Analysis, which: str, **more: Any) -> dict[str, Any]:
    formula, frame = models.model_frame(analysis, models.formula_of(analysis, "propensity", "formula"))
    outcome = str(analysis.inputs.get("value") or _outcome(analysis, frame))
    link = str(analysis.inputs.get("link", "logit")).lower()
    found = engine.work(which, frame, propensity=formula, outcome=outcome, link=link, alpha=analysis.alpha, **more)
    n = found["effective_n"]
    return common(found) | {
        "ps_min": found["propensity_min"], "ps_max": found["propensity_max"], "n": found["n_rows"],
        "sum_w_treated": found["weights"]["treated"], "sum_w_control": found["weights"]["control"],
        "ess_treated": n["treated"], "ess_control": n["control"],
    }  # fmt: skip


def _outcome(analysis: Analysis, frame: Any) -> str:
    """The outcome's column: the first that the words of the outcome name; else value; else that of another analysis of the case."""
    for said in (str(analysis.inputs.get("outcome", "")), str(analysis.inputs.get("outcome_column", ""))):
        named = [word for word in re.findall(r"\w+", said.partition("~")[0]) if word in frame.columns]
        if named:
            return str(named[0])
    others = (str(a.inputs.get("value", "")) for a in analysis.case.analyses if a.files == analysis.files)
    return str(next((c for c in ("value", *others) if c in frame.columns), "value"))


@method("ipw")
def ipw(engine: Engine, analysis: Analysis) -> Answer:
    return _weighted(engine, analysis, "ipw")


@method("aipw")
def aipw(engine: Engine, analysis: Analysis) -> Answer:
    said = str(analysis.inputs.get("outcome", ""))
    return _weighted(engine, analysis, "aipw", outcome_formula=words.model(said)[0] if "~" in said else None)


@method("ra", "regression_adjustment", "standardisation", "g_computation")
def ra(engine: Engine, analysis: Analysis) -> Answer:
    """Each arm's regression; its right side is the propensity's of the same case where none is said."""
    text = next((str(v) for v in analysis.inputs.values() if isinstance(v, str) and "~" in v), None)
    if text is None:
        text = next(
            (models.formula_of(a, "propensity") for a in analysis.case.analyses if "propensity" in a.inputs), None
        )
    if text is None:
        raise OutOfReachError("no model of the outcome is given")
    formula, frame = models.model_frame(analysis, text)
    left, _, right = formula.partition("~")
    treatment = _treatment(analysis, frame, left.strip())
    outcome = str(analysis.inputs.get("value") or _outcome(analysis, frame))
    return common(
        engine.work("standardisation", frame, formula=f"{outcome} ~ {right}", treatment=treatment, alpha=analysis.alpha)
    )


def _treatment(analysis: Analysis, frame: Any, response: str) -> str:
    """The column of 0 and 1: as it is named, or the response of a propensity, or T, or of a usual name."""
    propensities = [
        str(a.inputs["propensity"]) for a in analysis.case.analyses if "~" in str(a.inputs.get("propensity"))
    ]
    named = [
        str(analysis.inputs.get(n, "")).partition("=")[0].strip() for n in ("treatment_column", "treatment", "variant")
    ]
    guesses = [*named, response, *(p.partition("~")[0].strip() for p in propensities), "T", *arms.ARM_NAMES]
    for name in guesses:
        if name in frame.columns and name != "value" and _is_binary(frame[name]):
            return name
    raise OutOfReachError("no column of 0 and 1 is the treatment")


def _is_binary(cells: Any) -> bool:
    values = set(pd.to_numeric(cells, errors="coerce").dropna())
    return bool(values) and values <= {0.0, 1.0}


@method("mediation")
def mediation(engine: Engine, analysis: Analysis) -> Answer:
    first, frame = models.model_frame(analysis, models.formula_of(analysis, "mediator_model"))
    second, frame = models.model_frame(analysis, models.formula_of(analysis, "outcome_model"), frame)
    treatment = _mediated(analysis, frame, Formula.parse(first))
    found = engine.work(
        "mediation", frame, mediator_model=first, outcome_model=second, treatment=treatment, alpha=analysis.alpha
    )
    se, z, p = (found[f"acme_{name}"] for name in ("std_error", "statistic", "p_value"))
    return {
        "a": found["a"]["estimate"], "a_se": found["a"]["std_error"], "se_a": found["a"]["std_error"],
        "b": found["b"]["estimate"], "b_se": found["b"]["std_error"], "se_b": found["b"]["std_error"],
        "acme": found["acme"], "ade": found["ade"], "total": found["total"], "total_effect": found["total"],
        "sobel_se": se, "se_sobel": se, "acme_se": se, "se": se, "se_acme": se,
        "sobel_z": z, "z": z, "statistic": z, "sobel_p": p, "p_value": p, "sobel_p_value": p,
        "ci_low": found["acme_ci_low"], "ci_high": found["acme_ci_high"],
        "acme_ci_low": found["acme_ci_low"], "acme_ci_high": found["acme_ci_high"],
        "ade_se": found["direct"]["std_error"], "proportion_mediated": found["proportion_mediated"],
        "prop_mediated": found["proportion_mediated"], "n_rows": found["n_rows"], "n": found["n_rows"],
    }  # fmt: skip


def _mediated(analysis: Analysis, frame: Any, first: Formula) -> str:
    """The treatment among the mediator's causes: as it is named, or of a usual name, or the first of 0 and 1, or the first."""
    terms = [term[0].label for term in first.terms if len(term) == 1]
    named = [
        str(analysis.inputs.get(n, "")).partition("=")[0].strip()
        for n in ("term", "treatment", "variant", "treatment_column")
    ]
    binary = [t for t in terms if t in frame.columns and _is_binary(frame[t])]
    return next(name for name in (*named, "T", *arms.ARM_NAMES, *binary, *terms) if name in terms)


@method("structural_counterfactual")
def structural(engine: Engine, analysis: Analysis) -> Answer:
    frame = analysis.frame()
    order = str(words.time_column(frame).name)
    return common(engine.work(
        "structural_counterfactual", frame, outcome=str(analysis.inputs.get("value", "value")), order=order,
        intervention=analysis.inputs["intervention"], season=analysis.inputs.get("season"), alpha=analysis.alpha,
    ))  # fmt: skip


@method("group_sequential")
def group_sequential(engine: Engine, analysis: Analysis) -> Answer:
    wanted = {k: v for k, v in analysis.inputs.items() if k in ("looks", "spending", "statistics")}
    found = engine.methods.run("group_sequential", {}, wanted | {"alpha": analysis.alpha})
    return dict(found) | {"bounds": [look["bound"] for look in found["looks"]]}
