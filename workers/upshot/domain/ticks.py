"""What a tick of the compactor did, as far as a worker sees it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tick:
    """moved, idle, or busy when another worker is at it; how far the numbers are behind, and who holds them up."""

    state: str
    behind: int = 0
    lag_seconds: float | None = None
    held_seconds: float | None = None
    failed: int = 0
    """Experiments that could not be counted."""
