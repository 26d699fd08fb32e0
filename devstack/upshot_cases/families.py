"""Several tests at once: which they are, and their p-values corrected for their number."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from upshot_cases import arms
from upshot_cases.case import Analysis, OutOfReachError
from upshot_cases.engine import METHODS, Answer, Engine, known, method

_ARMS = ("treatments", "arms", "variants", "comparisons")
_TESTS = ("metrics", "analyses", "tests", "hypotheses", "values")


def corrected(engine: Engine, p_values: list[float]) -> dict[str, Any]:
    """p-values corrected for their number."""
    return {
        "holm": engine.sql.number("holm", p_values),
        "bh": engine.sql.number("benjamini_hochberg", p_values),
        "bonferroni": [min(1.0, p * len(p_values)) for p in p_values],
    }


@method("multiple_testing", "holm", "benjamini_hochberg", "bh", "corrections")
def multiple_testing(engine: Engine, analysis: Analysis) -> Answer:
    said = analysis.inputs.get("p_values")
    p = [float(v) for v in said] if said else [_p(_answered(engine, one)) for one in _tests(analysis)]
    rejected: dict[str, Any] = {}
    answer = {"p_values": p} | corrected(engine, p)
    for name in ("holm", "bh", "bonferroni"):
        rejected |= {f"rejected_{name}": sum(v <= analysis.alpha for v in answer[name])}
    return answer | rejected


def _answered(engine: Engine, analysis: Analysis) -> Answer:
    work = known(analysis.method)
    if work is None:
        raise OutOfReachError(f"the method {analysis.method} is not known")
    return work(engine, analysis)


def _p(answer: Mapping[str, Any]) -> float:
    return float(next(answer[name] for name in ("p_value", "p_value_pooled", "cmh_p_value") if name in answer))


def _tests(analysis: Analysis) -> list[Analysis]:
    """The metrics or analyses that are named, times the arms that are."""
    inputs = dict(analysis.inputs)
    tests = next((inputs.pop(name) for name in _TESTS if isinstance(inputs.get(name), list)), None)
    several = next((inputs.pop(name) for name in _ARMS if isinstance(inputs.get(name), list)), None)
    if tests is None and several is None:
        several = _others(analysis)
    inputs.pop("correction", None)
    base = replace(analysis, inputs=inputs, method="mean_welch", asked={})
    made = [_told(base, t) if isinstance(t, dict) else _test(base, str(t)) for t in tests or []] or [base]
    return [_against(one, arm) for arm in several for one in made] if several else made


def _others(analysis: Analysis) -> list[Any]:
    """Every arm but the control."""
    frame = analysis.frame()
    control = analysis.inputs.get("control")
    if control is None:
        raise OutOfReachError("no metrics, arms or analyses are named")
    column = arms.arm_column(analysis, frame, control)
    return sorted(set(frame[column].dropna().map(arms.text_of)) - {arms.text_of(control)})


def _against(analysis: Analysis, arm: Any) -> Analysis:
    return replace(analysis, inputs={**analysis.inputs, "treatment": arm})


def _told(base: Analysis, test: Mapping[str, Any]) -> Analysis:
    """A test that says its own inputs: a ratio where it names a numerator."""
    usual = "ratio_delta" if "numerator" in test else base.method
    return replace(base, inputs={**base.inputs, **test}, method=str(test.get("method", usual)))


def _test(base: Analysis, name: str) -> Analysis:
    """The test of a column's mean, another analysis of the case, or of ``a_per_b``."""
    frame = base.frame()
    if name in frame.columns:
        return replace(base, inputs={**base.inputs, "value": name})
    other = next((a for a in base.case.analyses if a.id == name and a.method in METHODS), None)
    if other is not None:
        return other
    top, per, bottom = name.partition("_per_")
    pair = [next((c for c in frame.columns if c.rstrip("s") == part.rstrip("s")), None) for part in (top, bottom)]
    if not per or None in pair:
        raise OutOfReachError(f"the metric {name} is neither a column nor an analysis of this case")
    return replace(base, method="ratio_delta", inputs={**base.inputs, "numerator": pair[0], "denominator": pair[1]})
