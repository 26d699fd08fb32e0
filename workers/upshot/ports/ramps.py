from typing import Protocol

from upshot.domain.ramps import RampMove


class Ramps(Protocol):
    """The running ramps. Safe to ask from several workers at once; may raise StoreError."""

    async def tick(self, pause_seconds: int) -> RampMove | None:
        """Move at most one ramp that nobody has looked at for so long; None when there is nothing left to move."""
        ...
