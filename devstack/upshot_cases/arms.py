"""Which rows an analysis is about, and what each unit of each arm says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from upshot_cases import columns, kinds, words
from upshot_cases.case import Analysis, OutOfReachError
from upshot_cases.counts import expanded

_ROLES = (
    "control treatment value covariate numerator denominator numerator_covariate denominator_covariate unit cluster segment",
    "strata formula term se tuning difference prior margin weights metrics alpha power q players value_function propensity",
    "outcome estimator maxlags kernel baseline threshold z ses holt horizon lookback_days half_life_hours rule window_days",
    "multi_variant_policy as_of mature_only timezone rows exclude exclude_segment drop_zero_variance_strata link note_ note",
    "higher_is_better mediator_model outcome_model season period recursion sd k n variant treatments unions owen_unions",
    "alternative tail confidence confidence_level conf_level level ci_level before after analyses arms comparisons mediator",
)
ROLES = frozenset(name for line in _ROLES for name in line.split())
AMBIGUOUS = frozenset(["period", "season", "level", "horizon", "rule", "cluster", "arm", "group", "before", "after"])
"""Names of inputs that are as often names of columns."""
ARM_NAMES = (
    "variant", "arm", "group", "treatment", "trt", "treat", "treated", "assignment", "condition", "grp", "bucket", "cell",
)  # fmt: skip
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
        if name not in frame.columns or isinstance(value, dict) or value is None or _has_role(name, value, frame):
            continue
        options = value if isinstance(value, list) else [value]
        found = np.logical_or.reduce([_is(frame[name], option) for option in options])
        treatment = treatment & found
        control = control & found if (control & found).any() else control
    return Arms(frame, control, treatment)


def _has_role(name: str, value: Any, frame: Any) -> bool:
    """Whether an input that is called as a column is called is not a value of it."""
    return name in ROLES and not (
        name in AMBIGUOUS and str(value) not in frame.columns and text_of(value) in set(frame[name].map(text_of))
    )


def _is(cells: Any, value: Any) -> Any:
    """``2``, ``pro``; also ``>= 2``."""
    sign = re.match(r"\s*(>=|<=|!=|>|<)\s*(.+)", value) if isinstance(value, str) else None
    return words.compared(cells, sign[1], sign[2]) if sign else words.compared(cells, "=", value)


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
    if control is not None and words.compares(frame, str(control)) and not _holding(analysis, frame, {str(control)}):
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
    if isinstance(value, (bool, np.bool_)) or str(value) in ("True", "False", "TRUE", "FALSE"):
        return str(value).lower()
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value)


def arm_column(analysis: Analysis, frame: Any, control: Any = None) -> str:
    """The column that holds the arms: as it is named, or as it holds the arms' names."""
    told = _told(analysis, frame)
    if told:
        return told
    named = [c for c in ARM_NAMES if c in frame.columns]
    if control is None:
        found = named[0] if named else _by_meaning(analysis, frame)
    else:
        found = _holding(analysis, frame, {text_of(control)} | _treatments(analysis))
    if found is None:
        raise OutOfReachError("no column holds the arms")
    return found


def _told(analysis: Analysis, frame: Any) -> str | None:
    """The column of the arms, where an input names it."""
    said = [analysis.inputs.get(name) for name in ("variant", "arm_column", "arm", "group")]
    return next((name for name in said if isinstance(name, str) and name in frame.columns), None)


def _treatments(analysis: Analysis) -> set[str]:
    treatment = analysis.inputs.get("treatment")
    return set() if treatment is None or isinstance(treatment, (list, dict)) else {text_of(treatment)}


def _holding(analysis: Analysis, frame: Any, names: set[str]) -> str | None:
    """The column with these names in it: of a usual name first, then one that the case calls the arm, then the one of fewest values."""
    cells = {c: set(frame[c].dropna().map(text_of).unique()) for c in frame.columns}
    fits = [c for c in frame.columns if names <= cells[c]]
    return min(fits, key=lambda column: _rank(analysis, column, len(cells[column])), default=None)


def _rank(analysis: Analysis, column: str, size: int) -> tuple[int, bool, bool, int]:
    """How much a column looks like the one of the arms; less is more."""
    usual = {name: place for place, name in enumerate(ARM_NAMES)}
    called = any(word in analysis.meaning(column) for word in _CONTROLS)
    return usual.get(column.lower(), len(usual)), not called, column in _elsewhere(analysis), size


_OTHER_PARTS = (
    "value", "metric", "covariate", "numerator", "denominator", "numerator_covariate", "denominator_covariate", "unit",
    "cluster", "segment", "strata",
)  # fmt: skip


def _elsewhere(analysis: Analysis) -> set[str]:
    """The columns that play another part in some analysis of the case."""
    said = [one.inputs.get(name) for one in analysis.case.analyses for name in _OTHER_PARTS]
    return {str(one) for one in kinds.flat(said) if one is not None}


