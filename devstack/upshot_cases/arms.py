"""Which rows an analysis is about, and what each unit of each arm says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from upshot_cases import words
from upshot_cases.case import Analysis, OutOfReachError

ROLES = frozenset(
    [
        "control",
        "treatment",
        "value",
        "covariate",
        "numerator",
        "denominator",
        "numerator_covariate",
        "denominator_covariate",
        "unit",
        "cluster",
        "segment",
        "strata",
        "formula",
        "term",
        "se",
        "tuning",
        "difference",
        "prior",
        "margin",
        "weights",
        "metrics",
        "alpha",
        "power",
        "q",
        "players",
        "value_function",
        "propensity",
        "outcome",
        "estimator",
        "maxlags",
        "kernel",
        "baseline",
        "threshold",
        "z",
        "ses",
        "holt",
        "horizon",
        "lookback_days",
        "half_life_hours",
        "rule",
        "window_days",
        "multi_variant_policy",
        "as_of",
        "mature_only",
        "timezone",
        "rows",
        "exclude",
        "exclude_segment",
        "drop_zero_variance_strata",
        "higher_is_better",
        "link",
        "note_",
        "note",
        "mediator_model",
        "outcome_model",
        "season",
        "period",
        "recursion",
        "sd",
        "k",
        "n",
        "variant",
        "treatments",
        "unions",
        "owen_unions",
    ]
)
ARM_NAMES = ("variant", "arm", "group", "treatment", "trt", "treated", "assignment", "condition")
UNIT_NAMES = (
    "subject_id",
    "unit_id",
    "user_id",
    "subject",
    "unit",
    "user",
    "patient",
    "customer_id",
    "account_id",
    "id",
)
_SEGMENTED = frozenset({"stratified_mean", "cmh", "mix_shift", "ratio_delta_by_segment"})


@dataclass(frozen=True)
class Arms:
    """The rows of an analysis, with the control's and the treatment's marked."""

    frame: Any
    control: Any
    treatment: Any

    @property
    def both(self) -> Any:
        """The rows of the two arms, and T: 1 for treatment."""
        frame = self.frame.assign(T=self.treatment.astype(float))
        return frame[self.control | self.treatment]

    def each(self) -> Sequence[Any]:
        """Control, treatment."""
        return self.frame[self.control], self.frame[self.treatment]


def arms(analysis: Analysis, frame: Any | None = None) -> Arms:
    """Apply every row filter of the inputs, then find the two arms."""
    frame = analysis.frame() if frame is None else frame
    frame = filtered(analysis, expanded(frame, analysis))
    control, treatment = _arm_rows(analysis, frame)
    return _with_values(analysis, frame, control, treatment)


def filtered(analysis: Analysis, frame: Any) -> Any:
    """The rows that the inputs' words leave: the first so many, without some, of one segment."""
    inputs = analysis.inputs
    if "rows" in inputs:
        frame = words.limited(frame, str(inputs["rows"]))
    if "exclude" in inputs:
        frame = words.excluded(frame, inputs["exclude"], unit_column(analysis, frame))
    if "segment" in inputs and analysis.method not in _SEGMENTED:
        frame = frame[_in_segment(frame, str(inputs["segment"]))]
    return frame.reset_index(drop=True)


def _with_values(analysis: Analysis, frame: Any, control: Any, treatment: Any) -> Arms:
    """Only the rows whose other columns have the given values; a dose that the control never had is the treatment's."""
    for name, value in analysis.inputs.items():
        if name in ROLES or name not in frame.columns or isinstance(value, (list, dict)) or value is None:
            continue
        found = words.compared(frame[name], "=", value)
        treatment = treatment & found
        control = control & found if (control & found).any() else control
    return Arms(frame, control, treatment)


def expanded(frame: Any, analysis: Analysis) -> Any:
    """Counts become rows: k ones and n - k zeros."""
    value = str(analysis.inputs.get("value", "value"))
    if value in frame.columns or words.fold(value):
        repeats = next((c for c in ("freq", "frequency", "count", "weight") if c in frame.columns), None)
        note = str(analysis.inputs.get("note_", "")).lower()
        return frame.loc[frame.index.repeat(frame[repeats])] if repeats and "count" in note else frame
    pair = _counts(frame, analysis)
    if not pair:
        return frame
    ones, trials = (frame[c].astype(int) for c in pair)
    kept = frame.drop(columns=list(pair))
    return pd.concat(
        [
            kept.loc[kept.index.repeat(ones)].assign(value=1.0),
            kept.loc[kept.index.repeat(trials - ones)].assign(value=0.0),
        ],
        ignore_index=True,
    )


_ONES = ("k", "successes", "success", "converted", "conversions", "events", "cases", "yes", "admitted")
_TRIALS = ("n", "trials", "total", "subjects", "applicants", "visitors", "users", "number")


def _counts(frame: Any, analysis: Analysis) -> tuple[str, str] | None:
    said = [str(analysis.inputs[name]) for name in ("k", "n") if name in analysis.inputs]
    if len(said) == 2 and set(said) <= set(frame.columns):  # noqa: PLR2004
        return said[0], said[1]
    ones = next((c for c in _ONES if c in frame.columns), None)
    trials = next((c for c in _TRIALS if c in frame.columns), None)
    if ones and trials and (frame[ones] <= frame[trials]).all():
        return ones, trials
    return None


def _in_segment(frame: Any, said: str) -> Any:
    """``far``, ``intent=far``: the rows of that segment."""
    found = words.matches(frame, said)
    if not found.all():
        return found
    preferred = [c for c in ("intent", "segment", "stratum") if c in frame.columns]
    for column in (*preferred, *(c for c in frame.columns if c not in preferred)):
        rows = frame[column].astype(str) == said
        if rows.any():
            return rows
    raise OutOfReachError(f"no column holds the segment {said}")


