"""Everything that one worker process does at the same time."""

import asyncio

from upshot.services.ramps import RampKeeper
from upshot.services.worker import Worker


class Crew:
    """The queue's worker and the ramps' keeper."""

    def __init__(self, worker: Worker, keeper: RampKeeper) -> None:
        self._worker = worker
        self._keeper = keeper

    async def run(self, stop: asyncio.Event, *, until_empty: bool = False) -> None:
        """Work until ``stop`` is set. ``until_empty``: the queue once to its end, the ramps once."""
        if until_empty:
            await self._worker.run(stop, until_empty=True)
            await self._keeper.round()
            return
        async with asyncio.TaskGroup() as group:
            keeper = group.create_task(self._keeper.run(stop))
            await self._worker.run(stop)
            keeper.cancel()
