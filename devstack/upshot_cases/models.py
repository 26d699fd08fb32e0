"""Regressions and what is not randomised: the worker's methods."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from upshot.domain.formula import Formula
from upshot_cases import arms, columns, words
from upshot_cases.case import Analysis, OutOfReachError
from upshot_cases.engine import Answer, Engine, common, method

_AFTER = ("after", "post", "later", "1", "true")
_PERIODS = ("period", "time", "wave", "post", "when", "phase", "year")
TWO = 2


def formula_of(analysis: Analysis, *names: str) -> str:
    """The first of these inputs that holds a formula."""
    for name in names or ("formula",):
        if "~" in str(analysis.inputs.get(name, "")):
            return str(analysis.inputs[name])
    raise OutOfReachError("no formula is given")


def has_formula(analysis: Analysis) -> bool:
    """Whether the inputs hold one."""
    return "~" in str(analysis.inputs.get("formula", ""))


def model_frame(analysis: Analysis, text: str, frame: Any | None = None) -> tuple[str, Any]:
    """A formula and a frame with every column that it names: defined in words, or a value of a column, or T and post."""
    formula, definitions = words.model(text)
    frame = _rows(analysis, formula) if frame is None else frame
    frame = _coded(words.defined(_amounts(frame, formula), definitions), formula, text)
    for name in sorted(Formula.parse(formula).columns - set(frame.columns)):
        frame = frame.assign(**{name: _derived(analysis, frame, name, text)})
    return formula, frame


def _rows(analysis: Analysis, formula: str) -> Any:
    """The rows of the two arms with T, where there are arms; else all rows."""
    frame = analysis.frame()
    needs = "T" in Formula.parse(formula).columns and "T" not in frame.columns
    if needs or "control" in analysis.inputs:
        return arms.arms(analysis).both.reset_index(drop=True)
    return arms.filtered(analysis, frame)


def _amounts(frame: Any, formula: str) -> Any:
    """Amounts that were written as texts, such as 1,234.50, as numbers."""
    named = [c for c in Formula.parse(formula).columns if c in frame.columns]
    texts = [c for c in named if not pd.api.types.is_numeric_dtype(frame[c]) and f"C({c})" not in formula]
    response = formula.partition("~")[0].strip()
    made = {
        c: columns.numeric(frame[c]) for c in texts if c == response or frame[c].astype(str).str.contains(r"\d").any()
    }
    return frame.assign(**{c: cells for c, cells in made.items() if (cells.notna() | frame[c].isna()).all()})


def _coded(frame: Any, formula: str, text: str) -> Any:
    """Factors of 0 and 1 as -0.5 and 0.5, where the words around the formula say so."""
    if "-0.5" not in text.replace("\u2212", "-"):
        return frame
    named = [c for c in Formula.parse(formula).columns if c in frame.columns]
    return frame.assign(**{c: frame[c] - 0.5 for c in named if set(frame[c].dropna().unique()) <= {0, 1}})


def _derived(analysis: Analysis, frame: Any, name: str, text: str) -> Any:
    """A column that the formula names and the file does not have."""
    plain = _plain(name)
    for column in frame.columns:
        if column.lower() == name.lower() and "-0.5" in text.replace("\u2212", "-"):
            return pd.to_numeric(frame[column]) - 0.5
    if plain in ("post", "after"):
        return _post(analysis, frame)
    for column in frame.columns:
        if column.lower() == name.lower():
            return frame[column]
    for column in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[column]):
            found = frame[column].astype(str).map(_plain) == plain
            if found.any():
                return found.astype(float)
    raise OutOfReachError(f"the formula names {name}, which no column or definition gives")


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", str(text).lower())


def _post(analysis: Analysis, frame: Any) -> Any:
    """1 in the later of two periods."""
    named = [c for c in _PERIODS if c in frame.columns]
    for column in (*named, *(c for c in frame.columns if c not in named)):
        cells = frame[column].map(arms.text_of)
        present = set(cells)
        if len(present) != TWO:
            continue
        said = [o.strip() for o in analysis.meaning(column).split("|")]
        options = [o.split(" ")[0] for o in said]
        later = next((o.split(" ")[0] for o in said if "(after" in o or "(post" in o), None)
        later = later if later in present else None
        if later is None and column in named:
            later = next((v for v in present if v.lower() in _AFTER), None)
        if later is None and set(options) == present:
            later = options[-1] if column in named else None
        if later is None and column in named:
            later = str(max(present))
        if later is not None:
            return (cells == later).astype(float)
    raise OutOfReachError("no column tells before from after")


def errors(analysis: Analysis, usual: str) -> dict[str, Any]:
    """Which standard errors: by the input's first word, or the method's own."""
    said = str(analysis.inputs.get("se", usual)).strip()
    kind = re.match(r"nonrobust|HC[0-3]|cluster", said, re.IGNORECASE)
    name = kind[0] if kind else usual
    name = name.upper() if name.lower().startswith("hc") else name.lower()
    if name != "cluster":
        return {"se": name}
    column = analysis.inputs.get("cluster") or analysis.inputs.get("unit")
    return {"se": name, "cluster": column}


def fitted(
    engine: Engine, analysis: Analysis, usual: str, text: str | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Every coefficient by the format's names, and the model's summary."""
    formula, frame = model_frame(analysis, text or formula_of(analysis))
    asked = errors(analysis, usual)
    if asked.get("cluster"):
        columns = words.columns_in(asked["cluster"], frame)
        if not columns:
            raise OutOfReachError(f"there is no column {asked['cluster']}")
        if len(columns) > 1:
            frame = frame.assign(_cluster=frame[columns].astype(str).agg("\x1f".join, axis=1))
        asked["cluster"] = columns[0] if len(columns) == 1 else "_cluster"
    found = engine.work("ols", frame, formula=formula, alpha=analysis.alpha, **asked)
    return {name: common(row) for name, row in found["coefficients"].items()}, dict(found)


