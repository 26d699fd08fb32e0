from typing import Protocol

from upshot.domain.ticks import Tick


class Compactor(Protocol):
    """Counts what was recorded into results. Safe to ask from several workers at once; may raise StoreError."""

    async def tick(self) -> Tick:
        """Count what was committed since the last tick."""
        ...
