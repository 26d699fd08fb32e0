"""Shares, strata and tables of counts."""

import re
from typing import Any

import pandas as pd

from upshot_cases import arms, columns, kinds, priors, words
from upshot_cases.case import Analysis, OutOfReachError
from upshot_cases.counts import expanded
from upshot_cases.engine import Answer, Engine, common, is_share, method


def counts(analysis: Analysis) -> tuple[float, float, float, float]:
    """K and n of control, k and n of treatment. OutOfReachError unless the values are 0 and 1."""
    told = [analysis.inputs.get(f"{part}_{arm}") for arm in ("control", "treatment") for part in ("k", "n")]
    if None not in told:
        k0, n0, k1, n1 = (kinds.number(one) for one in told)
        return k0, n0, k1, n1
    control, treatment = arms.values(analysis)
    if not (is_share(control) and is_share(treatment)):
        raise OutOfReachError("a share needs values of 0 and 1")
    return float(control.sum()), float(len(control)), float(treatment.sum()), float(len(treatment))


@method("proportion_diff", "proportion")
def proportion(engine: Engine, analysis: Analysis) -> Answer:
    k0, n0, k1, n1 = counts(analysis)
    row = engine.sql.row("proportions", k0, n0, k1, n1, analysis.alpha)
    if analysis.alternative != "two-sided" and row["z_pooled"] is not None:
        away = row["z_pooled"] if analysis.alternative == "greater" else -row["z_pooled"]
        row |= {"p_value_pooled": engine.sql.number("normal_sf", away)}
    sides = [engine.sql.row("wilson", k, n, analysis.alpha) for k, n in ((k0, n0), (k1, n1))]
    found = common(row) | {
        "n_control": n0,
        "n_treatment": n1,
        "k_control": k0,
        "k_treatment": k1,
        "se_unpooled": row["std_error"],
    }
    for name, side in zip(("control", "treatment"), sides, strict=True):
        found |= {f"wilson_{name}_low": side["low"], f"wilson_{name}_high": side["high"]}
    return found


@method("bayes_beta")
def bayes_beta(engine: Engine, analysis: Analysis) -> Answer:
    a, b = priors.beta(analysis.inputs.get("prior"), analysis.inputs)
    return beta(engine, *counts(analysis), a, b)


def beta(engine: Engine, k0: float, n0: float, k1: float, n1: float, a: float = 1, b: float = 1) -> dict[str, Any]:
    """Independent Beta posteriors of two shares."""
    row = engine.sql.row("bayes_beta", k0, n0, k1, n1, prior_a=float(a), prior_b=float(b))
    return row | {
        "prior_a": a, "prior_b": b, "chance_to_beat_control": row["chance_to_win"],
        "expected_loss_ship_treatment": row["risk_ship"], "expected_loss_keep_control": row["risk_keep"],
    }  # fmt: skip


def stratum_column(analysis: Analysis, frame: Any) -> str | None:
    """The column that is named as the segment, or as the strata."""
    for name in ("segment", "strata", "stratum", "block"):
        said = analysis.inputs.get(name)
        if isinstance(said, str) and said in frame.columns:
            return said
    return None


def by_stratum(analysis: Analysis) -> list[tuple[str, Any, Any]]:
    """Each stratum's label with the values of its control and of its treatment."""
    found = arms.arms(analysis)
    column = stratum_column(analysis, found.frame)
    if column is None:
        said = analysis.inputs.get("strata") or analysis.inputs.get("segment")
        labels = words.strata(found.frame, said) if said else None
        if labels is None:
            raise OutOfReachError("no strata are named")
        frame = found.frame.assign(_stratum=labels)
        column = "_stratum"
    else:
        frame = found.frame
    value = arms.value_of(analysis)
    answers = []
    present = frame.loc[found.control | found.treatment, column].dropna()
    for label in sorted(present.unique()):
        rows = frame[column] == label
        part = arms.Arms(frame, found.control & rows, found.treatment & rows)
        control, treatment = arms.split(arms.units(analysis, part, value), "c0")
        answers.append((str(label), control, treatment))
    return _kept(analysis, answers)


def _kept(analysis: Analysis, strata: list[tuple[str, Any, Any]]) -> list[tuple[str, Any, Any]]:
    """Without the strata that are to be left out."""
    out = _labels(analysis.inputs.get("exclude_segment"), strata)
    flat = analysis.inputs.get("drop_zero_variance_strata")
    named = _labels(flat, strata) if isinstance(flat, (list, str)) else set()
    kept = [s for s in strata if s[0] not in out | named]
    return [s for s in kept if _varies(*s[1:])] if flat and not named else kept


def _labels(said: Any, strata: list[tuple[str, Any, Any]]) -> set[str]:
    """The strata that are named: ``unknown``; also ``flat (no spread)``, ``a and b``."""
    present = {name: label for label, _, _ in strata for name in (arms.text_of(columns.unquoted(label)), label)}
    found: set[str] = set()
    for one in said if isinstance(said, list) else [said]:
        text = arms.text_of(one)
        parts = [text] if text in present else re.split(r"\s*(?:,|;|\band\b|\bor\b)\s*", text.partition("(")[0].strip())
        found |= {present[part] for part in parts if part in present}
    return found


