"""Numbers out of a table: a column, a comparison, or arithmetic, with cells as people write them."""

import re
from typing import Any

import numpy as np
import pandas as pd

from upshot.domain.arithmetic import Arithmetic
from upshot.domain.errors import FormulaError
from upshot_cases import words
from upshot_cases.case import OutOfReachError

_YES = frozenset(["yes", "true", "y", "t"])
_NO = frozenset(["no", "false", "n", "f"])
_MONEY = r"^\s*[€$£]?\s*(-?\d{1,3}(?:[ ,]\d{3})*(?:\.\d+)?|-?\d+(?:\.\d+)?)\s*[€$£]?\s*$"


def numeric(cells: Any) -> Any:
    """A column as numbers: yes and no as 1 and 0, thousands without their commas; what is none is NaN."""
    if pd.api.types.is_numeric_dtype(cells):
        return cells.astype(float)
    said = cells.dropna().astype(str).str.strip().str.lower()
    if len(said) and set(said) <= _YES | _NO:
        return (
            cells.astype(str).str.strip().str.lower().map(lambda v: 1.0 if v in _YES else 0.0 if v in _NO else np.nan)
        )
    found = pd.to_numeric(cells, errors="coerce")
    left = found.isna() & cells.notna()
    if left.any():
        plain = cells[left].astype(str).str.extract(_MONEY)[0].str.replace(r"[ ,]", "", regex=True)
        found = found.where(~left, pd.to_numeric(plain.reindex(cells.index), errors="coerce"))
    return found.astype(float)


def column(frame: Any, text: str) -> Any:
    """The numbers that a text means: a column's, 1 where a comparison holds, or what arithmetic makes of columns."""
    name = text.strip()
    if name in frame.columns:
        return numeric(frame[name])
    if words.compares(frame, name):
        return words.matches(frame, name).astype(float)
    try:
        arithmetic = Arithmetic(name)
        if arithmetic.names and arithmetic.names <= set(frame.columns):
            parts = {c: numeric(frame[c]).to_numpy(dtype=float) for c in arithmetic.names}
            return pd.Series(np.asarray(arithmetic.evaluate(parts, words.FUNCTIONS), dtype=float), index=frame.index)
    except FormulaError:
        pass
    raise OutOfReachError(f"there is no column {name}")


def only_numbers(frame: Any, used: set[str]) -> str | None:
    """The one column of numbers that plays no other part; None when there are several or none."""
    free = [c for c in frame.columns if c not in used and not re.search(r"(^|_)(id|key|row)$", c)]
    amounts = [c for c in free if pd.api.types.is_numeric_dtype(frame[c])]
    return amounts[0] if len(amounts) == 1 else None


def unquoted(label: str) -> Any:
    """A stratum's label as the cell that it was: 1.0 is a number."""
    try:
        return float(label)
    except ValueError:
        return label