def _arm_rows(analysis: Analysis, frame: Any) -> tuple[Any, Any]:
    control, treatment = (analysis.inputs.get(name) for name in ("control", "treatment"))
    if control is not None and "=" in str(control):
        return words.matches(frame, str(control)), words.matches(frame, str(treatment))
    column = arm_column(analysis, frame, control)
    cells = frame[column].map(text_of)
    control = text_of(control) if control is not None else _control_of(analysis, column, cells)
    others = sorted(set(cells.dropna()) - {control})
    if treatment is None and len(others) != 1:
        raise OutOfReachError(f"`treatment` is not given, and {column} has the arms {', '.join(others)}")
    wanted = text_of(treatment) if treatment is not None else others[0]
    return cells == control, cells == wanted


def text_of(value: Any) -> str:
    """A cell as people write it: 1 for 1.0."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value)).lower()
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value)


def arm_column(analysis: Analysis, frame: Any, control: Any = None) -> str:
    """The column that holds the arms: as it is named, or as it holds the control's name."""
    said = analysis.inputs.get("variant")
    if isinstance(said, str) and said in frame.columns:
        return said
    named = [c for c in ARM_NAMES if c in frame.columns]
    for column in (*named, *(c for c in frame.columns if c not in named)):
        if control is None and named:
            return named[0]
        if control is not None and (frame[column].map(text_of) == text_of(control)).any():
            return str(column)
    found = _by_meaning(analysis, frame) if control is None else None
    if found is None:
        raise OutOfReachError("no column holds the arms")
    return found


_CONTROLS = ("(control", "(comparison", "(placebo", "(reference")
_PERIODS = ("(before", "(after", "(pre", "(post")


def _by_meaning(analysis: Analysis, frame: Any) -> str | None:
    """The column of which the case says that one value is the control; else the only one of two values that is no period."""
    said = [c for c in frame.columns if any(word in analysis.meaning(c) for word in _CONTROLS)]
    pairs = [
        c
        for c in frame.columns
        if frame[c].nunique() == len(("control", "treatment")) and not any(w in analysis.meaning(c) for w in _PERIODS)
    ]
    return said[0] if said else pairs[0] if len(pairs) == 1 else None


def _control_of(analysis: Analysis, column: str, cells: Any) -> str:
    """The arm that the column's meaning calls the control or the comparison; else the usual names; else the first."""
    present = set(cells)
    options = [part.strip() for part in analysis.meaning(column).split("|")]
    for option in options:
        name = option.split(" ")[0]
        if name in present and any(word in option for word in _CONTROLS):
            return name
    for usual in ("control", "0", "false", "placebo", "none", "baseline"):
        if usual in present:
            return usual
    first = [option.split(" ")[0] for option in options if option.split(" ")[0] in present]
    return first[0] if first else min(present)


def unit_column(analysis: Analysis, frame: Any) -> str | None:
    """The column that names the unit of analysis; several together are joined into one."""
    said = analysis.inputs.get("unit")
    columns = words.columns_in(said, frame) if said else []
    if len(columns) > 1:
        frame["_unit"] = frame[columns].astype(str).agg("\x1f".join, axis=1)
        return "_unit"
    return columns[0] if columns else next((c for c in UNIT_NAMES if c in frame.columns), None)


def numbers(cells: Any) -> Any:
    """A column as finite numbers; what is none is dropped."""
    values = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float)
    return values[np.isfinite(values)]


def folds_units(analysis: Analysis) -> bool:
    """Whether the analysis is of units that have several rows."""
    said = [str(analysis.inputs.get(name, "")) for name in ("value", "numerator", "denominator", "covariate")]
    return any(words.fold(text) for text in said)


def units(analysis: Analysis, found: Arms, *wanted: str | None, defaults: Sequence[str] = ()) -> Any:
    """One row per unit of the two arms: T, and each wanted number as column c0, c1, …"""
    frame = found.both
    unit = unit_column(analysis, frame)
    columns = [w for w in wanted if w is not None]
    if not folds_units(analysis) or unit is None:
        made = pd.DataFrame({f"c{i}": pd.to_numeric(_cell(frame, w), errors="coerce") for i, w in enumerate(columns)})
        return made.assign(T=frame["T"].to_numpy()).replace([np.inf, -np.inf], np.nan).dropna()
    for name in columns:
        plain = words.fold(name)
        source = plain.column if plain else name
        if source is not None:
            frame = frame.assign(**{source: pd.to_numeric(_cell(frame, source), errors="coerce")})
            frame = frame[np.isfinite(frame[source])]
    groups = frame.groupby([unit, "T"], sort=True)
    usual = [*defaults, *["sum"] * len(columns)]
    made = pd.DataFrame({f"c{i}": words.folded(groups, w, usual[i]) for i, w in enumerate(columns)})
    return made.reset_index()


def _cell(frame: Any, column: str) -> Any:
    if column not in frame.columns:
        raise OutOfReachError(f"there is no column {column}")
    return frame[column]


def value_of(analysis: Analysis) -> str:
    """The column, or the fold, of the outcome."""
    return str(analysis.inputs.get("value") or "value")


def values(analysis: Analysis) -> tuple[Any, Any]:
    """The outcome of the control's units and of the treatment's."""
    table = units(analysis, arms(analysis), value_of(analysis))
    return split(table, "c0")


def split(table: Any, column: str) -> tuple[Any, Any]:
    """A column's values in control and in treatment."""
    return table.loc[table["T"] == 0, column].to_numpy(float), table.loc[table["T"] == 1, column].to_numpy(float)
