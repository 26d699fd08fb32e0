"""Means and ratios of units: differences, lifts, CUPED, sequences, posteriors, margins."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from upshot_cases import arms, kinds, priors
from upshot_cases.case import Analysis
from upshot_cases.database import Composite
from upshot_cases.engine import Answer, Engine, common, is_share, method
from upshot_cases.families import corrected


def readouts(engine: Engine, analysis: Analysis, *, shares: bool) -> tuple[Composite, Composite]:
    """Control's and treatment's mean. ``shares``: values of 0 and 1 have the variance p(1 - p)."""
    if analysis.method != "bayes_beta" and is_raw(analysis):
        return engine.road.readouts(analysis)
    control, treatment = arms.values(analysis)
    if shares and is_share(control) and is_share(treatment):
        return share(engine, control), share(engine, treatment)
    return engine.mean(control), engine.mean(treatment)


def is_raw(analysis: Analysis) -> bool:
    """Whether the analysis is of raw events, with windows and policies."""
    return analysis.window is not None


def share(engine: Engine, values: Any) -> Composite:
    """The readout of a share, with the variance p(1 - p)."""
    p, n = float(values.mean()), float(len(values))
    return engine.sql.made("readout", "readout_of", n, p, p * (1 - p) / n)


def spread(row: Mapping[str, Any], control: Any, treatment: Any) -> dict[str, Any]:
    """The variances of the units, as the readouts' times n."""
    return {
        "var_control": control["variance"] * control["n"],
        "var_treatment": treatment["variance"] * treatment["n"],
    } | dict(row)


def parts(engine: Engine, readout: Composite) -> Mapping[str, Any]:
    """A readout's fields."""
    (row,) = engine.sql.rows_of("select (r).* from (select %s::stats.readout as r) x", str(readout))
    return row


def is_relative(analysis: Analysis) -> bool:
    """Whether the effect is the lift."""
    return str(analysis.inputs.get("difference", "absolute")).lower().startswith("rel")


@method("mean_welch", "mean")
def mean_welch(engine: Engine, analysis: Analysis) -> Answer:
    if is_relative(analysis):
        return lift_delta(engine, analysis)
    control, treatment = readouts(engine, analysis, shares=False)
    found = sided(analysis, lambda alpha: engine.contrast((control, treatment), alpha))
    sides = [parts(engine, side) for side in (control, treatment)]
    if any(side["variance"] is None for side in sides):
        return found
    return spread(found, *sides)


def sided(analysis: Analysis, of: Callable[[float], dict[str, Any]]) -> dict[str, Any]:
    """The answer at a level; of a one-sided alternative, with its p and an interval that is open on the side of no interest."""
    if analysis.alternative == "two-sided":
        return of(analysis.alpha)
    row, above = of(2 * analysis.alpha), analysis.alternative == "greater"
    row["ci_high" if above else "ci_low"] = None
    if row["p_value"] is not None:
        row["p_value"] = row["p_value"] / 2 if (row["estimate"] > 0) == above else 1 - row["p_value"] / 2
    return row


def lift(engine: Engine, sides: Sequence[Composite], alpha: float) -> dict[str, Any]:
    """The lift by the linear delta method, whatever the baseline: where it is unsure the product shows none."""
    return common(engine.sql.row("lift_linear", *sides, alpha, guarded=False))


@method("lift_delta", "lift_linear")
def lift_delta(engine: Engine, analysis: Analysis) -> Answer:
    sides = readouts(engine, analysis, shares=not is_raw(analysis))
    return sided(analysis, lambda alpha: lift(engine, sides, alpha))


@method("lift_log_ci", "lift_log")
def lift_log(engine: Engine, analysis: Analysis) -> Answer:
    return common(engine.sql.row("lift", *readouts(engine, analysis, shares=False), analysis.alpha))