def term_of(analysis: Analysis, coefficients: dict[str, Any], usual: str = "T") -> str:
    """The term that is asked for."""
    said = analysis.inputs.get("term")
    if said is not None:
        return _same(str(said), coefficients)
    return _same(usual, coefficients)


def _same(term: str, coefficients: dict[str, Any]) -> str:
    wanted = frozenset(_plain(part) for part in term.replace("np.", "").split(":"))
    for name in coefficients:
        if frozenset(_plain(part) for part in name.split(":")) == wanted:
            return name
    if term == "T" and len(coefficients) == 1:
        return next(iter(coefficients))
    raise OutOfReachError(f"the model has no term {term}: {', '.join(coefficients)}")


def _one(engine: Engine, analysis: Analysis, se: str, usual: str = "T") -> Answer:
    coefficients, about = fitted(engine, analysis, se)
    if any(isinstance(v, dict) for v in (analysis.asked or {}).values()):
        return {name: coefficients[_same(name, coefficients)] for name in analysis.asked}
    clusters = {"n_clusters": about["n_clusters"]} if "n_clusters" in about else {}
    return (
        coefficients[term_of(analysis, coefficients, usual)]
        | {"n_rows": about["n_rows"], "n": about["n_rows"]}
        | clusters
    )


@method("ols")
def ols(engine: Engine, analysis: Analysis) -> Answer:
    return _one(engine, analysis, "nonrobust")


@method("ols_hc0", "ols_hc1", "ols_hc2", "ols_hc3")
def ols_hc(engine: Engine, analysis: Analysis) -> Answer:
    return _one(engine, analysis, analysis.method.removeprefix("ols_").upper())


@method("ols_cluster_cr1", "ols_cluster")
def ols_cluster(engine: Engine, analysis: Analysis) -> Answer:
    return _one(engine, analysis, "cluster")


def _interaction(analysis: Analysis) -> str:
    """The product of two that the formula crosses."""
    terms = Formula.parse(words.model(formula_of(analysis))[0]).terms
    crossed = [":".join(f.label for f in term) for term in terms if len(term) == TWO]
    if len(crossed) != 1 and "term" not in analysis.inputs:
        raise OutOfReachError("a difference in differences crosses two columns, once")
    return crossed[0] if crossed else ""


@method("did_ols", "did_cluster", "did")
def did_ols(engine: Engine, analysis: Analysis) -> Answer:
    if not has_formula(analysis):
        analysis = replace(analysis, inputs={**analysis.inputs, "formula": f"{arms.value_of(analysis)} ~ post*T"})
    return _one(
        engine, analysis, "cluster" if analysis.method == "did_cluster" else "nonrobust", _interaction(analysis)
    )


@method("its_newey_west")
def its(engine: Engine, analysis: Analysis) -> Answer:
    text = formula_of(analysis)
    formula, frame = model_frame(analysis, text, words.in_time(_rows(analysis, words.model(text)[0])))
    lags = int(analysis.inputs.get("maxlags", 4 * (len(frame) / 100) ** (2 / 9)))
    found = engine.work("its_newey_west", frame, formula=formula, maxlags=lags, alpha=analysis.alpha)
    coefficients = {name: common(row) for name, row in found["coefficients"].items()}
    if any(isinstance(v, dict) for v in (analysis.asked or {}).values()):
        return {name: coefficients[_same(name, coefficients)] for name in analysis.asked}
    return coefficients[term_of(analysis, coefficients, "post")]