def column_of(analysis: Analysis, frame: Any, weights: Any) -> str:
    """The column of the arms that are weighted: it holds most of their names, or has as many as there are weights."""
    told = _told(analysis, frame)
    if told or not weights:
        return told or arm_column(analysis, frame)
    wanted = {text_of(name) for name in weights} if isinstance(weights, dict) else None
    cells = {c: set(frame[c].dropna().map(text_of)) for c in frame.columns}
    lacking = {c: len(wanted - found) if wanted else abs(len(found) - len(weights)) for c, found in cells.items()}
    column = min(frame.columns, key=lambda c: (lacking[c], *_rank(analysis, c, len(cells[c]))))
    if wanted and lacking[column] == len(wanted):
        raise OutOfReachError("no column holds the arms")
    return str(column)


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


def guessed_unit(analysis: Analysis, frame: Any) -> str | None:
    """Whose rows are folded where nothing says it: what rows are bundled by elsewhere in the case, or a column that is called so."""
    others = [
        str(one.inputs.get(name))
        for one in analysis.case.analyses
        for name in ("unit", "cluster")
        if one.files == analysis.files
    ]
    guesses = [*others, *(c for c in frame.columns if _UNIT.fullmatch(c))]
    return next((c for c in guesses if c in frame.columns), None)


_UNIT = re.compile(
    r"(?:subject|user|customer|account|person|patient|unit|member|visitor|participant)(?:_?id)?", re.IGNORECASE
)


def numbers(cells: Any) -> Any:
    """A column as finite numbers; what is none is dropped."""
    values = columns.numeric(cells).to_numpy(dtype=float)
    return values[np.isfinite(values)]


def folds_units(analysis: Analysis) -> bool:
    """Whether the analysis is of units that have several rows."""
    said = [str(analysis.inputs.get(name, "")) for name in ("value", "numerator", "denominator", "covariate")]
    return any(words.fold(text) for text in said)


def units(
    analysis: Analysis, found: Arms, *wanted: str, defaults: Sequence[str] = (), optional: Sequence[int] = (),
    folds: bool = False,
) -> Any:  # fmt: skip
    """One row per unit of the two arms: T, and each wanted number as column c0, c1, …

    A unit without one of them is dropped, unless its place is among the ``optional``. ``folds``: rows are of units.
    """
    frame = found.both
    said = folds_units(analysis)
    unit = unit_column(analysis, frame) or (guessed_unit(analysis, frame) if said else None)
    if not (folds or said) or unit is None:
        made = pd.DataFrame({f"c{i}": columns.column(frame, w) for i, w in enumerate(wanted)}, index=frame.index)
        made = made.assign(T=frame["T"])
    else:
        groups = _cleaned(frame, wanted, optional).groupby([unit, "T"], sort=True)
        usual = [*defaults, *["sum"] * len(wanted)]
        made = pd.DataFrame({f"c{i}": words.folded(groups, w, usual[i]) for i, w in enumerate(wanted)}).reset_index()
    needed = [f"c{i}" for i in range(len(wanted)) if i not in optional]
    return made.replace([np.inf, -np.inf], np.nan).dropna(subset=needed).reset_index(drop=True)


def _cleaned(frame: Any, wanted: Sequence[str], optional: Sequence[int]) -> Any:
    """The rows with a number wherever one is folded."""
    for place, name in enumerate(wanted):
        said = words.fold(name)
        source = said.column if said else name
        if source is not None:
            frame = frame.assign(**{source: columns.column(frame, source)})
            frame = frame if place in optional else frame[np.isfinite(frame[source])]
    return frame


def value_of(analysis: Analysis) -> str:
    """The column, or the fold, of the outcome; where none is named, the only column of numbers that is nothing else."""
    said = analysis.inputs.get("value") or analysis.inputs.get("metric")
    if said or not analysis.files:
        return str(said or "value")
    frame = expanded(analysis.frame(), analysis)
    if "value" in frame.columns:
        return "value"
    used = {str(v) for v in _flat(analysis.inputs.values())} | set(analysis.inputs) | set(UNIT_NAMES) | set(ARM_NAMES)
    return columns.only_numbers(frame, used) or "value"


def _flat(values: Any) -> list[Any]:
    return [
        one for value in values for one in (value if isinstance(value, list) else [value]) if not isinstance(one, dict)
    ]


def values(analysis: Analysis) -> tuple[Any, Any]:
    """The outcome of the control's units and of the treatment's."""
    table = units(analysis, arms(analysis), value_of(analysis))
    return split(table, "c0")


def split(table: Any, column: str) -> tuple[Any, Any]:
    """A column's values in control and in treatment."""
    return table.loc[table["T"] == 0, column].to_numpy(float), table.loc[table["T"] == 1, column].to_numpy(float)