@method("lift_sign")
def lift_sign(engine: Engine, analysis: Analysis) -> Answer:
    """A baseline that is not above zero: the difference is told, no lift is."""
    control, treatment = readouts(engine, analysis, shares=False)
    difference = engine.contrast((control, treatment), analysis.alpha)
    relative = engine.sql.row("lift", control, treatment, analysis.alpha)
    baseline = difference["mean_control"]
    gap = difference["estimate"] or 0
    way = "positive" if gap > 0 else "negative" if gap < 0 else "none"
    tells = baseline is not None and baseline > 0 and relative["lift"] is not None
    return difference | {
        "baseline": baseline,
        "sign": way,
        "lift_sign": way,
        "lift_ci_low": relative["ci_low"] if tells else None,
        "lift_ci_high": relative["ci_high"] if tells else None,
        "has_lift": tells,
        "difference": difference["estimate"],
        "absolute": difference["estimate"],
        "lift": relative["lift"] if tells else None,
        "lift_defined": tells,
        "lift_is_defined": tells,
        "needs_reason": not tells,
        "reason": None if tells else "baseline_not_positive",
    }


@method("cuped")
def cuped(engine: Engine, analysis: Analysis) -> Answer:
    table = arms.units(
        analysis,
        arms.arms(analysis),
        arms.value_of(analysis),
        str(analysis.inputs["covariate"]),
        defaults=("sum", "first"),
        optional=(1,),
    )
    # A unit without a past stays: the product puts the mean of the others in its place.
    table = table.assign(w=table["c1"].notna().astype(int), c1=table["c1"].fillna(0.0))
    pool = engine.sql.moments(table["c0"], None, table["c1"], table["w"])
    sides = [_adjusted(engine, table[table["T"] == arm], pool) for arm in (0, 1)]
    found = sided(analysis, lambda alpha: engine.contrast(sides, alpha))
    raw = [engine.sql.made("contrast", "contrast", *(engine.mean(v) for v in arms.split(table, "c0")), analysis.alpha)]
    adjusted = engine.sql.made("contrast", "contrast", *sides, analysis.alpha)
    return found | {
        "theta": engine.sql.number("cuped_theta", pool),
        "variance_reduction": engine.sql.number("variance_reduction", raw[0], adjusted),
    }


def _adjusted(engine: Engine, table: Any, pool: Composite) -> Composite:
    arm = engine.sql.moments(table["c0"], None, table["c1"], table["w"])
    return engine.sql.made("readout", "cuped_readout", arm, pool)


def ratio_parts(analysis: Analysis, found: arms.Arms) -> Any:
    """One row per unit with numerator c0 and denominator c1, whatever the rows are."""
    said = [str(analysis.inputs[name]) for name in ("numerator", "denominator")]
    return arms.units(analysis, found, *said, folds=True)


def ratios(engine: Engine, table: Any, analysis: Analysis) -> dict[str, Any]:
    """A ratio of two arms, its difference and both lifts."""
    alpha = analysis.alpha
    sides = []
    for arm in (0, 1):
        rows = table[table["T"] == arm]
        sides.append(engine.sql.made("readout", "ratio_readout", engine.sql.moments(rows["c0"], rows["c1"])))
    found = sided(analysis, lambda level: engine.contrast(sides, level))
    linear = lift(engine, sides, alpha)
    log = engine.sql.row("lift", *sides, alpha)
    return found | {
        "ratio_control": found["mean_control"], "ratio_treatment": found["mean_treatment"], "lift": linear["estimate"],
        "lift_se": linear["se"], "lift_ci_low": linear["ci_low"], "lift_ci_high": linear["ci_high"],
        "lift_p_value": linear["p_value"], "lift_log_ci_low": log["ci_low"], "lift_log_ci_high": log["ci_high"],
    }  # fmt: skip


@method("ratio_delta", "ratio")
def ratio_delta(engine: Engine, analysis: Analysis) -> Answer:
    found = ratios(engine, ratio_parts(analysis, arms.arms(analysis)), analysis)
    if is_relative(analysis):
        return found | {name: found[f"lift_{name}"] for name in ("se", "ci_low", "ci_high", "p_value")} | {
            "estimate": found["lift"]
        }  # fmt: skip
    return found


