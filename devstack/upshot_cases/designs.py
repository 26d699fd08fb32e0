"""Steps, periods, quantiles, touches: designs beyond two arms and a mean."""

import datetime as dt
import itertools
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from upshot.domain.formula import Formula
from upshot_cases import arms, columns, files, kinds, models, words
from upshot_cases.case import Analysis, OutOfReachError
from upshot_cases.counts import expanded
from upshot_cases.engine import Answer, Engine, common, method

MOST_FACTORS = 6
TWO = 2


@method("did_hc2")
def did_hc2(engine: Engine, analysis: Analysis) -> Answer:
    """The four cells of period and arm; with more terms in the formula, the regression."""
    text = models.formula_of(analysis) if models.has_formula(analysis) else f"{arms.value_of(analysis)} ~ post*T"
    formula, frame = models.model_frame(analysis, text)
    terms = [term for term in Formula.parse(formula).terms if len(term) == TWO]
    crossed = sorted(factor.label for term in terms for factor in term)
    if len(terms) != 1 or Formula.parse(formula).columns - {*crossed, formula.partition("~")[0].strip()}:
        return models.ols_hc(engine, analysis)
    post = next((c for c in crossed if c.lower() in ("post", "after")), crossed[0])
    arm = next(c for c in crossed if c != post)
    value = frame[formula.partition("~")[0].strip()]
    sides = [engine.mean(arms.numbers(value[(frame[arm] == a) & (frame[post] == p)])) for a in (0, 1) for p in (0, 1)]
    return common(engine.sql.row("difference_in_differences", *sides, analysis.alpha))


@method("paired_t")
def paired_t(engine: Engine, analysis: Analysis) -> Answer:
    """Each unit's after less its before, against nothing."""
    frame = arms.filtered(analysis, analysis.frame())
    arm = analysis.inputs.get("variant", analysis.inputs.get("treatment"))
    if arm is not None and str(arm) not in frame.columns:
        frame = frame[frame[arms.arm_column(analysis, frame, arm)].map(arms.text_of) == arms.text_of(arm)]
    before, after = (columns.column(frame, str(analysis.inputs[name])) for name in ("before", "after"))
    values = arms.numbers(after - before)
    nothing = engine.sql.made("readout", "readout_of", float(len(values)), 0.0, 0.0)
    found = engine.contrast([nothing, engine.mean(values)], analysis.alpha)
    return found | {"n": len(values), "mean_difference": found["estimate"]}


@method("did_panel")
def did_panel(engine: Engine, analysis: Analysis) -> Answer:
    frame = arms.arms(analysis).both
    before, after = (columns.column(frame, str(analysis.inputs[name])) for name in ("before", "after"))
    row = engine.sql.row(
        "panel_difference_in_differences",
        before.tolist(),
        after.tolist(),
        [bool(t) for t in frame["T"]],
        analysis.alpha,
    )
    return common(row)


@method("quantile_diff_iid", "quantile_diff_clustered", "quantile")
def quantile(engine: Engine, analysis: Analysis) -> Answer:
    q = kinds.share(analysis.inputs.get("q", analysis.inputs.get("quantile", 0.5)))
    column = arms.value_of(analysis)
    found = arms.arms(analysis)
    said = analysis.inputs.get("cluster") or (analysis.inputs.get("unit") if "clustered" in analysis.method else None)
    sides = []
    for rows in found.each():
        values = columns.column(rows, column)
        kept = rows[np.isfinite(values)]
        together = words.columns_in(said, kept) if said else []
        clusters = kept[together].astype(str).agg("\x1f".join, axis=1).tolist() if together else None
        more = [clusters] if clusters is not None else []
        sides.append(engine.sql.made("readout", "quantile_readout", values[np.isfinite(values)].tolist(), q, *more))
    row = engine.contrast(sides, analysis.alpha)
    return row | {"q": q, "quantile_control": row["mean_control"], "quantile_treatment": row["mean_treatment"]}


