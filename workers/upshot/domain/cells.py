"""What people write into cells."""

import math
import re
from collections.abc import Iterable

EMPTY = frozenset({"", "na", "n/a", "null", "none", "-"})
TRUE, FALSE = frozenset({"true", "yes"}), frozenset({"false", "no"})
PLAIN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
WITH_COMMA = re.compile(r"^[+-]?\d+,\d+$")
WITH_POINT = re.compile(r"^[+-]?\d+\.\d+$")


class NotANumberError(ValueError):
    """The cell holds something else."""


class NotFiniteError(ValueError):
    """The cell holds NaN or an infinity: no value that could be averaged."""


def text_of(cell: str | None) -> str | None:
    """The cell without blanks around it; None when it is empty."""
    return (cell.strip() or None) if cell else None


def number_of(cell: str | None, decimal: str = ".") -> float | None:
    """The number in a cell; None when it is empty.

    Raises NotANumberError and NotFiniteError.
    """
    if cell and decimal == "." and PLAIN.fullmatch(cell):
        return float(cell)
    said = (cell or "").strip().lower()
    if said in EMPTY:
        return None
    if said in TRUE or said in FALSE:
        return float(said in TRUE)
    if "_" in said or (decimal == "," and "." in said):
        raise NotANumberError(said)
    try:
        value = float(said.replace(",", ".") if decimal == "," else said)
    except ValueError:
        raise NotANumberError(said) from None
    if not math.isfinite(value):
        raise NotFiniteError(said)
    return value


def decimal_of(cells: Iterable[str | None]) -> str:
    """The decimal sign that some cells seem to use."""
    said = [cell.strip() for cell in cells if cell]
    commas, points = (sum(bool(shape.match(cell)) for cell in said) for shape in (WITH_COMMA, WITH_POINT))
    return "," if commas > points else "."
