"""Where the numbers come from: a database with Upshot's statistics in it."""

from collections.abc import Iterable
from typing import Any, Protocol

from upshot.domain.analysis import Arm, Metric, Numbers

Reading = tuple[
    int, int, str, str, str | None, str | None, float | None, float | None, float | None, float | None
]  # fmt: skip
"""Metric, row, unit, variant, segment, cluster, and y, d, x, w."""


class Statistics(Protocol):
    """The questions that an analysis asks, of rows that were loaded."""

    def load(self, readings: Iterable[Reading]) -> None: ...

    def fold(self, metric: int, fold: str, kind: str, *, has_segments: bool) -> None: ...

    def arms(self) -> list[Arm]: ...

    def switchers(self) -> int: ...

    def srm(self, counts: list[float], weights: list[float]) -> Numbers: ...

    def is_rate(self, metric: int) -> bool: ...

    def effects(
        self, metric: int, of: Metric, control: str, *, by_segment: bool, clustered: bool,
        quantile: float | None, alpha: float, planned: int,
    ) -> list[tuple[str, str | None, Numbers]]: ...  # fmt: skip

    def strata(
        self, metric: int, kind: str, control: str, quantile: float | None, alpha: float
    ) -> list[tuple[str, Numbers, Numbers]]: ...

    def corrected(self, method: str, p_values: list[float | None]) -> list[float | None]: ...

    def verdict(
        self,
        difference: float | None,
        p: float | None,
        reason_code: str | None,
        alpha: float,
        *,
        higher_is_better: bool,
    ) -> str | None: ...

    def detectable(self, variance: float, n0: float, n1: float, alpha: float) -> Any: ...
