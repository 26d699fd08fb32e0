"""formulas.json: golden values of single functions."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import psycopg

from upshot_cases.arms import numbers
from upshot_cases.case import OutOfReachError
from upshot_cases.engine import Engine, common
from upshot_cases.tables import beta

Group = Callable[[Engine, Mapping[str, Any]], Any]


def _sizes(engine: Engine, row: Mapping[str, Any]) -> dict[str, Any]:
    args = [float(row[name]) for name in ("p0", "p1", "alpha", "power")]
    return {
        "n_per_arm_unpooled_z": engine.sql.number("sample_size_of_shares", *args, False),
        "n_per_arm_arcsine": engine.sql.number("sample_size_of_shares", *args, True),
    }


def _means(engine: Engine, row: Mapping[str, Any]) -> dict[str, Any]:
    args = [1.0, float(row["effect_size"]), 0.5, 0.5, float(row["alpha"]), float(row["power"])]
    return {"n_per_arm": engine.sql.number("sample_size", *args) / 2}


def _corrections(engine: Engine, row: Mapping[str, Any]) -> dict[str, Any]:
    p = [float(v) for v in row["p_values"]]
    holm, bh = engine.sql.number("holm", p), engine.sql.number("benjamini_hochberg", p)
    levels = {found[1] for name in row if (found := re.fullmatch(r"rejected_\w+?_(\d+)", name))} | {"005"}
    rejected = {
        f"rejected_{name}_{level}": sum(v <= float(f"0.{level[1:]}") for v in values)
        for level in levels
        for name, values in (("bh", bh), ("holm", holm))
    }
    return {"holm": holm, "bh": bh, "bonferroni": [min(1.0, v * len(p)) for v in p]} | rejected


def _thompson(engine: Engine, row: Mapping[str, Any]) -> dict[str, Any]:
    a, b = ([float(p[i]) for p in row["posteriors"]] for i in (0, 1))
    shares = engine.sql.rows("thompson", a, b)
    return {"p_best": [s["p_best"] for s in shares], "top_two_share": [s["top_two_share"] for s in shares]}


def _srm(engine: Engine, row: Mapping[str, Any]) -> dict[str, Any]:
    return common(engine.sql.row("srm", [float(n) for n in row["counts"]], [float(w) for w in row["weights"]]))


def _srm_sequential(engine: Engine, row: Mapping[str, Any]) -> dict[str, Any]:
    counts, weights = ([float(n) for n in row[name]] for name in ("counts", "weights"))
    return engine.sql.row("srm_anytime", counts, weights, float(row.get("k", 100)))


def _cancellation(engine: Engine, row: Mapping[str, Any]) -> dict[str, Any]:
    said = str(row.get("make", ""))
    offset = re.search(r"(-?[\d.]+(?:e[+-]?\d+)?)\s*\+\s*x", said)
    first = re.search(r"first (\d+) control", said)
    values = [(float(offset[1]) if offset else 1e9) + float(x) for x in row["x"]]
    half = int(first[1]) if first else len(values) // 2
    sides = [engine.mean(part) for part in (values[:half], values[half:])]
    found = engine.contrast(sides, 0.05)
    for name, side in zip(("control", "treatment"), sides, strict=True):
        read = engine.sql.rows_of("select (r).n, (r).variance from (select %s::stats.readout as r) x", str(side))[0]
        found[f"var_{name}"] = read["variance"] * read["n"]
    return found


def _beta(engine: Engine, row: Mapping[str, Any]) -> dict[str, Any]:
    return beta(engine, *(float(row[name]) for name in ("k0", "n0", "k1", "n1")))


def _edge(engine: Engine, row: Mapping[str, Any]) -> dict[str, Any]:
    """An edge case's answer; check.py reads none of it, people may."""
    if "window_days" in row:
        return {"error": True, "reason": "a window of zero or negative length is refused by the metric's own check"}
    if "control_n" in row:
        sides = [_summary(engine, row, arm) for arm in ("control", "treatment")]
        return engine.contrast(sides, 0.05)
    if "control" not in row:
        return {"estimate": None, "se": None, "p_value": None, "reason_code": "no_units", "needs_reason": True}
    values = [row[arm] for arm in ("control", "treatment")]
    finite = [numbers(pd.Series(side, dtype=object)).tolist() for side in values]
    sides = [engine.mean(side) for side in finite]
    found = engine.contrast(sides, 0.05)
    dropped = sum(len(a) - len(b) for a, b in zip(values, finite, strict=True))
    lift = engine.sql.row("lift", *sides, 0.05)
    needs = bool(found["reason_code"] or lift["reason_code"])
    return found | {"lift": lift["lift"], "dropped_invalid": dropped, "needs_reason": needs}


