"""Columns as arrays, and the design matrix of a formula."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upshot.domain.errors import FormulaError, NotComputableError
from upshot.domain.formula import Factor, Formula, Term, label
from upshot.domain.methods import Columns

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
FUNCTIONS = {"log": np.log, "exp": np.exp, "sqrt": np.sqrt, "abs": np.abs}
MOST_LEVELS = 500


class Frame:
    """A table of arrays. Numbers that are unknown are NaN; names that are unknown are None."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._numbers: dict[str, Numbers] = {}
        self.rows = len(next(iter(columns.values()), ()))

    def __contains__(self, name: str) -> bool:
        return name in self._columns

    def is_text(self, name: str) -> bool:
        return any(isinstance(value, str) for value in self._column(name))

    def names(self, name: str) -> NDArray[np.object_]:
        """A column of names; a whole number is written without a point, so that 1 and 1.0 are one level."""
        return np.array([_name(value) for value in self._column(name)], dtype=object)

    def numbers(self, name: str) -> Numbers:
        """FormulaError when the column holds texts."""
        if name not in self._numbers:
            if self.is_text(name):
                raise FormulaError(f"The column {name} holds texts: write C({name}).")
            values = [np.nan if value is None else float(value) for value in self._column(name)]
            self._numbers[name] = np.array(values, dtype=float)
        return self._numbers[name]

    def known(self, columns: Iterable[str]) -> Flags:
        """The rows in which all of these columns are there and finite."""
        known = np.ones(self.rows, dtype=bool)
        for name in columns:
            known &= self.names(name) != None if self.is_text(name) else np.isfinite(self.numbers(name))  # noqa: E711 - elementwise
        return known

    def only(self, rows: Flags) -> "Frame":
        chosen: list[int] = np.flatnonzero(rows).tolist()
        return Frame({name: [values[i] for i in chosen] for name, values in self._columns.items()})

    def _column(self, name: str) -> Iterable[float | str | bool | None]:
        if name not in self._columns:
            raise FormulaError(f"There is no column {name}. There are: {', '.join(sorted(self._columns))}.")
        return self._columns[name]


def _name(value: float | str | bool | None) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(int(value)) if float(value).is_integer() else str(value)


@dataclass(frozen=True)
class Design:
    """A formula's response and matrix over the rows of a frame in which all its columns are known."""

    response: Numbers
    matrix: Numbers
    names: tuple[str, ...]
    terms: tuple[tuple[str, tuple[int, ...]], ...]
    """Each term's label, and its columns in the matrix."""
    frame: Frame
    dropped: int

    def position(self, name: str) -> int:
        """The column of a term, whichever way its factors are ordered."""
        wanted = frozenset(name.split(":"))
        for position, found in enumerate(self.names):
            if frozenset(found.split(":")) == wanted:
                return position
        raise FormulaError(f"The model has no term {name}. It has: {', '.join(self.names)}.")


def design(formula: Formula, frame: Frame) -> Design:
    """Build the matrix, each category coded as in R: against its first level, or in full where nothing else spans it."""
    known = frame.known(formula.columns)
    kept = frame.only(known) if not known.all() else frame
    blocks: list[Numbers] = []
    names: list[str] = []
    terms: list[tuple[str, tuple[int, ...]]] = []
    seen: set[frozenset[Factor]] = set()
    for term in formula.terms:
        columns = _columns(term, seen, kept)
        seen.add(frozenset(term))
        terms.append((label(term), tuple(range(len(names), len(names) + len(columns)))))
        blocks.extend(columns.values())
        names.extend(columns)
    if not blocks or kept.rows == 0:
        raise NotComputableError("no_rows", "No row has all the columns of the formula.")
    matrix = np.column_stack(blocks)
    response = kept.numbers(formula.response)
    return Design(response, matrix, tuple(names), tuple(terms), kept, frame.rows - kept.rows)


def _columns(term: Term, seen: set[frozenset[Factor]], frame: Frame) -> dict[str, Numbers]:
    columns: dict[str, Numbers] = {"": np.ones(frame.rows)}
    for factor in term:
        spanned = frozenset(term) - {factor} in seen
        coded = _coded(factor, frame, reduced=spanned)
        columns = {
            ":".join(filter(None, (left, right))): a * b for left, a in columns.items() for right, b in coded.items()
        }
    return {name or "Intercept": values for name, values in columns.items()}


def _coded(factor: Factor, frame: Frame, *, reduced: bool) -> Mapping[str, Numbers]:
    plain = factor.arithmetic.text
    if not factor.is_category and not (plain in frame and frame.is_text(plain)):
        columns = {name: frame.numbers(name) for name in factor.arithmetic.names}
        values = np.asarray(factor.arithmetic.evaluate(columns, FUNCTIONS), dtype=float)
        if not np.isfinite(values).all():
            raise NotComputableError("not_finite", f"{factor.label} is not a finite number in every row.")
        return {factor.label: np.broadcast_to(values, (frame.rows,))}
    levels = _levels(plain, frame)
    values_of = frame.names(plain)
    mark = "T." if reduced else ""
    return {
        f"{factor.label}[{mark}{level}]": (values_of == level).astype(float) for level in levels[1 if reduced else 0 :]
    }


def _levels(name: str, frame: Frame) -> list[str]:
    found = set(frame.names(name))
    if len(found) > MOST_LEVELS:
        raise FormulaError(f"The column {name} has {len(found)} levels; at most {MOST_LEVELS} are modelled.")
    if frame.is_text(name):
        return sorted(found)
    return sorted(found, key=float)
