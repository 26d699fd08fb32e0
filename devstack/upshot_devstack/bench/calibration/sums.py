"""What simulated units add up to: the exact sums that the product keeps, and what a naive engine makes of the same data."""

from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Numbers = TypeVar("Numbers", Ints, Floats)
LOOKS = 20
SCALE = 1000  # values are whole thousandths, so that their sums are exact


@dataclass(frozen=True)
class Naive:
    """A difference and its standard error, by world and look."""

    difference: Floats
    std_error: Floats

    @property
    def alarms(self) -> NDArray[np.bool_]:
        """Where p < 0.05; a variance that is not positive says nothing, as p = 1 does."""
        return np.abs(self.difference) > 1.959964 * np.where(self.std_error > 0, self.std_error, np.inf)

    def covers(self, truth: float) -> NDArray[np.bool_]:
        """Where the 95 % interval of the last look holds the truth."""
        return np.abs(self.difference[:, -1] - truth) <= 1.959964 * self.std_error[:, -1]


@dataclass(frozen=True)
class Drawn:
    """Worlds of one kind: sums by world, look, arm (n, Σy, Σd, Σx, Σw, Σyy … Σww), and the truth."""

    sums: NDArray[np.object_] | Ints
    naive: Naive
    truth: float
    lift: float | None = None
    is_ratio: bool = False


def ends_of(units: int) -> NDArray[np.intp]:
    """Where each look's units begin."""
    return np.arange(LOOKS) * units // LOOKS


def looked_at(values: Numbers) -> Numbers:
    """Sums up to each look, of values by world and unit."""
    found: Numbers = np.cumsum(np.add.reduceat(values, ends_of(values.shape[1]), axis=1), axis=1)
    return found


def arm_sums(y: Ints, d: Ints | None = None, x: Ints | None = None) -> Ints:
    """The fifteen sums of one arm by world and look; w is 1 where there is a past."""
    one = np.ones_like(y)
    variables = [
        y,
        one if d is None else d,
        np.zeros_like(y) if x is None else x,
        np.zeros_like(y) if x is None else one,
    ]
    pairs = combinations_with_replacement(variables, 2)
    return np.stack([looked_at(v) for v in (one, *variables, *(a * b for a, b in pairs))], axis=-1).astype(np.int64)


def of_sums(n: Floats, total: Floats, squares: Floats) -> tuple[Floats, Floats]:
    """Mean and its squared standard error as a naive engine has it: from sums of squares, in doubles."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return total / n, (squares - total * total / n) / (n - 1) / n


def naive_of(arms: list[tuple[Floats, Floats, Floats]]) -> Naive:
    """Two arms' n, sum and sum of squares, each row for itself."""
    (m0, v0), (m1, v1) = (of_sums(*arm) for arm in arms)
    return Naive(m1 - m0, np.sqrt(np.maximum(v0 + v1, 0)))


def naive_units(arms: list[Ints]) -> Naive:
    """Units as rows."""
    return naive_rows([a.astype(float) for a in arms])


def naive_rows(arms: list[Floats], counts: list[Floats] | None = None, squares: list[Floats] | None = None) -> Naive:
    """Rows of any kind, by world and unit: their sums, how many they are and their squares."""
    counts = counts or [np.ones_like(a) for a in arms]
    squares = squares or [a * a for a in arms]
    told = zip(counts, arms, squares, strict=True)
    return naive_of([(looked_at(n), looked_at(y), looked_at(yy)) for n, y, yy in told])