def _summary(engine: Engine, row: Mapping[str, Any], arm: str) -> Any:
    n, mean, sd = (float(row[f"{arm}_{name}"]) for name in ("n", "mean", "sd"))
    return engine.sql.made("readout", "readout_of", n, mean, sd**2 / n)


GROUPS: Mapping[str, Group] = {
    "t_two_sided_p": lambda e, r: e.sql.number("t_two_sided_p", float(r["t"]), float(r["df"])),
    "t_quantile": lambda e, r: e.sql.number("t_quantile", float(r["p"]), float(r["df"])),
    "normal_sf": lambda e, r: e.sql.number("normal_sf", float(r["z"])),
    "normal_quantile": lambda e, r: e.sql.number("normal_quantile", float(r["p"])),
    "chi2_sf": lambda e, r: e.sql.number("chi2_sf", float(r["x"]), float(r["df"])),
    "f_sf": lambda e, r: e.sql.number("f_sf", float(r["f"]), float(r["df1"]), float(r["df2"])),
    "srm": _srm,
    "srm_sequential": _srm_sequential,
    "multiple_testing": _corrections,
    "power_two_proportions": _sizes,
    "power_two_means_t": _means,
    "thompson": _thompson,
    "beta_ab": _beta,
    "wilson": lambda e, r: e.sql.row("wilson", float(r["k"]), float(r["n"])),
    "cancellation": _cancellation,
    "edge_cases": _edge,
}


def groups(folder: Path) -> tuple[Mapping[str, list[Mapping[str, Any]]], dict[str, str]]:
    """The groups of a folder's formulas.json, none when there is no such file; and why it cannot be read."""
    path = folder / "formulas.json"
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig")) if path.is_file() else {"groups": {}}
        return dict(document["groups"]), {}
    except (ValueError, KeyError, TypeError) as error:
        return {}, {"formulas": f"formulas.json cannot be read: {type(error).__name__}: {error}"}


def answer(engine: Engine, group: str, rows: list[Mapping[str, Any]]) -> list[Any]:
    """A group's rows, each without what it must not see."""
    group = _OTHER_NAMES.get(group, group)
    if group not in GROUPS and not engine.sql.rows_of(_KNOWN, group):
        raise OutOfReachError(f"there is no function for the group {group}")
    seen = [{k: v for k, v in row.items() if k not in ("expected", "expect")} for row in rows]
    return [GROUPS[group](engine, row) if group in GROUPS else _by_name(engine, group, row) for row in seen]


_OTHER_NAMES = {
    "norm_sf": "normal_sf", "norm_ppf": "normal_quantile", "normal_ppf": "normal_quantile", "norm_cdf": "normal_cdf",
    "t_ppf": "t_quantile", "chi2_ppf": "chi2_quantile", "f_ppf": "f_quantile", "beta_ppf": "beta_quantile",
    "student_t_sf": "t_sf", "t_two_sided": "t_two_sided_p", "srm_chi2": "srm", "srm_anytime": "srm_sequential",
}  # fmt: skip
_KNOWN = "select from pg_proc where pronamespace = 'stats'::regnamespace and proname = %s"


def _by_name(engine: Engine, group: str, row: Mapping[str, Any]) -> Any:
    """A group named after one of our functions: its rows name the arguments, or are in their order."""
    given = {name: float(value) for name, value in row.items() if isinstance(value, (int, float))}
    try:
        return engine.sql.number(group, **given)
    except psycopg.errors.UndefinedFunction:
        return engine.sql.number(group, *given.values())