def categorical(analysis: Analysis, frame: Any, formula: str, asked: set[str]) -> str:
    """The formula with the columns that are strata, not amounts, written as such."""
    for name in sorted(Formula.parse(formula).columns):
        if name not in frame.columns or name in asked:
            continue
        cells = frame[name]
        few = cells.nunique() <= max(TWO, len(frame) // TWO)
        word = re.search(
            r"strat|block|factor|level|batch|site|categor|group", f"{name} {analysis.meaning(name)}", re.IGNORECASE
        )
        is_amount = pd.api.types.is_numeric_dtype(cells) and not (word and cells.nunique() > TWO and few)
        if not is_amount:
            formula = re.sub(rf"(?<![\w(]){re.escape(name)}\b(?!\s*\()", f"C({name})", formula)
    return formula


@method("factorial_ols", "factorial_ols_hc0", "factorial_ols_hc1", "factorial_ols_hc2", "factorial_ols_hc3")
def factorial_ols(engine: Engine, analysis: Analysis) -> Answer:
    said = re.search(r"hc[0-3]", analysis.method)
    usual = said[0].upper() if said else "nonrobust"
    text = formula_of(analysis)
    formula, frame = model_frame(analysis, text)
    response, _, right = formula.partition("~")
    right = categorical(analysis, frame, formula, set(analysis.asked or ())).partition("~")[2]
    found = engine.work("ols", frame, formula=f"{response} ~ {right}", alpha=analysis.alpha, **errors(analysis, usual))
    coefficients = {name: common(row) for name, row in found["coefficients"].items()}
    wanted = [name for name in (analysis.asked or {}) if isinstance(analysis.asked[name], dict)]
    return {name: coefficients[_same(name, coefficients)] for name in wanted} or coefficients


@method("factorial_anova", "anova")
def anova(engine: Engine, analysis: Analysis) -> Answer:
    """Every column of the formula is a factor, unless it is asked for as an amount."""
    text = formula_of(analysis)
    formula, frame = model_frame(analysis, text)
    response, _, right = formula.partition("~")
    for name in sorted(Formula.parse(formula).columns - {response.strip()}):
        if any(re.search(rf"C\({re.escape(name)}\)", key) for key in analysis.asked or ()) or not analysis.asked:
            right = re.sub(rf"(?<![\w(]){re.escape(name)}\b(?!\s*\()", f"C({name})", right)
    for way in re.findall(r"without[^,;]*?(\d)-way", text):
        right = _without(right, int(way))
    found = engine.work("anova", frame, formula=f"{response} ~ {right}")
    rows = {name: row | {"p": row["p_value"]} for name, row in found["terms"].items()}
    answer = {_in_order(name, rows): rows[name] for name in rows}
    for key in analysis.asked or ():
        if key != "Residual":
            answer[key] = rows[_same(key, rows)]
    return answer | {"Residual": found["residual"] | {"f": None, "p": None}}


def _in_order(name: str, _: Any) -> str:
    return name


def _without(right: str, way: int) -> str:
    terms = Formula.parse(f"y ~ {right}").terms
    kept = [":".join(f.label for f in term) for term in terms if term and len(term) != way]
    return " + ".join(kept)


_OLD = ("0", "-1", "off", "no", "false", "old", "control", "baseline", "before", "current", "v1", "a")


def switched(analysis: Analysis, cells: Any) -> Any:
    """A step as 0 for old and 1 for new: by number, in the order that the case tells, or by the usual words for old."""
    if pd.api.types.is_numeric_dtype(cells):
        return (cells > cells.min()).astype(int) if cells.nunique() == TWO else cells.astype(int)
    present = set(cells.map(arms.text_of))
    told = [option.split(" ")[0] for option in re.split(r"\s*\|\s*", analysis.meaning(str(cells.name))) if option]
    usual = [word for word in present if word.lower() in _OLD]
    old = next((word for word in (*told, *usual) if word in present), min(present))
    return (cells.map(arms.text_of) != old).astype(int)


def cells(frame: Any, factors: list[str], value: str) -> list[Any]:
    """The values of each of 2^k cells; bit i of a cell's place is factor i's level."""
    place = sum((pd.to_numeric(frame[f]).astype(int).to_numpy() << i) for i, f in enumerate(factors))
    return [frame[value].to_numpy(float)[np.asarray(place) == cell] for cell in range(1 << len(factors))]
