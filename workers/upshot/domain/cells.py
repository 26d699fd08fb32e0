"""What people write into cells."""

import math
import re
from collections.abc import Iterable

EMPTY = frozenset({"", "na", "n/a", "null", "none", "-"})
TRUE, FALSE = frozenset({"true", "yes", "y"}), frozenset({"false", "no", "n"})
PLAIN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
CURRENCIES = "$€£¥ \u00a0\u202f"
APART = " '\u2019\u00a0\u202f"
"""What stands between thousands, whatever the decimal sign."""
GROUPED = {
    ".": re.compile(rf"[+-]?\d{{1,3}}([,{APART}])\d{{3}}(\1\d{{3}})*(\.\d*)?"),
    ",": re.compile(rf"[+-]?\d{{1,3}}([.{APART}])\d{{3}}(\1\d{{3}})*(,\d*)?"),
}
EITHER = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+")
"""1,234: a thousand and more, or one and a bit."""
WITH_COMMA = re.compile(rf"[+-]?[\d.{APART}]*\d,\d+")
WITH_POINT = re.compile(rf"[+-]?[\d,{APART}]*\d\.\d+")


class NotANumberError(ValueError):
    """The cell holds something else."""


class AmbiguousError(ValueError):
    """The cells can be read in two ways; the message is one of them."""


class NotFiniteError(ValueError):
    """The cell holds NaN or an infinity: no value that could be averaged."""


def text_of(cell: str | None) -> str | None:
    """The cell without blanks around it; None when it is empty."""
    return (cell.strip() or None) if cell else None


def number_of(cell: str | None, decimal: str = ".") -> float | None:
    """The number in a cell, 0.05 for 5 %, without signs of money or between thousands; None when it is empty.

    Raises NotANumberError and NotFiniteError.
    """
    if cell and decimal == "." and PLAIN.fullmatch(cell):
        return float(cell)
    said = (cell or "").strip().lower()
    if said in EMPTY:
        return None
    if said in TRUE or said in FALSE:
        return float(said in TRUE)
    amount = bare(said.removesuffix("%"))
    if grouped := GROUPED[decimal].fullmatch(amount):
        amount = amount.replace(grouped[1], "")
    if "_" in amount or (decimal == "," and "." in amount):
        raise NotANumberError(said)
    try:
        value = float(amount.replace(",", ".") if decimal == "," else amount)
    except ValueError:
        raise NotANumberError(said) from None
    if not math.isfinite(value):
        raise NotFiniteError(said)
    return value / 100 if said.endswith("%") else value


def bare(said: str) -> str:
    """A number as it is typed, without signs of money around it."""
    sign = "-" if said[:1] in ("-", "\u2212") else ""
    return sign + said.removeprefix("-").removeprefix("\u2212").strip(CURRENCIES)


def decimal_of(cells: Iterable[str | None]) -> str:
    """The decimal sign that some cells seem to use.

    Raises AmbiguousError where every comma may be one of thousands as well.
    """
    said = [bare(cell.strip().removesuffix("%")) for cell in cells if cell]
    commas, points = ([cell for cell in said if shape.fullmatch(cell)] for shape in (WITH_COMMA, WITH_POINT))
    if commas and not points and all(EITHER.fullmatch(cell) for cell in commas):
        raise AmbiguousError(commas[0])
    return "," if len(commas) > len(points) else "."