@method("ratio_cuped")
def ratio_cuped(engine: Engine, analysis: Analysis) -> Answer:
    said = [
        str(analysis.inputs[n]) for n in ("numerator", "denominator", "numerator_covariate", "denominator_covariate")
    ]
    past = ("sum", "sum", "first", "first")
    table = arms.units(analysis, arms.arms(analysis), *said, defaults=past, folds=True)
    columns = ("c0", "c1", "c2", "c3")
    pool = engine.sql.moments(*(table[c] for c in columns))
    sides = []
    for arm in (0, 1):
        rows = table[table["T"] == arm]
        moments = engine.sql.moments(*(rows[c] for c in columns))
        sides.append(engine.sql.made("readout", "ratio_cuped_readout", moments, pool))
    found = engine.contrast(sides, analysis.alpha)
    return found | {"ratio_control": found["mean_control"], "ratio_treatment": found["mean_treatment"]}


@method("ratio_delta_by_segment")
def ratio_by_segment(engine: Engine, analysis: Analysis) -> Answer:
    """The ratio in each segment, and the p-values corrected for their number."""
    found = arms.arms(analysis)
    column = str(analysis.inputs["segment"])
    answers = []
    for label in sorted(found.both[column].dropna().unique()):
        rows = found.frame[column] == label
        part = arms.Arms(found.frame, found.control & rows, found.treatment & rows)
        table = ratio_parts(analysis, part)
        answers.append({column: str(label), "segment": str(label)} | ratios(engine, table, analysis))
    p = [answer["p_value"] for answer in answers]
    return {"segments": answers, "p_values": p} | corrected(engine, p)


@method("sequential_asymptotic_cs", "sequential")
def sequential(engine: Engine, analysis: Analysis) -> Answer:
    sides = readouts(engine, analysis, shares=not is_raw(analysis))
    found = effect(engine, analysis, sides)
    tuning = float(analysis.inputs.get("tuning", 5000))
    n = sum(parts(engine, side)["n"] for side in sides)
    sequence = engine.sql.row("confidence_sequence", found["estimate"], found["se"], n, analysis.alpha, tuning)
    return {"tuning": tuning, "estimate": found["estimate"], "se": found["se"]} | sequence


def effect(engine: Engine, analysis: Analysis, sides: tuple[Composite, Composite]) -> dict[str, Any]:
    """The difference, or the lift where that is the effect."""
    if is_relative(analysis):
        return lift(engine, sides, analysis.alpha)
    return engine.contrast(sides, analysis.alpha)


@method("bayes_normal")
def bayes_normal(engine: Engine, analysis: Analysis) -> Answer:
    sides = readouts(engine, analysis, shares=not is_raw(analysis))
    found = effect(engine, analysis, sides)
    mean, sd = priors.normal(analysis.inputs.get("prior"))
    if priors.is_relative(analysis.inputs) and not is_relative(analysis):
        scale = abs(parts(engine, sides[0])["value"])
        mean, sd = mean * scale, None if sd is None else sd * scale
    row = engine.sql.row(
        "bayes_normal", found["estimate"], found["se"], prior_mean=mean, prior_sd=sd, alpha=analysis.alpha
    )
    return row | {
        "estimate": row["mean"], "posterior_mean": row["mean"], "posterior_sd": row["std_dev"],
        "chance_to_beat_control": row["chance_to_win"], "risk_keep_control": row["risk_keep"],
        "risk_ship_treatment": row["risk_ship"],
    }  # fmt: skip


@method("noninferiority", "non_inferiority")
def noninferiority(engine: Engine, analysis: Analysis) -> Answer:
    sides = readouts(engine, analysis, shares=False)
    margin = float(analysis.inputs["margin"])
    higher = kinds.truth(analysis.inputs.get("higher_is_better", True))
    row = engine.sql.row(
        "noninferiority", *sides, margin, higher_is_better=higher, relative=is_relative(analysis), alpha=analysis.alpha
    )
    bound = {f"one_sided_bound_{round(100 * (1 - analysis.alpha))}": row["bound"]}
    contrast = engine.contrast(sides, analysis.alpha)
    return {"estimate": contrast["estimate"], "se": contrast["se"]} | common(row) | bound | {
        "margin": margin, "higher_is_better": higher, "non_inferior": row["status"] == "pass",
        "statistic": row["statistic"], "df": row["degrees_of_freedom"],
    }  # fmt: skip