@method("shapley_steps", "shapley", "owen")
def shapley(engine: Engine, analysis: Analysis) -> Answer:
    players = [str(p) for p in analysis.inputs["players"]]
    frame = _rows(analysis)
    frame = frame.assign(**{p: models.switched(analysis, frame[p]) for p in players})
    cells = [engine.mean(values) for values in models.cells(frame, players, _score(analysis, frame))]
    rows = engine.sql.rows("shapley", players, cells, analysis.alpha)
    credit = {row["player"]: float(row["credit"]) for row in rows}
    answer: dict[str, Any] = {"shapley": [credit[p] for p in players], "total": rows[0]["total"]}
    unions = analysis.inputs.get("unions") or analysis.inputs.get("owen_unions")
    for groups in [unions] if unions else _partitions(analysis, len(players)):
        found = _owen(engine, analysis, players, cells, groups)
        answer |= {"owen": found, "owen_unions": groups}
    return answer


def _score(analysis: Analysis, frame: Any) -> str:
    """What is credited: the column that is named, also in the words of the value function."""
    said = re.findall(r"\w+", str(analysis.inputs.get("value_function", ""))) if "value" not in analysis.inputs else []
    players = [str(p) for p in analysis.inputs["players"]]
    named = [c for c in said if c in frame.columns and c not in players]
    return named[0] if named else arms.value_of(analysis)


def _partitions(analysis: Analysis, players: int) -> list[list[list[int]]]:
    """The unions, where the inputs do not say them: as many steps in each, in order, as the answer has; else one and the others."""
    if "owen" not in (analysis.asked or {}) or players < TWO:
        return []
    shape = analysis.asked.get("owen_unions") or [[None], [None] * (players - 1)]
    places = iter(range(players))
    return [[[next(places) for _ in group] for group in shape]]


def _owen(engine: Engine, analysis: Analysis, players: list[str], cells: Any, groups: Any) -> list[float]:
    places = [[players.index(p) if isinstance(p, str) else int(p) for p in group] for group in groups]
    union = [next(n for n, group in enumerate(places, start=1) if i in group) for i in range(len(players))]
    rows = engine.sql.rows("owen", players, union, cells, analysis.alpha)
    credit = {row["player"]: float(row["credit"]) for row in rows}
    return [credit[p] for p in players]


def _rows(analysis: Analysis) -> Any:
    frame = expanded(analysis.frame(), analysis)
    if "rows" in analysis.inputs:
        frame = words.limited(frame, str(analysis.inputs["rows"]))
    return words.excluded(frame, analysis.inputs["exclude"], None) if "exclude" in analysis.inputs else frame


@method("factorial_ols_hc2", "factorial_effects")
def factorial(engine: Engine, analysis: Analysis) -> Answer:
    """From the cells where the model is all products of two-level factors; else by the regression."""
    formula, frame = models.model_frame(analysis, models.formula_of(analysis))
    parsed = Formula.parse(formula)
    factors = [term[0].label for term in parsed.terms if len(term) == 1]
    levels = {f: sorted(frame[f].unique()) for f in factors if f in frame.columns}
    asked = {name for row in (analysis.asked or {}).values() if isinstance(row, dict) for name in row}
    # The regression reads HC errors against the normal, our cells against t: only the latter's own numbers are the same.
    full = not asked - {"estimate", "se"} and len(parsed.terms) == 1 << len(factors) and len(factors) <= MOST_FACTORS
    if not full or len(levels) != len(factors) or any(v != [-0.5, 0.5] for v in levels.values()):
        return models.factorial_ols(engine, analysis)
    coded = frame.assign(**{f: (frame[f] > 0).astype(int) for f in factors})
    cells = [engine.mean(values) for values in models.cells(coded, factors, parsed.response)]
    rows = engine.sql.rows("factorial_effects", factors, cells, analysis.alpha)
    return {":".join(row["factors_of"]): common(row) for row in rows}


