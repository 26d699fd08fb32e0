from typing import Any, Protocol

from upshot.domain.methods import AnalysisJob, Columns, Finding


class Analyses(Protocol):
    """What analyses need of the database. Every call may raise StoreError."""

    async def units(self, asked: AnalysisJob) -> tuple[str, Columns]:
        """The metric's kind, and one row per unit of the last phase: treated, y, d, x, w and its segments."""
        ...

    async def days(self, asked: AnalysisJob) -> tuple[str | None, Columns]:
        """The first day after the experiment or the change began, and one row per day of the metric: day, n, total."""
        ...

    async def store(self, asked: AnalysisJob, finding: Finding) -> Any:
        """Keep what was found; the same computation is kept once, whoever comes first."""
        ...
