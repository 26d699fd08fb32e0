from typing import Protocol


class Partitions(Protocol):
    """The months of raw events. Safe to ask from several workers at once; may raise StoreError."""

    async def keep(self) -> list[str]:
        """Make the months that are missing; their names."""
        ...
