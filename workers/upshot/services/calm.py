"""What is read now and then waits while what is looked at live is late."""

import asyncio
from contextlib import suppress

BUSY_SECONDS = 0.3
"""A tick of results that takes longer has too little of the machine to keep them a second fresh."""


class Calm:
    """Results say how long their ticks take; the other tiers wait here until that is short again, or their patience ends.

    They also take ``turn``s: one of them at a time is as much as results should have beside them.
    """

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self._calm = asyncio.Event()
        self._calm.set()

    def tell(self, took: float) -> None:
        """How long the last tick of results took, in seconds."""
        if took > BUSY_SECONDS:
            self._calm.clear()
        else:
            self._calm.set()

    async def wait(self, patience: float) -> None:
        """Until results are at ease, ``patience`` seconds at most: who waits falls behind, but never stops."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._calm.wait()
