"""The phrases of the format: columns, rows, folds and definitions as people wrote them in `inputs`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from upshot.domain.arithmetic import Arithmetic
from upshot.domain.errors import FormulaError
from upshot.domain.formula import Formula
from upshot_cases import kinds
from upshot_cases.case import OutOfReachError

_HOWS = r"sum|total|avg|average|mean|count|number|max|maximum|min|minimum|first|last|median"
_FOLD = re.compile(rf"^\s*({_HOWS})\s*\(\s*(\*|[^()]+?)\s*\)", re.IGNORECASE)
_SAID_FOLD = re.compile(
    rf"^\s*(?:the )?({_HOWS})\s+(?:of (?:the )?)?(\w+)\s+(?:per|by|of each|for each|within|over)\b", re.IGNORECASE
)
_ROWS = ("rows", "events", "row", "calls", "visits", "sessions", "inferences")
_COMPARISON = re.compile(r"""\b([A-Za-z_]\w*)\s*(>=|<=|!=|==|=|>|<)\s*(?:'([^']*)'|"([^"]*)"|(-?[\w.:+-]*\w))""")
_AMONG = re.compile(r"\b([A-Za-z_]\w*)\s+(not\s+in|in)\s*[(\[]([^)\]]*)[)\]]", re.IGNORECASE)
_SPAN = re.compile(r"\brows?\s+(\d+)\s*(?:\.\.+|-|to|through)\s*(\d+)", re.IGNORECASE)
_NEEDED = re.compile(r"\b(finite|known|non-?missing|present|valid|recorded)\s+(\w+)")
_EVERY = re.compile(r"\b(?:all|every|each|any|both|whole|entire)\b", re.IGNORECASE)
_FIRST = re.compile(r"\b(first|last)\s+([\d,]+)\b", re.IGNORECASE)
_TIMES = re.compile(
    r"\b(before|until|through|up to|to the end of|after|since|from)\s+(?:and including\s+)?(?:the\s+\w+\s+(?:in|of|on|at)\s+)?"
    r"(-?\d[\w:.+-]*|\w+-\d[\w:.+-]*)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\b(?:from|between)\s+(\S*\d\S*)\s+(?:to|until|through|and)\s+(\S*\d\S*)", re.IGNORECASE)
_SIDES = {"before": "<", "after": ">", "since": ">=", "from": ">="}
_BUT = re.compile(r"\b(?:all but|except|without) (?:the )?(first|last)\s+(\d+)", re.IGNORECASE)
_DEFINITION = re.compile(r"\s*(?:with |where )?([A-Za-z_]\w*)\s*=(?!=)\s*(.+)$")
FUNCTIONS = {"log": np.log, "exp": np.exp, "sqrt": np.sqrt, "abs": np.abs}
_FOLDS = {
    "avg": "mean", "average": "mean", "total": "sum", "number": "count", "maximum": "max", "minimum": "min",
}  # fmt: skip


@dataclass(frozen=True)
class Fold:
    """How a unit's rows become one number. ``column`` is None for counting rows."""

    how: str
    column: str | None


def fold(text: str) -> Fold | None:
    """``sum(value) per subject``, ``count(*)``; None for a plain column."""
    found = _FOLD.match(text) or _SAID_FOLD.match(text)
    if not found:
        return None
    how, column = _FOLDS.get(found[1].lower(), found[1].lower()), found[2]
    counts_rows = column == "*" or (how == "count" and column.lower() in _ROWS)
    return Fold(how, None if counts_rows else column)


def folded(groups: Any, wanted: str, default: str = "sum") -> Any:
    """Each unit's number."""
    said = fold(wanted) or Fold(default, wanted)
    if said.column is None:
        return groups.size()
    return groups[said.column].agg(said.how)


def matches(frame: Any, text: str) -> Any:
    """The rows for which every comparison in a text holds: ``treated=1``, ``latency_ms > 0``."""
    kept = pd.Series(True, index=frame.index)
    for name, sign, value in comparisons(text):
        column = name if name in frame.columns else name.rstrip("s")  # years <= 1898
        if column in frame.columns:
            kept &= compared(frame[column], sign, value)
    for name, how, listed in _AMONG.findall(text):
        if name in frame.columns:
            among = np.logical_or.reduce([compared(frame[name], "=", word) for word in kinds.words(listed)])
            kept &= among if how.lower() == "in" else ~among
    return kept


def comparisons(text: str) -> list[tuple[str, str, str]]:
    """The comparisons in a text: name, sign, value."""
    return [(found[1], found[2], found[3] or found[4] or found[5] or "") for found in _COMPARISON.finditer(text)]


def compares(frame: Any, text: str) -> bool:
    """Whether a text compares a column with something."""
    return any(name in frame.columns for name, _, _ in [*comparisons(text), *_AMONG.findall(text)])


def _lower(cell: Any) -> str:
    """A cell as people write it, in small letters."""
    whole = isinstance(cell, float) and cell.is_integer()
    return str(int(cell) if whole else cell).lower()


