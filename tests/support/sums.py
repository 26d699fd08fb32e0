"""Readouts as the database writes them, from plain numbers: what the statistics' tests give to schema stats."""

from collections.abc import Sequence
from typing import Any

import numpy as np

Readout = tuple[float, float | None, float | None, float | None]


def readout(values: Sequence[float]) -> Readout:
    """n, the mean, the variance of the mean, and its square over n - 1."""
    sample = np.asarray(values, dtype=float)
    n = len(sample)
    if n < 2:
        return (float(n), float(sample[0]) if n else None, None, None)
    variance = float(sample.var(ddof=1)) / n
    return (float(n), float(sample.mean()), variance, variance**2 / (n - 1))


def literal(readouts: Sequence[Readout]) -> str:
    """A Postgres array of readouts."""
    rows = ("(" + ",".join("" if x is None else repr(x) for x in found) + ")" for found in readouts)
    return "{" + ",".join(f'"{row}"' for row in rows) + "}"


def near(found: Any, expected: float, relative: float = 1e-9, absolute: float = 1e-12) -> bool:
    """True when the numbers agree; an absent one agrees with nothing."""
    return found is not None and abs(float(found) - expected) <= absolute + relative * abs(expected)
