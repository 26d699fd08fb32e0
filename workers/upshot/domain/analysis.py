"""What a person asks of a table of rows, and what comes back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from upshot.domain.errors import TableError

Numbers = dict[str, Any]


@dataclass(frozen=True)
class Metric:
    """One thing that is compared: a column, or numerator/denominator, with what was the same before."""

    name: str
    kind: str
    numerator: str
    denominator: str | None = None
    before: tuple[str, str | None] | None = None
    higher_is_better: bool = True

    @property
    def columns(self) -> list[str]:
        """The columns that it reads."""
        past = self.before or (None, None)
        return [name for name in (self.numerator, self.denominator, *past) if name]


@dataclass(frozen=True)
class Question:
    """How the rows are to be compared."""

    variant: str
    metrics: tuple[Metric, ...]
    unit: str | None = None
    segment: str | None = None
    cluster: str | None = None
    control: str | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    alpha: float = 0.05
    quantile: float | None = None
    fold: str = "mean"
    decimal: str | None = None
    drop_duplicates: bool = False
    planned: int = 5000

    @property
    def units(self) -> list[str]:
        """The columns that name a unit together: an id may be one's own only within an account."""
        return [name.strip() for name in self.unit.split(",")] if self.unit else []

    @property
    def columns(self) -> list[str]:
        """All columns that are read."""
        named = [*self.units, self.variant, self.segment, self.cluster]
        return [name for name in named if name] + [c for metric in self.metrics for c in metric.columns]

    def require(self, present: list[str]) -> None:
        """TableError when a column is not there, with the one that may be meant."""
        missing = next((name for name in self.columns if name not in present), None)
        if missing is not None:
            same = [name for name in present if name.lower() == missing.lower()]
            meant = next(iter([*same, *get_close_matches(missing, present, 1)]), None)
            guess = f" Did you mean {meant}?" if meant else ""
            lacks = any(re.fullmatch(r"[-+]?[\d.,]+", name) for name in present)
            hint = " Its first line must name the columns." if lacks else ""
            raise TableError(f"There is no column {missing}.{guess} The file has: {', '.join(present)}.{hint}")


@dataclass
class Intake:
    """What was read, and what was left out."""

    rows: int = 0
    ragged: int = 0
    duplicates: int = 0
    without_unit: int = 0
    without_variant: int = 0
    empty: dict[str, int] = field(default_factory=dict)
    not_numbers: dict[str, int] = field(default_factory=dict)
    not_finite: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    odd_cells: dict[str, str] = field(default_factory=dict)
    variants: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Arm:
    """An arm: its units and rows."""

    variant: str
    units: int
    rows: int


@dataclass
class Effect:
    """What one variant did to one metric, over all units or in one segment."""

    metric: Metric
    variant: str
    segment: str | None
    numbers: Numbers
    is_rate: bool = False
    adjusted_p_value: float | None = None
    correction: str = "none"
    verdict: str | None = None
    reason_code: str | None = None


@dataclass(frozen=True)
class Strata:
    """The segments of one variant and metric, put together."""

    metric: Metric
    variant: str
    pooled: Numbers
    simpson: Numbers


@dataclass(frozen=True)
class Warning_:  # noqa: N801 - the plain name is Python's own
    """Something to know before the numbers are believed."""

    code: str
    message: str


@dataclass
class Answer:
    """Everything that is said about a table."""

    control: str
    arms: list[Arm]
    srm: Numbers
    switchers: int
    effects: list[Effect]
    segments: list[Effect]
    strata: list[Strata]
    warnings: list[Warning_] = field(default_factory=list)