def compared(column: Any, sign: str, value: Any) -> Any:
    """Numbers with numbers; everything else as text, which orders dates."""
    number: Any
    try:
        number, cells = float(value), pd.to_numeric(column)
    except (TypeError, ValueError):
        number, cells = str(value).lower(), column.map(_lower)
    return {
        "=": cells == number, "==": cells == number, "!=": cells != number,
        ">": cells > number, ">=": cells >= number, "<": cells < number, "<=": cells <= number,
    }[sign]  # fmt: skip


def limited(frame: Any, text: str) -> Any:
    """``first 120 data rows``, ``rows 1 to 50``; ``all rows … with a finite latency_ms > 0``."""
    span = _SPAN.search(text)
    if span:
        return frame.iloc[int(span[1]) - 1 : int(span[2])]
    found = _FIRST.search(text)
    if found:
        count = int(found[2].replace(",", ""))
        return frame.head(count) if found[1].lower() == "first" else frame.tail(count)
    needed = [(how, c) for how, c in _NEEDED.findall(text) if c in frame.columns]
    complete = re.search(r"\bcomplete (?:cases|rows)\b", text, re.IGNORECASE)
    if not (needed or complete or compares(frame, text) or _EVERY.search(text)):
        raise OutOfReachError(f"which rows {text!r} means is not clear")
    for how, column in needed:
        cells = pd.to_numeric(frame[column], errors="coerce") if how == "finite" else frame[column]
        frame = frame[np.isfinite(cells) if how == "finite" else cells.notna()]
    return (frame.dropna() if complete else frame)[lambda rows: matches(rows, text)]


def excluded(frame: Any, said: Any, unit: str | None) -> Any:
    """Without what ``exclude`` names: a comparison, or the values of a column, of the unit's first."""
    texts = said if isinstance(said, list) else [said]
    for text in map(str, texts):
        if compares(frame, text):
            frame = frame[~matches(frame, text)]
            continue
        words = re.findall(r"[\w.+-]+", text.partition("(")[0])
        frame = frame[~_named(frame, words, unit)]
    return frame


def _named(frame: Any, words: list[str], unit: str | None) -> Any:
    columns = [c for c in (unit, *(c for c in frame.columns if c in words), *frame.columns) if c in frame.columns]
    for column in dict.fromkeys(columns):
        cells = frame[column].astype(str)
        if column in words or column == unit or not pd.api.types.is_numeric_dtype(frame[column]):
            found = cells.isin(words)
            if found.any():
                return found
    raise OutOfReachError(f"no column holds what `exclude` names: {' '.join(words)}")


def columns_in(text: Any, frame: Any) -> list[str]:
    """The columns that a text names, in its order: ``center x id``, ["a", "b"]."""
    parts = text if isinstance(text, list) else re.findall(r"\w+", str(text))
    return [part for part in parts if part in frame.columns]


def strata(frame: Any, said: Any) -> Any:
    """The cell labels of ``sex x age band (<=35,<=45,>45) x smokeintensity>20``, or of a list of columns."""
    parts = map(str, said) if isinstance(said, list) else re.split(r"\s+x\s+|\s*\*\s*", str(said).strip())
    label = pd.Series("", index=frame.index)
    for part in parts:
        label = label + _stratum(frame, part)
    return label


def _stratum(frame: Any, part: str) -> Any:
    if part in frame.columns:
        return frame[part].astype(str)
    name = re.match(r"\w+", part)
    if not name or name[0] not in frame.columns:
        raise OutOfReachError(f"the stratum {part!r} names no column")
    edges = [float(edge) for edge in re.findall(r"<=?\s*(-?[\d.]+)", part)]
    if edges and "(" in part:
        inclusive = "<=" in part
        cells = frame[name[0]]
        return sum((cells > e if inclusive else cells >= e).astype(int) for e in edges).astype(str)
    found = _COMPARISON.search(part)
    if not found:
        raise OutOfReachError(f"the stratum {part!r} cannot be read")
    return matches(frame, part).astype(int).astype(str)


def model(text: str) -> tuple[str, dict[str, str]]:
    """The formula in a phrase, without the words around it, and the columns that the words define."""
    left, wave, right = text.replace("np.", "").partition("~")
    if not wave:
        raise OutOfReachError(f"no formula in {text!r}")
    left, made = _response(left)
    response = left.split()[-1] if left.split() else "value"
    for end in sorted({0, len(right), *(found.start() for found in re.finditer(r"[\s;,.(]", right))}, reverse=True):
        try:
            Formula.parse(f"{response} ~ {right[:end]}")
        except FormulaError:
            continue
        return f"{response} ~ {right[:end].strip()}", made | definitions(right[end:])
    raise OutOfReachError(f"the formula {text!r} cannot be read")


def _response(left: str) -> tuple[str, dict[str, str]]:
    """A response that is arithmetic gets a name: ``log(drivers)``, ``post - pre``."""
    text = left.strip()
    found = re.search(r"(?:\b(?:log|exp|sqrt|abs)|\bI)\s*\(.*\)$|\w+(?:\s*[-+*/]\s*\w+)+$", text)
    if not found:
        return left, {}
    body = re.sub(r"^I\s*(?=\()", "", found[0])
    return "response_", {"response_": body}


