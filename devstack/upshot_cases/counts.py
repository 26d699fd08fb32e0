"""Tables of counts: so many of so many, or so many rows like this one. Counts become rows."""

import re
from typing import Any

import pandas as pd

from upshot_cases import words
from upshot_cases.case import Analysis

_ONES = ("k", "successes", "success", "converted", "conversions", "events", "cases", "yes", "admitted", "survived")
_TRIALS = ("n", "trials", "total", "subjects", "applicants", "visitors", "users", "number", "sample_size", "size")
_REPEATS = ("freq", "frequency", "count", "counts", "weight", "n", "number")


def expanded(frame: Any, analysis: Analysis) -> Any:
    """Each row as many times as it says; k of n as k ones and n - k zeros."""
    value = str(analysis.inputs.get("value", "value"))
    if value in frame.columns or words.fold(value) or words.compares(frame, value):
        repeats = next((c for c in _named(frame, analysis, _REPEATS) if c != value), None)
        return frame.loc[frame.index.repeat(frame[repeats])] if repeats and "count" in _note(analysis) else frame
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


def _note(analysis: Analysis) -> str:
    return " ".join(str(analysis.inputs.get(name, "")) for name in ("note_", "note")).lower()


def _named(frame: Any, analysis: Analysis, usual: tuple[str, ...]) -> list[str]:
    """Whole-number columns: those that the note names, in its order, then those of usual names."""
    said = [c for c in re.findall(r"\w+", _note(analysis)) if c in frame.columns]
    found = dict.fromkeys([*said, *(c for c in usual if c in frame.columns)])
    return [c for c in found if pd.api.types.is_integer_dtype(frame[c])]


def _counts(frame: Any, analysis: Analysis) -> tuple[str, str] | None:
    inputs = analysis.inputs
    said = [str(inputs[a] if a in inputs else inputs.get(b)) for a, b in (("k", "successes"), ("n", "trials"))]
    if set(said) <= set(frame.columns):
        return said[0], said[1]
    noted = _named(frame, analysis, ())
    pairs = [(a, b) for a in (*_named(frame, analysis, _ONES),) for b in (*_named(frame, analysis, _TRIALS),) if a != b]
    fits = [(a, b) for a, b in pairs if (frame[a] <= frame[b]).all()]
    ranked = sorted(fits, key=lambda pair: (pair[0] not in _ONES, pair[1] not in _TRIALS, pair[0] not in noted))
    return ranked[0] if ranked else None