def _varies(control: Any, treatment: Any) -> bool:
    return all(len(side) > 1 and float(side.min()) < float(side.max()) for side in (control, treatment))


@method("stratified_mean", "stratified", "poststratified")
def stratified(engine: Engine, analysis: Analysis) -> Answer:
    strata = by_stratum(analysis)
    labels = [label for label, _, _ in strata]
    sides = [[engine.mean(s[side]) for s in strata] for side in (1, 2)]
    rows = [common(row) for row in engine.sql.rows("strata_effects", labels, *sides, analysis.alpha)]
    pooled = engine.sql.row("stratified_effect", *sides, analysis.alpha)
    return pooled | {
        "strata": rows, "segments": rows,
        "fixed_se": pooled["fixed_std_error"], "q_df": pooled["q_degrees_of_freedom"], "tau2_dl": pooled["tau2"],
        "random_se": pooled["random_std_error"], "poststratified_se": pooled["poststratified_std_error"],
    }  # fmt: skip


@method("cmh")
def cmh(engine: Engine, analysis: Analysis) -> Answer:
    strata = by_stratum(analysis)
    columns = [
        [float(one(c, t)) for _, c, t in strata]
        for one in (lambda c, _: c.sum(), lambda c, _: len(c), lambda _, t: t.sum(), lambda _, t: len(t))
    ]
    row = engine.sql.row("cmh", *columns, analysis.alpha)
    return row | {
        "mh_odds_ratio": row["odds_ratio"], "mh_risk_ratio": row["risk_ratio"], "log_or_se": row["log_odds_std_error"],
        "cmh_statistic": row["statistic"], "cmh_p_value": row["p_value"],
        "cmh_cc_statistic": row["corrected_statistic"], "cmh_cc_p_value": row["corrected_p_value"],
    }  # fmt: skip


@method("mix_shift")
def mix_shift(engine: Engine, analysis: Analysis) -> Answer:
    """Each arm's shares of the segments, and whether they differ."""
    found = arms.arms(analysis)
    column = stratum_column(analysis, found.frame)
    if column is None:
        raise OutOfReachError("no segment is named")
    arm = arms.arm_column(analysis, found.frame, analysis.inputs.get("control"))
    table: Any = pd.crosstab(found.frame[arm].map(arms.text_of), found.frame[column].map(str))
    names = [n for n in table.index if n in {arms.text_of(v) for v in found.both[arm]}]
    labels = list(table.columns)
    control = arms.text_of(found.each()[0][arm].iloc[0])
    shares: dict[str, Any] = {}
    for name in names:
        both = [table.loc[which].to_numpy(float).tolist() for which in (control, name)]
        rows = engine.sql.rows("mix_shift", labels, *both)
        shares[name] = {row["stratum"]: row["share_variant"] for row in rows if row["share_variant"]}
    flat = [table.loc[name].to_numpy(float).tolist() for name in names]
    chi2 = common(engine.sql.row("contingency_chi2", flat))
    return shares | {"chi2_mix": chi2}


@method("srm_chi2", "srm")
def srm(engine: Engine, analysis: Analysis) -> Answer:
    counts_of, weights = seen(engine, analysis)
    return common(engine.sql.row("srm", counts_of, weights))


@method("srm_sequential", "srm_anytime")
def srm_anytime(engine: Engine, analysis: Analysis) -> Answer:
    k = float(analysis.inputs.get("k", 100))
    return engine.sql.row("srm_anytime", *seen(engine, analysis), k) | {"k": k}


def seen(engine: Engine, analysis: Analysis) -> tuple[list[float], list[float]]:
    """How many units each arm with a weight has, and the weights. Without weights the arms are alike."""
    said = analysis.inputs.get("weights") or analysis.inputs.get("expected_shares")
    counted = analysis.inputs.get("counts")
    if isinstance(counted, list):
        return [float(n) for n in counted], [kinds.number(w) for w in said or [1] * len(counted)]
    if isinstance(counted, dict):
        present = {arms.text_of(k): float(v) for k, v in counted.items()}
    elif analysis.window is not None:
        present = {k: float(v) for k, v in engine.road.subjects(analysis).items()}
    else:
        present = _present(analysis, said)
    if isinstance(said, list):
        return [present[name] for name in sorted(present)], [kinds.number(w) for w in said]
    weights = (
        {arms.text_of(k): kinds.number(v) for k, v in said.items()} if said else dict.fromkeys(sorted(present), 1.0)
    )
    return [present.get(name, 0.0) for name in weights], list(weights.values())


def _present(analysis: Analysis, weights: Any) -> dict[str, float]:
    """How many rows, or units, each arm has: in the column that holds most of the arms' names, or as many arms as weights."""
    frame = arms.filtered(analysis, expanded(analysis.frame(), analysis))
    column = arms.column_of(analysis, frame, weights)
    unit = arms.unit_column(analysis, frame) if "unit" in analysis.inputs else None
    frame = frame.drop_duplicates([unit, column]) if unit else frame
    return {str(k): float(v) for k, v in frame[column].dropna().map(arms.text_of).value_counts().items()}