def definitions(text: str) -> dict[str, str]:
    """``(t = year-1871, post = year>=1899)`` as names and bodies."""
    inner = text.strip()
    inner = inner[1:-1] if inner.startswith("(") and inner.endswith(")") else inner
    found = (_DEFINITION.match(part) for part in re.split(r"[,;](?![^()]*\))", inner))
    return {match[1]: match[2].strip() for match in found if match}


def defined(frame: Any, definitions: Mapping[str, str]) -> Any:
    """The frame with the columns that a phrase defines: ``t = year-1871, post = year>=1899``."""
    times = time_column(frame)
    for name, body in definitions.items():
        said = _place(frame, times, body)
        if said is not None:
            frame = frame.assign(**{name: said})
            continue
        try:
            arithmetic = Arithmetic(body)
            columns = {c: frame[c].to_numpy() for c in arithmetic.names if c in frame.columns}
            frame = frame.assign(**{name: np.asarray(arithmetic.evaluate(columns, FUNCTIONS), dtype=float)})
        except FormulaError:
            if name not in frame.columns and compares(frame, body):
                frame = frame.assign(**{name: matches(frame, body).astype(float)})  # dates; else a remark
    return frame


_PLACE = re.compile(r"\b(?:row|observation|obs|time|month|week|day|period)s? (?:number|index|count)|^(?:index|trend)\b")
_PARTS = {
    "month": "month", "weekday": "dayofweek", "day of week": "dayofweek", "day of the week": "dayofweek",
    "quarter": "quarter", "hour": "hour", "year": "year",
}  # fmt: skip


def _place(frame: Any, times: Any, body: str) -> Any:
    """``row number from 0``, ``calendar month``: what words define; None when they are no such words."""
    text = body.lower()
    if _PLACE.search(text) and not (
        set(re.findall(r"\w+", body)) & set(frame.columns) - {"month", "week", "day", "time", "period"}
    ):
        start = re.search(r"\b(?:from|starting at|start)\s+(\d+)", text)
        return np.arange(len(frame), dtype=float) + (float(start[1]) if start else 0.0)
    part = next(
        (word for word in _PARTS if re.fullmatch(rf"(?:the )?(?:calendar )?{word}(?: of (?:the )?\w+)?", text)), None
    )
    if part is None or (part == text and part in frame.columns):
        return None
    dates = pd.to_datetime(times.astype(str), errors="coerce", utc=True, format="ISO8601")
    return getattr(dates.dt, _PARTS[part]) if dates.notna().all() else None


def before(frame: Any, text: str) -> Any:
    """The rows of ``years before 1899``, ``first 132 rows``, ``year < 1899``, ``year <= 1898``."""
    both = _BETWEEN.search(text)
    if both:
        return _beside(frame, ">=", both[1]) & _beside(frame, "<=", both[2])
    found = _TIMES.search(text)
    if found:
        return _beside(frame, _SIDES.get(found[1].lower(), "<="), found[2])
    but = _BUT.search(text)
    if but:
        place, left = np.arange(len(frame)), int(but[2])
        return place >= left if but[1].lower() == "first" else place < len(frame) - left
    if any({c, c.rstrip("s")} & set(frame.columns) for c, _, _ in comparisons(text)):
        return matches(frame, text)
    first = _FIRST.search(text)
    if first:
        place = np.arange(len(frame))
        count = int(first[2].replace(",", ""))
        return place < count if first[1].lower() == "first" else place >= len(frame) - count
    span = re.search(r"(-?[\d.]+?)\s*(?:\.\.|\bto\b|-)\s*(-?[\d.]+)", text)
    if span and _is_number(span[1]) and _is_number(span[2]):
        cells = time_column(frame)
        return (cells >= float(span[1])) & (cells <= float(span[2]))
    if text.strip() and not _EVERY.search(text):
        raise OutOfReachError(f"which part of the series {text!r} means is not clear")
    return np.ones(len(frame), dtype=bool)


def _beside(frame: Any, sign: str, edge: str) -> Any:
    """The rows on one side of a time: as numbers where both are, else as texts, which orders dates."""
    cells = time_column(frame)
    if not (pd.api.types.is_numeric_dtype(cells) and _is_number(edge)):
        return compared(cells.astype(str), sign, f"{edge}")
    return compared(cells, sign, edge)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


_TIME_NAMES = ("year", "t", "time", "date", "month", "day", "week", "hour", "period", "ts", "at")


def in_time(frame: Any) -> Any:
    """The rows in the order of time, where that order can be read; what ties stays as it was."""
    times = time_column(frame)
    if not pd.api.types.is_numeric_dtype(times):
        moments = pd.to_datetime(times, format="ISO8601", errors="coerce", utc=True)
        if moments.isna().any():
            return frame
        times = moments
    return frame.iloc[np.argsort(times.to_numpy(), kind="stable")].reset_index(drop=True)


def time_column(frame: Any) -> Any:
    """The column that orders a series."""
    for name in _TIME_NAMES:
        if name in frame.columns:
            return frame[name]
    return frame[frame.columns[0]]