@method("touch_models", "touch_attribution")
def touches(engine: Engine, analysis: Analysis) -> Answer:
    """Credit by version under five models; what has no touch is unattributed."""
    tables = {name: analysis.case.text(name) for name in analysis.files}
    touch, conversion = (t.assign(at=_moments(t["at"])) for t in _touch_tables(analysis, tables))
    lookback = kinds.duration(analysis.inputs, "lookback") or dt.timedelta(days=7)
    half = kinds.duration(analysis.inputs, "half_life") or dt.timedelta(hours=24)
    rows = engine.sql.rows_of(
        _TOUCHES, *_texts(conversion, ("id", "subject", "at")), *_texts(touch, ("id", "subject", "at")), lookback, half
    )
    found = pd.DataFrame(rows)
    names = {
        "first": "first_touch",
        "last": "last_touch",
        "linear": "linear",
        "time_decay": "time_decay",
        "position": "position_based",
    }
    version = dict(zip(touch["id"], touch["version"], strict=True))
    value = dict(zip(conversion["id"], conversion["value"].astype(float), strict=True))
    if not len(found):
        found = pd.DataFrame(columns=["conversion_id", "touch_id", *names.values()])
    found = found.assign(version=found["touch_id"].map(version), value=found["conversion_id"].map(value))
    answer: dict[str, Any] = {}
    for name, column in names.items():
        credit = found[column].astype(float)
        made = found.assign(c=credit, v=credit * found["value"]).groupby("version")[["c", "v"]].sum()
        answer[name] = {v: {"conversions": float(r["c"]), "value": float(r["v"])} for v, r in made.iterrows()}
    alone = conversion[~conversion["id"].isin(found["conversion_id"])]
    for name, rows_of in (("unattributed", alone), ("total", conversion)):
        answer[name] = {"conversions": len(rows_of), "value": float(rows_of["value"].astype(float).sum())}
    return answer


def _moments(cells: Any) -> list[str]:
    return [moment.isoformat() for moment in files.instants(cells)]


_TOUCHES = (
    "select * from stats.touch_credits(%s::text[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], "
    "%s::timestamptz[], %s::interval, %s::interval)"
)


def _texts(table: Any, columns: tuple[str, ...]) -> list[list[str]]:
    return [table[c].tolist() for c in columns]


_ROLES = {
    "subject": r"subject|user|customer|person|account|unit|visitor|member",
    "at": r"(^|_)at$|time|instant|date|^ts$|when",
    "version": r"version|channel|prompt|arm|variant|source|campaign|touch_?point|model",
    "value": r"value|revenue|amount|price|worth",
}


def roles(analysis: Analysis, table: Any, wanted: tuple[str, ...]) -> Mapping[str, str]:
    """Which column plays which part, by its name and then by what the case says of it. An id is what is left, or ends so."""
    found: dict[str, str] = {}
    for role in wanted:
        if role == "id":
            continue
        free = [c for c in table.columns if c not in found.values()]
        hits = [c for c in free if re.search(_ROLES[role], c, re.IGNORECASE)]
        hits = hits or [c for c in free if re.search(_ROLES[role], analysis.meaning(c), re.IGNORECASE)]
        if not hits:
            raise OutOfReachError(f"no column of {', '.join(table.columns)} is the {role}")
        found[role] = hits[0]
    free = [c for c in table.columns if c not in found.values()]
    ids = [c for c in free if re.search(r"_?id$|_?key$|uuid", c, re.IGNORECASE)] or free
    if "id" in wanted and ids:
        found["id"] = ids[0]
    return found


def _touch_tables(analysis: Analysis, tables: Mapping[str, Any]) -> tuple[Any, Any]:
    """The touches and the conversions, by the parts their columns play: only conversions are worth something."""
    fits = []
    for first, second in itertools.permutations(tables, TWO):
        try:
            touch = roles(analysis, tables[first], ("subject", "at", "version", "id"))
            conversion = roles(analysis, tables[second], ("subject", "at", "value", "id"))
        except OutOfReachError:
            continue
        told = "touch" in first.lower() or "conver" in second.lower()
        parts = ((tables[first], touch), (tables[second], conversion))
        fits.append((not told, tuple(table.rename(columns={v: k for k, v in part.items()}) for table, part in parts)))
    if fits:
        return min(fits, key=lambda fit: fit[0])[1]
    raise OutOfReachError("the files hold no touches and conversions")


__all__ = ["words"]
